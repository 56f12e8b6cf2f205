"""What can be wrong with how a run is to be solved; the message is one line for the user."""

from eisfv.errors import EisfvError


class SetupError(EisfvError):
    """The linear solver, its options and the processes do not go together."""
