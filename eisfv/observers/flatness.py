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

    F eps sum |z| n k / h,    n the amounts (mol) that the device holds:

the charge that bends the potential is a difference of amounts, and a step h behind a corner may be a picosecond. What
follows from a level, n(eta - z phi), is known to as many eps of itself as these have RT: k = 1 + |eta| + |phi|; of
other amounts k = 1.
A rate is a sum of amounts, each known to eps/2: over h it carries

    TR-BDF2                  (2 - g)/(1 - g) [1 + (1 + (1 - g)^2)/(g (2 - g))] = 8.2
    differences of order k   sum_(j <= k) 2^j/j = 2, 4, 6.7, 10.7, 17

halves of eps, the latter of equal steps.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eisfv.constants import ELEMENTARY_CHARGE, FARADAY
from eisfv.device.build import Built
from eisfv.device.conductivities import bulk_conductivity
from eisfv.device.current_test_function import falls_within
from eisfv.device.tables import Floats
from eisfv.equations.unknowns import POTENTIAL, of_species, species
from eisfv.kernel import allocating
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.tr_bdf2 import GAMMA

EPS = float(np.finfo(float).eps)
# From here on the current that is reported is in doubt in the digits that people read.
FLAT = 1e-3
# A region that is off the imposed current by more than half of it, or of the largest of its carriers, breaks the drive:
# below that the run goes on, and its warning says how far it is in doubt.
BROKEN = 0.5
STAGED = float((2.0 - GAMMA) / (1.0 - GAMMA) * (1.0 + (1.0 + (1.0 - GAMMA) ** 2) / (GAMMA * (2.0 - GAMMA))))


class Look(NamedTuple):
    """What a step ends with. carried: currents (regions that have one, carriers) in A, the displacement is last;
    largest: of potentials and levels, RT/F; charges: the sum of |z| n k, mol."""

    carried: Floats
    largest: float
    charges: float


class Flatness(Onlooker):
    """Largest spread of the regions' currents so far."""

    def __init__(self, built: Built) -> None:
        t = built.tables
        self.charge = t.charge.astype(float)
        self.level = species(t.follow, t)[t.region] != 0.0  # (cells, species)
        shares = [falls_within(built.mesh, r) for r in range(len(t.permittivity))]
        self.regions = [name for name, share in zip(built.mesh.regions, shares, strict=False) if share is not None]
        self.share = np.array([share for share in shares if share is not None]).reshape(-1, len(t.left))
        self.volt, region = built.thermal_voltage, built.mesh.region[t.left]
        faces = np.abs(self.share) * t.aspect
        self.conductance = faces @ bulk_conductivity(built.device)[region]
        self.capacitance = faces @ t.permittivity[region] * FARADAY / self.volt
        # largest spread, the same beyond rounding, largest current: A
        self.spread, self.beyond, self.peak = 0.0, 0.0, 0.0
        self.lost = np.zeros(len(self.regions))  # of the charge of `broken`, since it was taken up, C

    def accept(self, accepted: Accepted) -> None:
        # An Euler step off a corner of the drive carries the jump of the displacement: it sets no scale.
        if accepted.corner or not self.regions:
            return
        look = self.look(accepted)
        rounding, uncounted = self.roundings(accepted, look)
        carried = look.carried.tolist()
        currents = [sum(row) for row in carried]
        highest, lowest = max(currents), min(currents)
        self.spread = max(self.spread, highest - lowest)
        self.beyond = max(self.beyond, highest - lowest - 2.0 * float(rounding.min()) - uncounted)
        self.peak = max(self.peak, highest, -lowest, *(abs(part) for row in carried for part in row))

    def look(self, accepted: Accepted) -> Look:
        """Return what a step ends with."""
        end = accepted.end
        return Look(
            *through_regions(
                self.share,
                end.flow,
                self.charge,
                end.displacement_rate,
                end.at.u,
                self.level,
                end.stored,
                end.ledger.base,
            )
        )

    def roundings(self, accepted: Accepted, look: Look) -> tuple[Floats, float]:
        """Return what the rounding of potentials and levels drives through each region, A, and the current (A) that
        that of the amounts makes in a step."""
        rate = halves(accepted) * EPS / 2.0 / accepted.h
        driven = self.volt * look.largest * (EPS * self.conductance + rate * self.capacitance)
        return driven, rate * FARADAY * look.charges

    def broken(self, accepted: Accepted) -> str:
        """Return how the regions break the terminal current of a row, in words; "" where all of them carry it.

        Where carriers cancel each other, as in a host that discharges itself, theirs is the size that counts. A step
        off a corner is not judged: the first one of a run carries what the start has left to relax.

        The charge that a region has not been given so far, sum (I_r - I) h over the rows, must be one at all: a
        carrier, and more than the rounding eps F sum |z| n k of all that the device holds. Of a rounding of the field,
        eps F n for each RT that a potential has moved, the next step gives back what one has taken; in a picosecond it
        is more than a small current. A leak adds up, however small the device.
        """
        if accepted.corner or not self.regions:
            return ""
        imposed = FARADAY * accepted.end.current
        look = self.look(accepted)
        currents = look.carried.sum(axis=1)
        self.lost += (currents - imposed) * accepted.h
        if np.abs(currents - imposed).max() <= BROKEN * abs(imposed):
            return ""
        off = np.abs(currents - imposed) - sum(self.roundings(accepted, look))
        off[np.abs(self.lost) <= max(ELEMENTARY_CHARGE, EPS * FARADAY * look.charges)] = 0.0
        worst = int(off.argmax())
        if off[worst] <= BROKEN * max(abs(imposed), float(np.abs(look.carried).max())):
            return ""
        return f"{self.regions[worst]} would carry {currents[worst]:.3g} A of the {imposed:.3g} A that are imposed"

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
    return STAGED if accepted.middle is not None else of_differences(len(accepted.before) + 1)


@cache
def of_differences(order: int) -> float:
    """Return `halves` of a step of backward differences."""
    return sum(2.0**j / j for j in range(1, order + 1))


@allocating
def through_regions(
    share: Floats,
    flow: Floats,
    charge: Floats,
    displacement: Floats,
    u: Floats,
    level: NDArray[np.bool_],
    stored: Floats,
    base: Floats,
) -> tuple[Floats, float, float]:
    """Return the currents of every region (A), by species and last the displacement, of the flows (faces, unknowns)
    through the faces (mol/s), the largest size of u (cells, unknowns) and the sum of |z| n k (mol) over stored and base
    (cells, species), level where it is one that is the unknown: a run asks at every step."""
    regions, faces = share.shape
    out = np.zeros((regions, charge.size + 1))
    for r in range(regions):
        for f in range(faces):
            if share[r, f] != 0.0:
                weight = FARADAY * share[r, f]
                for s in range(charge.size):
                    out[r, s] += weight * charge[s] * flow[f, of_species(s)]
                out[r, charge.size] += weight * displacement[f]
    largest = charges = 0.0
    for i in range(u.shape[0]):
        for m in range(u.shape[1]):
            largest = max(largest, abs(u[i, m]))
        for s in range(charge.size):
            known = 1.0 + abs(u[i, of_species(s)]) + abs(u[i, POTENTIAL]) if level[i, s] else 1.0
            charges += abs(charge[s]) * (abs(stored[i, s]) + abs(base[i, s])) * known
    return out, largest, charges
