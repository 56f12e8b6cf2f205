"""Is the total current the same through every region? The conservation law that nothing in the solver imposes.

The current of a region is the mean over its thickness of F sum z N + dD/dt, from the fluxes evaluated at the accepted state;
the rate of D follows the scheme's own recurrence, as the stored amounts do. Their spread over the regions measures what
Newton left over and rounding; it is reported against the largest current of the run.
"""

from collections.abc import Mapping

import numpy as np

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.observers.records import Entry
from eisfv.stepping.integrate import Accepted
from eisfv.stepping.tr_bdf2 import FROM_STAGE, FROM_START, WEIGHT


class Flatness:
    """Largest spread of the regions' currents so far."""

    def __init__(self, built: Built) -> None:
        t = built.tables
        self.charge = t.charge.astype(float)
        self.left, self.right = t.left, t.right
        region = t.region[t.left]
        inside = t.distance > 0.0
        self.ease = np.where(inside, t.permittivity[region] * t.shape, 0.0)
        self.share = np.zeros((len(t.permittivity), len(t.left)))
        for r in range(len(t.permittivity)):
            of = inside & (region == r)
            self.share[r, of] = t.distance[of] / t.distance[of].sum()
        self.rate = np.zeros(len(t.left))
        self.spread, self.peak = 0.0, 0.0

    def displacement(self, u: Floats) -> Floats:
        """Return the displacement flux (mol) through every face inside a region."""
        return np.asarray(self.ease * (u[self.left, 0] - u[self.right, 0]))

    def accept(self, accepted: Accepted, flow: Floats) -> Floats:
        """Return the currents (regions) in A at the end of a step from the flows (faces, 1 + species) there."""
        start, middle, end = accepted
        h = end.time - start.time
        before, after = self.displacement(start.at.u), self.displacement(end.at.u)
        if middle is None:
            self.rate = (after - before) / h
        else:
            between = self.displacement(middle.at.u)
            self.rate = (after - FROM_STAGE * between + FROM_START * before) / (WEIGHT * h)
        currents = FARADAY * (self.share @ (flow[:, 1:] @ self.charge + self.rate))
        # An Euler step off a corner of the drive carries the jump of the displacement: it sets no scale.
        if middle is not None:
            self.spread = max(self.spread, float(currents.max() - currents.min()))
            self.peak = max(self.peak, float(np.abs(currents).max()))
        return np.asarray(currents)

    @property
    def relative(self) -> float:
        """Return the largest spread over the largest current."""
        return self.spread / self.peak if self.peak > 0.0 else 0.0

    def save(self) -> Mapping[str, Entry]:
        return {"flatness spread": self.spread, "flatness peak": self.peak}

    def restore(self, saved: Mapping[str, Entry]) -> None:
        self.spread, self.peak = float(saved["flatness spread"]), float(saved["flatness peak"])  # type: ignore[arg-type]
