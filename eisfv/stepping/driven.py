"""What drives the steps of a protocol step, as the integrators see it."""

from collections.abc import Callable
from typing import NamedTuple

from eisfv.solve.stage_records import Source
from eisfv.stepping.smooth_drive import SmoothDrive
from eisfv.stepping.step_size import straight


class Driven(NamedTuple):
    """What the source does: `at` a time since the protocol step began (s), and `between` two corners as compiled code
    reads it; its extreme value in the protocol step, scaled as both."""

    at: Callable[[float], Source]
    between: Callable[[float, float], SmoothDrive]
    extreme: float

    def resolved(self, offset: float, h: float, tolerance: float) -> float:
        """Return the step size, halved until the drive within the step is a straight line but for the tolerance."""
        start = self.at(offset).value
        while not straight(start, self.at(offset + 0.5 * h).value, self.at(offset + h).value, tolerance, self.extreme):
            h *= 0.5
        return h
