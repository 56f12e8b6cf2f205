"""The mesh of a stack or a section, and the tolerance of its time steps, from cheap runs on coarse meshes.

1. Three pilots over every block once, each on every second face of what the one before asks for, the first two at a
   loose tolerance.
2. The third with one region, or the lines of one direction, on every fourth face: a difference d over 12 is the error
   to expect of this region on all its n_0 faces, e = d/12 (n_0/n)^2. The fewest cells for an error are those with
   n^3 ~ d n_0^2 in every region, n^2 ~ d n_0^2 in both directions.
3. On every fourth face at tolerances apart by eight, until two of them tell errors on both sides of what is asked for.
4. Pilots on every second and every fourth face of the mesh that is chosen, over short blocks: where their difference
   tells more than is asked for, or far less, N is corrected. One on every fourth face at an eighth of the tolerance
   corrects T. What of them the companions of the run drive (`eisfv.running.companion`) is not driven again.

Several cases of one shape get one mesh: the largest indicator and error, the smallest tolerance.
"""

import time as clock
from collections.abc import Sequence
from dataclasses import replace
from math import inf, log

import numpy as np

from eisfv.case.case import Case
from eisfv.device.section_geometry import BoxSection
from eisfv.device.tables import Floats
from eisfv.errors import FAILED, EisfvError
from eisfv.mesh.equidistribution import Layer
from eisfv.model.solver_options import SolverOptions
from eisfv.running.choice import Choice, Companions, options_for
from eisfv.running.flown import Flown, Pair, apart, size
from eisfv.running.following import Follower, TooManyStepsError
from eisfv.running.numerical_error import FOURFOLD, TIGHTER, time_share
from eisfv.running.parts import parts_of
from eisfv.running.pilot_protocol import BRIEF, SHORT, all_driven, pilot_protocol
from eisfv.simulation import SolverError
from eisfv.solve.errors import EquilibriumError, SetupError
from eisfv.solve.ranks import ALONE

MARGIN = 1.1
MESH_PART, TIME_PART = 0.4, 0.5  # of `mesh.error`: coarse meshes may tell half the error
LOOSEST = 8.0  # times the tolerance, of the first two
MISSED = 1.5  # of the target: from here on more cells are worth the two pilots that try them, and
SPARE = 0.6  # below this share of it fewer
FULL = 0.999  # of the most cells
TIGHTEST = 1e-6
STEPS_EACH, STEPS_FREE = 1200, 12000  # accepted, refused and cut steps of a pilot before it is given up


class PilotError(EisfvError):
    """A pilot of a case found no solution in reasonable time."""

    exit_code = FAILED

    def __init__(self, message: str, case: Case) -> None:
        super().__init__(message)
        self.case = case


