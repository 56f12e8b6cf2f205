"""The state at the start: every region at its composition, the space charge at every interface relaxed.

In each region the electrochemical potential of every species that stores charge is the one of its neutral bulk; the
potential then solves Poisson's equation with the concentrations that follow, and electrons without storage carry
their steady leakage. Two hosts of different composition stay at their open-circuit voltage.
"""

from typing import NamedTuple

import numpy as np

from eisfv.device.build import Built
from eisfv.device.tables import Floats, Ints
from eisfv.equations.assemble import assemble
from eisfv.equations.linearised import combine, linearised_handle, new_blocks
from eisfv.equations.system import new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import POTENTIAL, electrochemical, of_species, unknowns
from eisfv.physics.statistics import ABSENT, stored_where
from eisfv.solve.bulk_levels import bulk_levels
from eisfv.solve.convergence import CONTRACTION_KEPT, HALVED, RUNAWAY, RUNS
from eisfv.solve.errors import EquilibriumError
from eisfv.solve.linear import LinearSolver
from eisfv.solve.stage_records import Iterate
from eisfv.solve.update import DAMPED_MAX, apply_update, present_unknowns

TOLERANCE = 1e-11
# After an update this small (RT) the factors it came from serve on, as long as the updates shrink by CONTRACTION_KEPT.
SMALL = 1e-2


class Pace(NamedTuple):
    """How far one iteration may go: `whole` bounds the largest entry of the update, which is shortened as one vector,
    `each` every entry by itself, in RT and RT/F; None for the limits of any Newton iteration."""

    iterations: int
    whole: float | None = None
    each: float | None = None


# A plain Newton first; where it runs away, steps so short that the exponentials are nearly linear. Over a steep step of
# U(x) it leaps to and fro: a table that falls by 450 mV between two plateaus starts from every composition with 0.2 RT
# an iteration, from a third of them with 0.5. A volt then takes 200 iterations. An update that turns back on the one
# before is halved, so that no leap between two sides of a kink goes on for ever.
LEAST_SHARE = 1e-3
PACES = (Pace(200), Pace(600, whole=1.0), Pace(2000, each=1.0), Pace(2000, each=0.2))


class Course:
    """How the updates of one relaxation at a short pace go, to give it up where nothing comes nearer.

    It runs away where the updates grow without a break, by as much in all as those of any Newton iteration that does
    (`eisfv.solve.convergence`): beyond the end of a lattice each asks for e^p times as much as the one before, p being
    how far the pace lets an iteration go. It is stuck where no update is less than half of all before while it could
    have gone all the way that the least of them asked for, and then as long as any damped iteration may take.

    Nothing is known of the plain pace: its updates may grow to 1e16 RT, leap about for more than a hundred iterations
    and then come near.
    """

    def __init__(self, pace: Pace) -> None:
        self.reach = pace.whole or pace.each or np.inf
        self.iteration = self.nearest = self.growing = 0
        self.before, self.begun, self.least = np.inf, 1.0, np.inf

    def lost(self, asked: float) -> bool:
        """Note the next update as it was asked for (RT), not as it was shortened; return whether to give up."""
        self.iteration += 1
        self.growing, self.begun = (self.growing + 1, self.begun) if asked > self.before else (0, max(asked, 1.0))
        self.before = asked
        if asked < HALVED * self.least:
            self.least, self.nearest = asked, self.iteration
        away = self.growing >= RUNS and asked > RUNAWAY**RUNS * self.begun
        stuck = self.iteration - self.nearest > (DAMPED_MAX + self.least) / self.reach
        return self.reach < np.inf and (away or stuck)


def equilibrium(built: Built, linear: LinearSolver, paces: tuple[Pace, ...] = PACES) -> Iterate:
    """Return the relaxed initial state and the gate voltage (RT/F); EquilibriumError where Newton fails at every
    pace."""
    t = built.tables
    levels, phi, gate = bulk_levels(built)
    start = unknowns(t, t.region, phi[t.region], np.where(t.kind[t.region] == ABSENT, 0.0, built.bulk[t.region]))
    start_leakage(built, start, levels)
    reasons = []
    for pace in paces:
        u = start.copy()
        reason = relax(built, linear, u, levels, gate, pace)
        if reason is None:
            return Iterate(u, gate)
        reasons.append(reason)
    raise EquilibriumError(f"the initial state did not converge: {reasons[0]}")


