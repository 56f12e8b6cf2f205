"""Stretches in compiled code: what `eisfv.stepping.integrate` is to any device, for stacks and by backward differences.

Python sees accepted steps in batches of some milliseconds. Between two batches the run can be saved or stopped; what
goes on from there are the differences of the scheme, and where and with what weight the matrix was last factored.

Where no step is short enough, or none leaves a corner, one implicit Euler step is made as `eisfv.stepping.integrate`
makes it then, by other carriers of a film or by short updates, and a row of steps begins anew behind it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numba import typeof

from eisfv.device.tables import Floats
from eisfv.equations.system import new_system, system_handle
from eisfv.equations.unknowns import POTENTIAL, of_species, potential
from eisfv.model.solver_options import SolverOptions
from eisfv.solve.compiled_stage import REASONS, evaluate, factor
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Iterate
from eisfv.solve.stage_work import (
    CHARGE,
    CURRENT,
    FACTORED,
    FACTORISATIONS,
    RESIDUALS,
    SOLVES,
    VOLTAGE,
    new_stage_work,
    stage_handle,
)
from eisfv.stepping import bdf, differences
from eisfv.stepping import corner as corner_step
from eisfv.stepping.accepted import AT_CORNER, Accepted, Failure
from eisfv.stepping.batch import FAILED, GOING, new_batch, state_of
from eisfv.stepping.driven import Driven
from eisfv.stepping.error_scale import error_scale
from eisfv.stepping.integrate import Integrator, StepCounts
from eisfv.stepping.past_states import restored_past, saved_past
from eisfv.stepping.path import Path
from eisfv.stepping.smooth_drive import SmoothDrive, smooth_drive
from eisfv.stepping.state import State

BATCH = 32  # accepted steps at once
TOLERANCE, LARGEST = 0, 3  # places among the options of `bdf.advance`
ANY = 1e30  # a tolerance that refuses no step
SAVED = ("u", "stored", "displaced", "gate", "steps", "number", "tally", "alpha", "beta", "gamma", "sigma")


class CompiledIntegrator:
    """Steps of one stack under one set of options."""

    def __init__(self, newton: Newton, bulk: Floats, options: SolverOptions) -> None:
        self.newton, self.counts = newton, StepCounts()
        tables = newton.tables
        self.t, self.system = newton.t, new_system(tables)
        self.a = system_handle(self.system)
        self.work = new_stage_work(tables)
        self.w = stage_handle(self.work)
        self.history = differences.new_history(tables, error_scale(tables, bulk))
        self.y = differences.history_handle(self.history)
        largest = np.inf if options.largest_step is None else float(options.largest_step)
        numbers = (
            options.step_tolerance,
            options.newton_tolerance,
            float(options.smallest_step),
            largest,
            differences.ORDER_MAX,
        )
        self.options = np.array(numbers, float)
        self.before: tuple[State, ...] = ()
        self.still = Iterate(np.zeros_like(self.work.u), 0.0)
        self.corner = 0.0
        self.batch = BATCH
        self.path: Path | None = None  # the steps to take, where they are given
        self.short = Integrator(newton, bulk, options)
        self.short.counts = self.counts

    @property
    def largest(self) -> float:
        """The largest step (s); it may be lowered from batch to batch."""
        return float(self.options[LARGEST])

    @largest.setter
    def largest(self, step: float) -> None:
        self.options[LARGEST] = step

    def compile(self) -> None:
        """Compile what takes the steps, without a step."""
        smooth = smooth_drive(lambda _: 0.0, 0.0, 1.0, True, 1.0, 0.0, 1.0)
        out = new_batch(self.newton.tables, 1)
        kinds = tuple(typeof(x) for x in (self.t, self.a, self.w, self.y, smooth, self.options, 1.0, out))
        for function in (bdf.advance, corner_step.leave_corner):
            function.compile(kinds)

    def stretch(self, state: State, until: float, drive: Driven, resume: bool = False) -> Iterator[Accepted | Failure]:
        """Yield the accepted steps from a corner to the next, which is `until` (s) after the protocol step began; a
        `Failure` last where it stops short.

        With `resume` the stretch goes on from a state inside it, as it was restored.
        """
        if not resume:
            self.corner = state.offset
        # Of the whole stretch, wherever in it the run is taken up.
        smooth = drive.between(self.corner, until)
        if not resume:
            outcome = self.leave_corner(state, until, drive, smooth)
            yield outcome
            if isinstance(outcome, Failure):
                return
            state = outcome.end
        while state.offset < until:
            options, size = self.given(state.offset)
            out = new_batch(self.newton.tables, size)
            done, code = bdf.advance(self.t, self.a, self.w, self.y, smooth, options, until, out)
            self.take_counts(done)
            for k in range(done):
                end, h, order = state_of(out, k, state, self.still)
                older = self.before[: order - 1]
                self.before = (state, *self.before)[: differences.ORDER_MAX - 1]
                yield Accepted(state, None, end, h, older, settled=k == done - 1)
                state = end
            if code == FAILED:
                outcome = self.by_another_way(self.failure(state), until, drive, corner=False)
                yield outcome
                if isinstance(outcome, Failure):
                    return
                state = outcome.end

    def given(self, offset: float) -> tuple[Floats, int]:
        """Return the options of the next steps from an offset, and how many to take at once. Of a path it is the step
        that it has there, whatever its error."""
        ahead = self.path.ahead(offset) if self.path is not None else None
        if ahead is None:
            return self.options, self.batch
        options, tally = self.options.copy(), self.history.tally
        options[TOLERANCE] = ANY
        self.history.number[differences.NEXT] = ahead[0]
        tally[differences.ORDER] = min(ahead[1], int(tally[differences.ORDER_USED]) + 1)
        return options, 1

    def leave_corner(self, state: State, until: float, drive: Driven, smooth: SmoothDrive) -> Accepted | Failure:
        """Return the first step after a corner, of a path no longer than it has there."""
        self.load(state)
        options, ahead = self.options.copy(), self.path.ahead(state.offset) if self.path is not None else None
        options[LARGEST] = min(self.largest, ahead[0]) if ahead is not None else self.largest
        start = state._replace(passed=0.0, spent=0.0)
        out = new_batch(self.newton.tables, 1)
        code = corner_step.leave_corner(self.t, self.a, self.w, self.y, smooth, options, until, out)
        self.take_counts(int(code == GOING))
        if code == FAILED:
            return self.by_another_way(self.failure(state, AT_CORNER), until, drive, corner=True)
        end, h, _ = state_of(out, 0, state, self.still)
        self.before = ()
        return Accepted(start, None, end, h, corner=True)

    def by_another_way(self, failure: Failure, until: float, drive: Driven, corner: bool) -> Accepted | Failure:
        """Return an implicit Euler step from where all others have failed, or that failure. It is left as a corner is;
        inside a stretch one by short updates is no larger than the error of the step before allows."""
        state, allowed = failure.state, self.history.number[differences.NEXT]
        self.short.largest = self.largest if corner else min(self.largest, allowed)
        outcome = self.short.leave_corner(state, until, drive, refused=True)
        if isinstance(outcome, Failure):
            return failure
        start, end, h = outcome.start, outcome.end, outcome.h
        self.load(start)
        work, number = self.work, self.work.number
        work.u[:], work.stored[:], work.flow[:] = end.at.u, end.stored, end.flow
        number[VOLTAGE], number[CHARGE], number[CURRENT] = end.at.voltage, end.charge, end.current
        next_h = min(self.short.next_h, max(h, self.short.largest))
        corner_step.begin(self.w, self.y, h, until - start.offset, until, next_h, end.spent / h)
        self.before = ()
        if not corner:
            start = start._replace(passed=state.passed, spent=state.spent)
            end = end._replace(passed=state.passed + end.passed, spent=state.spent + end.spent)
            self.history.gate[0, 2:] = end.passed, end.spent
        end = end._replace(rate=state.rate, charge_rate=0.0, slope=self.still)
        return Accepted(start, None, end, h, corner=corner)

    def load(self, state: State) -> None:
        """Stand at a state that has no past."""
        history = self.history
        history.u[0], history.stored[0] = state.at.u, state.stored
        history.displaced[0] = potential(state.flow)
        history.gate[0] = (state.at.voltage, state.charge, 0.0, 0.0)
        history.number[:] = 0.0
        history.number[differences.OFFSET] = state.offset
        self.work.number[CURRENT] = state.current
        history.tally[[differences.REJECTED, differences.CUTS]] = 0
        for own, array in zip(self.system.ledger, state.ledger, strict=True):
            own[:] = array

    def failure(self, state: State, where: str = "") -> Failure:
        """Return why the last call stopped short."""
        number, count = self.history.number, self.history.tally
        code = int(count[differences.REASON])
        if code == bdf.REFUSED:
            reason = f"the error of its amount stayed at {number[differences.ERROR]:.2g} of solver.tolerance"
        elif code == corner_step.TOO_LARGE:
            reason = f"where a step had a solution, it changed its amount by {number[differences.ERROR]:.2g} of itself"
        else:
            reason = (REASONS | {corner_step.ROUNDED_FILM: corner_step.ROUNDED_OFF}).get(code, "nothing was tried")
        worst = (
            int(count[differences.CELL]),
            of_species(int(count[differences.SPECIES])) if count[differences.SPECIES] >= 0 else POTENTIAL,
        )
        return Failure(state, float(number[differences.TRIED]), worst, reason + where)

    def take_counts(self, accepted: int) -> None:
        """Add what the last call has spent to the counts of the run."""
        count, spent, newton = self.history.tally, self.work.tally, self.newton.counts
        self.counts.accepted += accepted
        self.counts.rejected += int(count[differences.REJECTED])
        self.counts.cut += int(count[differences.CUTS])
        newton.residuals += int(spent[RESIDUALS])
        newton.factorisations += int(spent[FACTORISATIONS])
        newton.solves += int(spent[SOLVES])
        count[[differences.REJECTED, differences.CUTS]] = 0
        spent[[RESIDUALS, FACTORISATIONS, SOLVES]] = 0

    def save(self) -> dict[str, Any]:
        """Return what goes on from step to step, beside the state."""
        saved: dict[str, Any] = {f"bdf {name}": getattr(self.history, name) for name in SAVED}
        saved |= {"bdf corner": self.corner, "bdf at": self.work.at, "bdf at_voltage": self.work.at_voltage}
        saved |= {"bdf work": self.work.number, "bdf answer": self.work.answer}
        return saved | saved_past(self.before)

    def restore(self, saved: Mapping[str, Any], state: State) -> None:
        """Go back to what was saved, the run standing in a state."""
        for name in SAVED:
            getattr(self.history, name)[:] = saved[f"bdf {name}"]
        self.corner = float(saved["bdf corner"])
        for own, array in zip(self.system.ledger, state.ledger, strict=True):
            own[:] = array
        self.before = restored_past(saved, state)
        self.refactor(saved)

    def refactor(self, saved: Mapping[str, Any]) -> None:
        """Factor the matrix again where it was factored last, so that the run goes on to the last bit."""
        work, numbers = self.work, np.asarray(saved["bdf work"])
        if numbers[FACTORED] > 0.0:
            work.u[:] = saved["bdf at"]
            work.at[:], work.at_voltage[:] = saved["bdf at"], saved["bdf at_voltage"]
            given = not np.asarray(saved["bdf answer"]).any()
            evaluate(self.t, self.a, self.w, float(work.at_voltage[0]), self.history.known, 1.0, True)
            factor(self.t, self.a, self.w, float(numbers[FACTORED]), given)
            work.tally[[RESIDUALS, FACTORISATIONS, SOLVES]] = 0
        work.number[:] = numbers
