"""What a user should know, as a warning at the line of his own that led to it."""

import sys
import warnings

from eisfv.errors import EisfvWarning


def warn(line: str) -> None:
    """Warn of a line."""
    frame, count = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("eisfv."):
        frame, count = frame.f_back, count + 1
    warnings.warn(line, EisfvWarning, stacklevel=count)
