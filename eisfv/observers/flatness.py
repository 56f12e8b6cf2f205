"""Is the total current the same through every region? The conservation law that nothing in the solver imposes.

The current of a region is the sum of F sum z N + dD/dt over its faces, each weighted with the fall of a test function
that is 1 towards the gate, 0 towards the channel and falls in this region alone; in a stack, the mean over the
thickness. The flows are those that the balances carry; the rate of D follows the scheme's own recurrence, as the stored
amounts do. The spread over the regions is reported against the largest current of the run, of all carriers together or
of one alone: at open circuit that of the ions cancels that of the electrons, and what is left is rounding. A region
around which the current can pass has no such test function and is left out.

At rest nothing flows at all, and the largest current is rounding too. Potentials and levels are numbers of the size V,
known to eps V; through the face of a cell that drives, and in a step h charges, no less than

    (sigma + eps_r eps_0 / h) (A / d) eps V,    summed with the weights of a region

whatever Newton's tolerance. Of two currents each is known no better than the least of the regions' sums: twice that is
taken off their spread. So is

    F eps sum |z| n / h,    n the amounts (mol) that the device holds:

the charge that bends the potential is a difference of amounts, and a step h behind a corner may be a picosecond.
A rate is a sum of amounts, each known to eps/2: over h it carries

    TR-BDF2                  (2 - g)/(1 - g) [1 + (1 + (1 - g)^2)/(g (2 - g))] = 8.2
    differences of order k   sum_(j <= k) 2^j/j = 2, 4, 6.7, 10.7, 17

halves of eps, the latter of equal steps.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.conductivities import bulk_conductivity
from eisfv.device.current_test_function import falls_within
from eisfv.device.tables import Floats
from eisfv.equations.unknowns import species
from eisfv.kernel import allocating
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.tr_bdf2 import GAMMA

# From here on the current that is reported is in doubt in the digits that people read.
FLAT = 1e-3
# A region that is off the imposed current by more than half of it, or of the largest of its carriers, breaks the drive:
# below that the run goes on, and its warning says how far it is in doubt.
BROKEN = 0.5


class Flatness(Onlooker):
    """Largest spread of the regions' currents so far."""

    def __init__(self, built: Built) -> None:
        self.tables = t = built.tables
        self.charge = t.charge.astype(float)
        shares = [falls_within(built.mesh, r) for r in range(len(t.permittivity))]
        self.regions = [name for name, share in zip(built.mesh.regions, shares, strict=False) if share is not None]
        self.share = np.array([share for share in shares if share is not None]).reshape(-1, len(t.left))
        self.volt, region = built.thermal_voltage, built.mesh.region[t.left]
        faces = np.abs(self.share) * t.aspect
        self.conductance = faces @ bulk_conductivity(built.device)[region]
        self.capacitance = faces @ t.permittivity[region] * FARADAY / self.volt
        # largest spread, the same beyond rounding, largest current: A
        self.spread, self.beyond, self.peak = 0.0, 0.0, 0.0

    def accept(self, accepted: Accepted) -> None:
        carried = self.carried(accepted)
        currents = carried.sum(axis=1)
        # An Euler step off a corner of the drive carries the jump of the displacement: it sets no scale.
        if not accepted.corner and len(currents):
            spread = float(currents.max() - currents.min())
            self.spread, self.beyond = (
                max(self.spread, spread),
                max(self.beyond, spread - 2.0 * self.rounding(accepted).min() - self.uncounted(accepted)),
            )
            self.peak = max(self.peak, float(np.abs(currents).max()), float(np.abs(carried).max()))

    def rounding(self, accepted: Accepted) -> Floats:
        """Return what the rounding of potentials and levels drives through each region, A."""
        size = self.volt * float(np.abs(accepted.end.at.u).max())
        charging = halves(accepted) / 2.0 * self.capacitance / accepted.h
        return np.asarray(np.finfo(float).eps * size * (self.conductance + charging))

    def uncounted(self, accepted: Accepted) -> float:
        """Return the current (A) that the rounding of the amounts makes in a step."""
        amounts = np.abs(accepted.end.stored) + np.abs(accepted.end.ledger.base)
        known = np.finfo(float).eps / 2.0 * FARADAY * (amounts @ np.abs(self.charge)).sum()
        return float(halves(accepted) * known / accepted.h)

    def broken(self, accepted: Accepted) -> str:
        """Return how the regions break the terminal current of a row, in words; "" where all of them carry it.

        Where carriers cancel each other, as in a host that discharges itself, theirs is the size that counts. A step
        off a corner is not judged: the first one of a run carries what the start has left to relax.
        """
        if accepted.corner or not self.regions:
            return ""
        imposed = FARADAY * accepted.end.current
        currents = self.carried(accepted).sum(axis=1)
        off = np.abs(currents - imposed)
        if off.max() <= BROKEN * abs(imposed):
            return ""
        off -= self.uncounted(accepted) + self.rounding(accepted)
        worst = int(off.argmax())
        if off[worst] <= BROKEN * max(abs(imposed), float(np.abs(self.carried(accepted)).max())):
            return ""
        return f"{self.regions[worst]} would carry {currents[worst]:.3g} A of the {imposed:.3g} A that are imposed"

    def carried(self, accepted: Accepted) -> Floats:
        """Return the currents (regions that have one, carriers) in A at the end of a step; the displacement is last."""
        end = accepted.end
        flow = species(end.flow, self.tables)
        return np.asarray(through_regions(self.share, flow, self.charge, end.displacement_rate))

    @property
    def relative(self) -> float:
        """Return the largest spread beyond rounding over the largest current."""
        return self.beyond / self.peak if self.peak > 0.0 else 0.0

    @property
    def doubt(self) -> str:
        """Return how far the currents are apart, in words."""
        return f"the current differs between the regions by {self.relative:.1e} of the largest one"

    def warnings(self) -> Iterator[str]:
        if self.relative > FLAT:
            yield f"{self.doubt}, so it is known no better; take a smaller solver.newton"

    def summary(self) -> Iterator[str]:
        if len(self.share) > 1:
            told = f"{self.relative:.1e} of the largest one" if self.beyond > 0.0 else "the rounding of its potentials"
            yield f"the current is the same through all regions to {told}"

    def save(self) -> Mapping[str, Entry]:
        return {"flatness spread": self.spread, "flatness beyond": self.beyond, "flatness peak": self.peak}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.spread, self.beyond, self.peak = (float(saved[f"flatness {key}"]) for key in ("spread", "beyond", "peak"))

    def statistics(self) -> Mapping[str, object]:
        return {"current_flatness": self.relative}


def halves(accepted: Accepted) -> float:
    """Return the sum of the sizes of a rate's coefficients times h: the roundings that it carries, in halves of eps."""
    if accepted.middle is not None:
        return float((2.0 - GAMMA) / (1.0 - GAMMA) * (1.0 + (1.0 + (1.0 - GAMMA) ** 2) / (GAMMA * (2.0 - GAMMA))))
    return sum(2.0**j / j for j in range(1, len(accepted.before) + 2))


@allocating
def through_regions(share: Floats, flow: Floats, charge: Floats, displacement: Floats) -> Floats:
    """Return the currents of every region (A), by species and last the displacement, of the faces' flows (mol/s): a
    run asks at every step."""
    regions, faces = share.shape
    out = np.zeros((regions, charge.size + 1))
    for r in range(regions):
        for f in range(faces):
            if share[r, f] != 0.0:
                weight = FARADAY * share[r, f]
                for s in range(charge.size):
                    out[r, s] += weight * charge[s] * flow[f, s]
                out[r, charge.size] += weight * displacement[f]
    return out
