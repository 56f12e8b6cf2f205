"""The time steps of a run, for another one that is to take the same.

What a row of backward differences leaves as an error depends on where it doubles its steps: of two runs that differ in
their cells alone one leaves thirty times the other's. What another mesh tells of the time steps of a run it tells of
those it is given.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eisfv.device.tables import Floats

NEAR = 0.5  # of a step: an end that is closer is passed over


class Path(NamedTuple):
    """The accepted steps of one protocol step: where they end (s since it began), and their orders."""

    ends: Floats
    orders: NDArray[np.int8]

    def ahead(self, offset: float) -> tuple[float, int] | None:
        """Return size (s) and order of the step to take from an offset, None behind the last."""
        k = int(np.searchsorted(self.ends, offset, side="right"))
        if k == len(self.ends):
            return None
        own = self.ends[k] - (self.ends[k - 1] if k else 0.0)
        if k + 1 < len(self.ends) and self.ends[k] - offset < NEAR * own:
            k += 1
        return float(self.ends[k] - offset), int(self.orders[k])
