"""How the compact model refuses."""

from eisfv.errors import EisfvError


class UnsupportedError(EisfvError, ValueError):
    """The compact model has no place for what a case states; the text is the reason."""
