"""One implicit stage: damped Newton on the cells and the gate voltage together.

The gate voltage borders the block matrix A of the cells:

    A du + column dV = -R,      I + row . du = I_source    (or the same for the voltage behind a resistance)

and is eliminated with a second right-hand side: du = A^-1 (-R) + dV (move - answer), where potentials and levels
(`eisfv.equations.unknowns`) follow the gate along the test function of the terminal current, `move`, and `answer` is
what the rows have to say against that. So held apart, the common rise of a good conductor takes no digits from the
differences that drive its electrons.

A factorisation is kept as long as the iteration contracts well. How well it does is measured from the second iteration
on; of the first, how far the compositions have gone since the matrix was made says what to expect. What the stage
returns as stored amounts is the LINEARISED q = q(u_k) + C du of the last update, with the C of the factored matrix: it
satisfies the balances to the rounding of the linear solve whatever Newton's tolerance; what that rounding makes of the
sum of an ion is given back (`eisfv.equations.enclosed`), so ions are conserved to round-off.

On several processes each assembles its rows; the state, and every number that decides, are the same on all.
"""

import numpy as np

from eisfv.device.tables import Floats, Tables
from eisfv.equations.enclosed import enclosures, keep_sums
from eisfv.equations.held_nodes import hold, hold_slopes
from eisfv.equations.joined_nodes import ease_joints
from eisfv.equations.linearised import (
    add_shift_of_drops,
    carried_flow,
    combine,
    new_blocks,
    remainder,
    shifted,
    stored_change,
)
from eisfv.solve.assembled import Assembled
from eisfv.solve.convergence import CONTRACTION_KEPT, RUN_AWAY, RUNS, amounts_left, converged, of_gate, progress
from eisfv.solve.linear import LinearSolver
from eisfv.solve.no_amount import bring_back
from eisfv.solve.ranks import ALONE, Ranks
from eisfv.solve.stage_records import Iterate, Known, Source, Stage
from eisfv.solve.update import (
    DAMPED_FROM,
    DAMPED_MAX,
    PATIENCE,
    SHORT_MAX,
    apply_update,
    damped,
    has_plateau,
    moved_since,
    present_unknowns,
    short_updates,
)

ITERATIONS_MAX = 25
ITERATIONS_CORNER = 100  # where the drive has jumped, the start value may be far
NEAR = 0.1  # RT: so near its end an iteration by chords goes on by slopes
UNANSWERED = "no current answers the voltage of the gate any more"