class Pilots:
    """The pilots of cases that share a shape, their [mesh] and [solver].

    options   those of the run, without its tolerance where that is to be chosen
    measures  whether the runs make the measures of their cases
    """

    def __init__(self, cases: Sequence[Case], options: SolverOptions, *, measures: bool = True) -> None:
        self.cases, self.device = cases, cases[0].device
        self.protocols = [all_driven(case) if measures else case.protocol for case in cases]
        # On one process, whatever solves the run.
        self.options = replace(options, linear="auto", petsc="")
        self.section = isinstance(self.device.section, BoxSection)
        self.parts = parts_of(self.device)
        self.free = self.parts.free
        self.count = 0

    def run(self, sizes: Sequence[Floats], tolerance: float, longest: int, indicated: bool = False) -> list[Flown]:
        """Return what a pilot of each case on these cells has seen. longest: `pilot_protocol`. Raises PilotError."""
        self.count += 1
        options, out = replace(self.options, tolerance=tolerance), []
        for case, whole in zip(self.cases, self.protocols, strict=True):
            protocol = pilot_protocol(whole, longest)
            follower = Follower(case, ALONE, STEPS_EACH * len(protocol) + STEPS_FREE)
            try:
                out.append(Flown(*follower.on(sizes, options, protocol, indicated)))
            except (SolverError, SetupError, EquilibriumError, TooManyStepsError) as error:
                raise PilotError(str(error), case) from error
        return out

    def layers(
        self, sizes: Sequence[Floats], tolerance: float, longest: int
    ) -> tuple[list[Sequence[Layer]], list[Flown]]:
        """Return what the cells of every part are chosen from, and what the pilots have seen. Raises PilotError."""
        flown = self.run(sizes, tolerance, longest, indicated=True)
        return self.parts.layers([each.indicator for each in flown if each.indicator is not None]), flown

    def half(self, sizes: Sequence[Floats], parts: Sequence[int] | None = None) -> list[Floats]:
        """Return the cells between every second face of some parts, of all that are free to choose."""
        return self.parts.half(sizes, self.free if parts is None else parts)

    def choose(self) -> Choice:
        """Return the mesh and the tolerance. Raises PilotError."""
        start = clock.monotonic()
        mesh, target = self.device.mesh, MESH_PART * self.device.mesh.error
        tolerance = self.options.step_tolerance
        loose = min(LOOSEST * tolerance, max(0.5, tolerance))
        sizes = self.parts.start()
        for _ in range(2):
            sizes = self.half(self.parts.even(self.layers(sizes, loose, BRIEF)[0]))
        layers, half = self.layers(sizes, tolerance, BRIEF)
        errors = [apart(half, self.run(self.half(sizes, [k]), tolerance, BRIEF)) / FOURFOLD for k in self.free]
        pilot_cells = np.array([len(sizes[k]) for k in self.free], float)
        if self.options.tolerance is None:
            tolerance = self.tightened(self.half(sizes), TIME_PART * mesh.error)
        guess = self.parts.fewest(errors, 2.0 * pilot_cells, target)
        final, pair, expected = self.settled(layers, guess, self.parts.least(pilot_cells), tolerance, target)
        tolerance, (fine, coarse, tight) = self.in_time(final, pair, tolerance)
        wall = clock.monotonic() - start
        known = self.companions(fine, coarse, tight)
        return Choice(tuple(final), tolerance, self.count, expected, wall, known, self.section)

    def companions(self, *flown: Sequence[Flown]) -> Companions | None:
        """Return what the last pilots say of the run itself, where it is the only one and nothing else is driven."""
        driven = pilot_protocol(self.cases[0].protocol, SHORT)
        own = len(self.cases) == 1 and pilot_protocol(self.protocols[0], SHORT) == driven
        fine, coarse, tight = (each[0].followed for each in flown)
        return Companions(driven, fine, coarse, tight) if own and not self.device.mesh.cells else None

    def settled(
        self, layers: Sequence[Sequence[Layer]], guess: Floats, least: Floats, tolerance: float, target: float
    ) -> tuple[list[Floats], Pair, float]:
        """Return `tried` for the cells that leave an error, at least so many. Raises PilotError."""
        most = self.device.mesh.most_cells(section=self.section)
        cells = self.parts.within(np.maximum(guess, least))
        found = self.tried(layers, cells, tolerance)
        expected = found[2]
        if (expected > MISSED * target and self.parts.total(cells) < FULL * most) or expected < SPARE * target:
            corrected = np.maximum(MARGIN * cells * np.sqrt(expected / target), least)
            found = self.tried(layers, self.parts.within(corrected), tolerance)
        return found

    def tightened(self, sizes: Sequence[Floats], target: float) -> float:
        """Return the tolerance that leaves an error of the time steps. Raises PilotError."""
        tolerance, before = self.options.step_tolerance, inf
        own = self.run(sizes, tolerance, BRIEF)
        while True:
            tight = self.run(sizes, tolerance / TIGHTER, BRIEF)
            found = time_share(TIGHTER) * size(apart(own, tight))
            if found <= target or tolerance <= TIGHTEST:
                break
            tolerance, own, before = tolerance / TIGHTER, tight, found
        if before == inf or found > target:
            return tolerance
        # Between the last two, on a line of the logarithms.
        found = max(found, 1e-3 * target)
        return float(tolerance * TIGHTER ** (log(target / found) / log(before / found)))

    def in_time(
        self, final: Sequence[Floats], pair: Pair, tolerance: float
    ) -> tuple[float, tuple[list[Flown], list[Flown], list[Flown]]]:
        """Return the tolerance, an eighth of it where the time steps of more of the protocol leave more than is asked
        for, and what pilots have seen at it, and on every fourth face at an eighth of it. Raises PilotError."""
        quarter = self.half(self.half(final))
        fine, coarse = pair
        tight = self.run(quarter, tolerance / TIGHTER, SHORT)
        found = time_share(TIGHTER) * size(apart(coarse, tight))
        if found > self.device.mesh.error and self.options.tolerance is None and tolerance > TIGHTEST:
            tolerance /= TIGHTER
            fine, coarse = self.run(self.half(final), tolerance, SHORT), tight
            tight = self.run(quarter, tolerance / TIGHTER, SHORT)
        return tolerance, (fine, coarse, tight)

    def tried(
        self, layers: Sequence[Sequence[Layer]], cells: Floats, tolerance: float
    ) -> tuple[list[Floats], Pair, float]:
        """Return a mesh of so many cells in the regions that are free to choose, what pilots have seen on every
        second and fourth face, and the error to expect. Raises PilotError."""
        final = self.parts.cut(layers, cells)
        half = self.half(final)
        fine, coarse = (self.run(sizes, tolerance, SHORT) for sizes in (half, self.half(half)))
        return final, (fine, coarse), size(apart(fine, coarse)) / FOURFOLD


def chosen_together(cases: Sequence[Case]) -> Choice | None:
    """Return what the pilots of cases of one shape choose, without those that fail; None where all do. They are of many
    runs, which make no measures."""
    left = list(cases)
    while left:
        try:
            return Pilots(left, options_for(left[0], 1), measures=False).choose()
        except PilotError as error:
            left = [case for case in left if case is not error.case]
    return None