def relax(built: Built, linear: LinearSolver, u: Floats, levels: Floats, gate: float, pace: Pace) -> str | None:
    """Move u to the relaxed state at a pace; return None, or why it could not be reached."""
    t, covered = built.tables, coverages(built)
    system = new_system(t, linear.part)
    tables, work, slopes = tables_handle(t), system_handle(system), linearised_handle(system.slopes)
    matrix = new_blocks(t)
    limits = present_unknowns(t)
    if pace.each is not None:
        limits = np.where(np.isinf(limits), limits, np.minimum(limits, pace.each))
    stores = stored_where(t.kind[t.region])
    none = np.zeros_like(system.stored)
    fresh, before = True, np.inf
    share, last, course = 1.0, np.zeros_like(u), Course(pace)
    for _ in range(pace.iterations):
        assemble(tables, u, np.array([gate, 0.0]), none, 1.0, fresh, work)
        if fresh:
            combine(tables, slopes, 1.0, 1.0, matrix)
        level = electrochemical(t, u, system.local.mu)
        for s in range(len(t.charge)):
            rows, row = np.flatnonzero(stores[:, s]), of_species(s)
            system.residual[rows, row] = level[rows, s] - levels[t.region[rows], s]
            leveled = t.follow[t.region[rows], row] != 0.0
            matrix.diagonal[rows, row, :] = np.where(leveled[:, None], 0.0, system.local.d_mu[rows, s])
            matrix.diagonal[rows, row, row] += 1.0
            matrix.diagonal[rows, row, POTENTIAL] += t.charge[s] - t.follow[t.region[rows], row]
            matrix.upper[stores[t.left, s], row, :] = 0.0
            matrix.lower[stores[t.right, s], row, :] = 0.0
        for cells, s, y in covered:  # what a plane has adsorbed waits, whatever the potential
            system.residual[cells, of_species(s)] = u[cells, of_species(s)] - y
            matrix.diagonal[cells, of_species(s), :] = 0.0
            matrix.diagonal[cells, of_species(s), of_species(s)] = 1.0
        if fresh and not linear.factor(matrix):
            return linear.reason
        update = linear.solve(-system.residual)
        if pace != PACES[0]:
            share = max(0.5 * share, LEAST_SHARE) if float(np.vdot(update, last)) < 0.0 else min(1.2 * share, 1.0)
            last = update.copy()
            update *= share
        made = share
        if pace.whole is not None:
            shortened = min(1.0, pace.whole / max(float(np.abs(update).max()), pace.whole))
            update *= shortened
            made *= shortened
        size, _, _ = apply_update(tables, u, update, np.zeros_like(u), 0.0, limits, system.residual, 0.0)
        if not np.isfinite(size):
            return linear.reason
        if 0.0 <= size < TOLERANCE * share * max(1.0, float(np.abs(u).max())):
            return None
        if course.lost(abs(size) / made):
            break
        fresh = not 0.0 <= size < min(SMALL, CONTRACTION_KEPT * before)
        before = size
    return "the space charge at an interface could not be relaxed"


def coverages(built: Built) -> list[tuple[Ints, int, float]]:
    """Return the cells of every plane, each species that it adsorbs and its y at the start."""
    first = len(built.device.regions)
    return [
        (np.flatnonzero(built.tables.region == row), built.number(name), float(built.bulk[row, built.number(name)]))
        for row, plane in enumerate(built.planes, first)
        for name in plane.sites
    ]


def start_leakage(built: Built, u: Floats, levels: Floats) -> None:
    """Put the electrons of ohmic regions at a level between their neighbours', so that Newton starts near."""
    t = built.tables
    s = int(t.electron[0])
    if s < 0:
        return
    stored = stored_where(t.kind[:, s])
    if not stored.any():
        return
    mean = float(levels[stored, s].mean())
    ohmic = ~stored[t.region] & (t.kind[t.region, s] != ABSENT)
    follow = t.follow[t.region[ohmic], of_species(s)]
    u[ohmic, of_species(s)] = mean - (t.charge[s] - follow) * u[ohmic, POTENTIAL]