class Newton(Assembled):
    """The implicit stages of one device, with the work arrays and the last factorisation."""

    def __init__(self, tables: Tables, linear: LinearSolver, tolerance: float, ranks: Ranks = ALONE) -> None:
        super().__init__(tables, linear.part, ranks)
        self.linear, self.tolerance = linear, tolerance
        self.factored_dh = 0.0
        self.factored_at = np.zeros_like(self.system.residual)
        self.matrix = new_blocks(tables)
        self.storage = np.zeros_like(self.system.slopes.storage)
        self.answer, self.row, self.row_charge = np.zeros((3, *self.system.residual.shape))
        self.ease = 0.0
        self.enclosure = enclosures(tables)
        self.sums = np.zeros((2, 1 + self.enclosure.max(initial=-1)))
        self.present = present_unknowns(tables)
        self.short = short_updates(self.present)
        # How the unknowns move along with the gate.
        self.move = tables.test[:, None] * tables.follow[tables.region]

    def forget(self) -> None:
        """Drop the factorisation."""
        self.factored_dh = 0.0

    def factor(self, dh: float, source: Source, short: bool = False) -> bool:
        """Factor the matrix in the work arrays and keep what goes with it; short: as of `stage`."""
        self.counts.factorisations += 1
        slopes = self.system.slopes
        combine(self.t, self.slopes, 1.0, dh, self.matrix)
        felt = np.zeros_like(self.system.residual)
        if not given(source):
            felt = shifted(self.t, self.matrix, self.system.part)
            add_shift_of_drops(self.t, self.slopes, dh, self.system.part, felt)
        if short:
            hold_slopes(self.t, self.system.local, self.held, self.matrix, felt)
        if not self.linear.factor(self.matrix):
            return False
        self.factored_dh = dh
        np.copyto(self.storage, slopes.storage)
        np.copyto(self.row_charge, slopes.gate_charge)
        np.add(slopes.gate_current, self.row_charge / dh, out=self.row)
        if given(source):
            return True
        self.answer = self.refined(felt, self.linear.solve(felt))
        self.counts.solves += 1
        self.ease = self.over_all(np.vdot(self.row, self.answer) - np.vdot(self.row, self.move))
        return bool(np.isfinite(self.answer).all() and (self.ease != 0.0 or source.kind == "voltage"))

    def stage(
        self,
        start: Iterate,
        known: Known,
        dh: float,
        source: Source,
        iterations: int = ITERATIONS_MAX,
        short: bool = False,
    ) -> Stage:
        """Solve one implicit stage from a start value; of a drive that sets the voltage, its jump is seen from the
        start's. short: by updates that are, where others have run away."""
        u = start.u.copy()
        voltage = source.value if given(source) else start.voltage
        jump = abs(voltage - start.voltage)
        previous, fresh_needed = 0.0, self.factored_dh != dh
        worst, reason = (0, 0), ""
        iteration, share_made, last = 0, 1.0, u[:0]
        limits = self.short if short else self.present
        iterations = SHORT_MAX if short else iterations
        bring_back(self.t, u, limits)
        by_chords = short and not self.ranks.all(len(self.joined) == 0)
        most, asked, run, least, better = iterations, 0.0, 0, np.inf, 0
        while iteration < iterations and (iteration < most or iteration - better < PATIENCE):
            iteration += 1
            self.evaluate(Iterate(u, voltage), known, dh, fresh_needed)
            if not self.ranks.all(self.rows_are_finite()):
                reason = "its balance is not a finite number"
                break
            if short:
                hold(self.t, u, self.system.local, self.held, self.system.residual)
            if fresh_needed:
                self.factored_at[:] = u
                if by_chords:
                    ease_joints(self.t, u, self.joined, self.work)
                if not self.factor(dh, source, short):
                    unanswered = self.factored_dh == dh and self.ease == 0.0 and not given(source)
                    reason = UNANSWERED if unanswered else self.linear.reason
                    break
            update = self.linear.solve(-self.system.residual)
            self.counts.solves += 1
            change = self.border(update, voltage, known.charge, dh, source)
            if iteration == DAMPED_FROM and (short or has_plateau(self.t)):
                last, iterations = np.zeros_like(u), max(iterations, DAMPED_MAX)
            if len(last):
                share_made = damped(update, self.answer, self.move, change, last, share_made)
                change *= share_made
            size, at, share = apply_update(self.t, u, update, self.answer, change, limits, self.system.residual, jump)
            worst = (at // u.shape[1], at % u.shape[1])
            before, voltage = voltage, voltage + share * change
            held = size < 0.0
            limited = held or share_made < 1.0
            size = max(abs(size), of_gate(self.t, change))
            if not np.isfinite(size):
                reason = self.linear.reason
                break
            asked, run, least, better = progress(size / share_made, held, iteration, asked, run, least, better)
            if run == RUNS:
                reason = RUN_AWAY
                break
            if by_chords and not limited and size < NEAR:
                by_chords, fresh_needed, previous = False, True, size
                continue
            rate = size / previous if previous > 0.0 else moved_since(self.t, u, self.factored_at)
            ending = not limited and converged(size, previous, rate, fresh_needed, self.tolerance)
            left = amounts_left(self.t, u, self.factored_at, update, self.answer, change) if ending else 0.0
            if ending and left <= self.tolerance:
                return self.finish(Iterate(u, voltage), before, update, known, dh, source, iteration, worst)
            fresh_needed = limited or ending or (previous > 0.0 and rate > CONTRACTION_KEPT)
            previous = 0.0 if limited else size
        reason = reason or f"it still moved after {iteration} Newton iterations"
        return Stage(False, Iterate(u, voltage), known.stored, 0.0, 0.0, self.system.flow, iteration, worst, reason)

    def border(self, update: Floats, voltage: float, known_charge: float, dh: float, source: Source) -> float:
        """Return the change of the gate voltage that goes with an update of the cells."""
        if given(source):
            return 0.0
        current, moved = self.gate_current(update, known_charge, dh)
        if source.kind == "current":
            return (current + moved - source.value) / self.ease
        residual = voltage - source.value + source.resistance * (current + moved)
        return -residual / (1.0 - source.resistance * self.ease)

    def gate_current(self, update: Floats, known_charge: float, dh: float) -> tuple[float, float]:
        """Return the current into the gate at the iterate and its change by an update of the cells."""
        particles, charge = self.gate
        current = particles + (charge - known_charge) / dh
        return float(current), self.over_all(np.vdot(self.row, update))

    def refined(self, rhs: Floats, solution: Floats) -> Floats:
        """Return a solution after one step of refinement: what the stage returns carries its last rounding."""
        self.counts.solves += 1
        more = self.linear.solve(remainder(self.t, self.matrix, self.system.part, rhs, solution))
        return solution + more

    def finish(
        self,
        at: Iterate,
        before: float,
        update: Floats,
        known: Known,
        dh: float,
        source: Source,
        iterations: int,
        worst: tuple[int, int],
    ) -> Stage:
        """Return the stage with the amounts that the last linear solve, refined, conserved; before: the gate voltage at
        which it was asked for."""
        system = self.system
        update = self.refined(-system.residual, update)
        change = self.border(update, before, known.charge, dh, source)
        rest = update - change * self.answer
        current, moved = self.gate_current(update, known.charge, dh)
        stored = np.empty_like(system.stored)
        stored_change(self.storage, rest, stored)
        stored += system.stored
        keep_sums(self.enclosure, self.sums, self.storage, known.stored, stored)
        displaced = np.vdot(self.row_charge, rest) + change * np.vdot(self.row_charge, self.move)
        flow = carried_flow(self.t, self.slopes, system.part, system.flow, rest, change)
        flow = self.ranks.joined(flow[system.part.first_own : system.part.last_own])
        charge, current = float(self.gate[1]) + self.over_all(displaced), current + moved - self.ease * change
        return Stage(True, at, stored, charge, current, flow, iterations, worst)


def given(source: Source) -> bool:
    """Return whether the drive sets the gate voltage itself."""
    return source.kind == "voltage" and source.resistance == 0.0
