"""From one corner of the drive to the next: accepted steps, their size chosen by the error of the ions' storage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eisfv.device.tables import Floats
from eisfv.equations.linearised import stored_change
from eisfv.equations.unknowns import of_species, species
from eisfv.model.solver_options import SolverOptions
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Iterate, Source
from eisfv.stepping.accepted import AT_CORNER, Accepted, Failure
from eisfv.stepping.charged_film import films_hold
from eisfv.stepping.corner import ROUNDED_OFF
from eisfv.stepping.driven import Driven
from eisfv.stepping.error_scale import error_scale, largest_share
from eisfv.stepping.exchanged_carriers import exchange
from eisfv.stepping.split_jump import split_jump
from eisfv.stepping.state import State
from eisfv.stepping.step_size import (
    CUT,
    FIRST_CHANGE,
    FLOOR,
    GROWTH_MAX,
    SHORT_TRIES,
    counting,
    first_step,
    fitted,
    growth_max,
    least_step,
    next_try,
    second_step,
    shorter,
)
from eisfv.stepping.tr_bdf2 import GAMMA, Tried, backward_euler, tr_bdf2

SHRINK_MAX, SAFETY = 0.2, 0.9
WARY, GROWTH_WARY = 4, 1.2  # after a stage that did not converge: how slowly the next steps grow


@dataclass
class StepCounts:
    """What the steps of a run cost."""

    accepted: int = 0
    rejected: int = 0
    cut: int = 0


class Integrator:
    """Steps of one device under one set of options."""

    def __init__(self, newton: Newton, bulk: Floats, options: SolverOptions) -> None:
        self.newton, self.options = newton, options
        self.counts = StepCounts()
        self.scale = error_scale(newton.tables, bulk)
        self.largest = float(options.largest_step or np.inf)  # step, s; may be lowered from step to step
        self.next_h = 0.0
        self.wary = 0  # steps left that may not grow, after a stage did not converge
        self.damp = False  # whether the next step is the one behind a corner

    def stretch(self, state: State, until: float, drive: Driven, resume: bool = False) -> Iterator[Accepted | Failure]:
        """Yield the accepted steps from a corner to the next, which is `until` (s) after the protocol step began; a
        `Failure` last where it stops short.

        With `resume` the stretch goes on from a state inside it, with the step size it had.
        """
        if not resume:
            first = self.leave_corner(state, until, drive)
            yield first
            if isinstance(first, Failure):
                return
            state = first.end
        while state.offset < until:
            outcome = self.next_step(state, until, drive)
            yield outcome
            if isinstance(outcome, Failure):
                return
            state = outcome.end

    def leave_corner(self, state: State, until: float, drive: Driven, refused: bool = False) -> Accepted | Failure:
        """Return one implicit Euler step, short enough that little moves.

        A jump of the drive that Newton refuses is made in parts, for as long as that goes. refused: this has been seen
        to lead nowhere, so that only short updates may.
        """
        state = state._replace(passed=0.0, spent=0.0)
        anew = self.exchanged(state, until, drive) if refused else None
        if anew is not None:
            return anew
        left = until - state.offset
        smallest = float(self.options.smallest_step)
        least = least_step(smallest, left, state.offset)
        first = counting(
            first_step(smallest, self.largest, left, state.offset, self.options.step_tolerance), state.offset
        )
        guess: Iterate | None = None
        h, parts, in_vain, next_short = first, not refused, 0, first
        tried, worst, reason = first, (0, 0), "nothing was tried"
        while h > 0.0:
            h = counting(h, state.offset)
            tried = min(tried, h)
            source = drive.at(state.offset + h)
            self.newton.forget()
            last = backward_euler(self.newton, state, h, source, guess)
            if last.end is None and h <= 1.01 * next_short and in_vain < SHORT_TRIES:
                self.newton.forget()
                last = backward_euler(self.newton, state, h, source, short=True)
                in_vain += last.end is None
                next_short = shorter(h, in_vain)
            if last.end is None and parts:
                near = split_jump(self.newton, state, h, source)
                parts = near is not None
                last = last if near is None else backward_euler(self.newton, state, h, source, near)
            if last.end is not None:
                change, worst = self.relative(last.end.stored - last.start.stored)
                kept = source.kind != "current" or films_hold(
                    self.newton.t, last.start.stored, last.end.stored, last.end.ledger, source.value * h
                )
                guess = last.end.at if kept else None  # a shorter step begins with the jump behind it
                if change < FIRST_CHANGE and kept:
                    return self.left(last.start, last.end, until, change)
                moved = f"where a step had a solution, it changed its amount by {change:.2g} of itself"
                reason = moved if kept else ROUNDED_OFF
            elif last.failed is not None:
                worst, reason = last.failed.worst, last.failed.reason
            self.counts.cut += 1
            if refused and guess is None:
                h = next_short if in_vain < SHORT_TRIES and next_short >= least else 0.0
            else:
                h = next_try(h, first, least, min(left, self.largest))
        return Failure(state, tried, worst, f"{reason}{AT_CORNER}")

    def left(self, start: State, end: State, until: float, change: float) -> Accepted:
        """Return the implicit Euler step between two states that leaves a corner; change: of an amount, relative."""
        self.counts.accepted += 1
        self.damp = True
        h = end.offset - start.offset
        self.next_h = second_step(h, change)
        end = end if h < until - start.offset else end._replace(offset=until)
        return Accepted(start, None, end, h, corner=True)

    def exchanged(self, state: State, until: float, drive: Driven) -> Accepted | None:
        """Return an implicit Euler step in which a metal comes to pass other carriers than before, left as a corner is;
        None where none does."""
        last = exchange(self.newton, state, until - state.offset, drive.at, float(self.options.smallest_step))
        if last is None or last.end is None:
            return None
        change, _ = self.relative(last.end.stored - last.start.stored)
        return self.left(last.start, last.end, until, change)._replace(corner=False)

    def next_step(self, state: State, until: float, drive: Driven) -> Accepted | Failure:
        """Return the next accepted step; its successor's size is left in `next_h`.

        The first one behind a corner is an implicit Euler step as well. What a jump sets off among the electrons is
        over within a step, and the error of the ions does not see it: the trapezoid would turn it round instead of
        damping it, by volts (R. Rannacher, Numer. Math. 43 (1984) 309).

        Where no step is short enough, Newton's updates are kept short, from the largest step down once more.
        """
        next_h, outcome = self.next_h, self.stepped(state, until, drive, short=False)
        if isinstance(outcome, Failure):
            self.next_h = next_h
            once_more = self.stepped(state, until, drive, short=True)
            anew = self.exchanged(state, until, drive) if isinstance(once_more, Failure) else once_more
            outcome = anew or outcome
        return outcome

    def stepped(self, state: State, until: float, drive: Driven, short: bool) -> Accepted | Failure:
        """Return the next accepted step, of those that Newton refuses by short updates where `short`."""
        left = until - state.offset
        least = least_step(float(self.options.smallest_step), left, state.offset)
        h = max(min(self.next_h, self.largest), least)
        tried, worst, reason = h, (0, 0), "nothing was tried"
        in_vain = 0
        while h >= least:
            h = max(drive.resolved(state.offset, fitted(h, left), self.options.step_tolerance), least)
            h = counting(h, state.offset)
            tried = h
            # No matrix survives a step, so that a resumed run repeats an uninterrupted one to the last bit.
            self.newton.forget()
            ends = drive.at(state.offset + h)
            sources, order = (drive.at(state.offset + GAMMA * h), ends), 2.0 if self.damp else 3.0
            last = self.tried(state, h, sources)
            if last.end is None and short and in_vain < SHORT_TRIES:
                self.newton.forget()
                last = self.tried(state, h, sources, short=True)
                in_vain += last.end is None
            if last.end is None or last.error is None:
                if last.failed is not None:
                    worst, reason = last.failed.worst, last.failed.reason
                self.counts.cut += 1
                self.wary = WARY
                h *= CUT
                continue
            largest, worst = self.error_norm(last.error)
            error = largest / self.options.step_tolerance
            factor = SAFETY * error ** (-1.0 / order) if error > 0.0 else GROWTH_MAX
            if not np.isfinite(error) or error > 1.0:
                reason = f"the error of its amount stayed at {error:.2g} of solver.tolerance"
                self.counts.rejected += 1
                h *= max(SHRINK_MAX, factor) if np.isfinite(error) else SHRINK_MAX
                continue
            self.counts.accepted += 1
            self.damp = False
            growth = growth_max(self.options.step_tolerance) if self.wary == 0 else GROWTH_WARY
            self.wary = max(0, self.wary - 1)
            self.next_h = h * min(growth, max(SHRINK_MAX, factor))
            end = last.end if h < left else last.end._replace(offset=until)
            return Accepted(last.start, last.middle, end, h)
        return Failure(state, tried, worst, reason)

    def tried(self, state: State, h: float, sources: tuple[Source, Source], short: bool = False) -> Tried:
        """Return one step h (s) that is not the first behind a corner; sources: at its middle stage and at its end."""
        if self.damp:
            return backward_euler(self.newton, state, h, sources[1], short=short)
        return tr_bdf2(self.newton, state, h, sources, short)

    def save(self) -> dict[str, float]:
        """Return what goes on from step to step, beside the state."""
        return {"next_h": self.next_h, "wary": self.wary, "damp": float(self.damp)}

    def restore(self, saved: Mapping[str, Any], state: State) -> None:
        """Go back to what was saved, the run standing in a state."""
        self.next_h, self.wary = float(saved["next_h"]), int(float(saved["wary"]))
        self.damp = bool(float(saved["damp"]))

    def error_norm(self, error: Floats) -> tuple[float, tuple[int, int]]:
        """Return the largest relative error of an ion's storage, filtered by the stage's matrix, and where it is."""
        rhs = np.zeros_like(self.newton.system.residual)
        tables = self.newton.tables
        species(rhs, tables)[:] = np.where(self.scale != 0.0, error, 0.0)
        moved = self.newton.linear.solve(rhs)
        self.newton.counts.solves += 1
        local, change = self.newton.system.local, np.empty_like(error)
        stored_change(self.newton.storage, moved, change)
        largest, cell, worst = largest_share(change, local.concentration, tables.volume, self.scale)
        return float(largest), (cell, of_species(worst))

    def relative(self, change: Floats) -> tuple[float, tuple[int, int]]:
        """Return the largest change of an ion's storage over its scale, and where it is."""
        held = self.newton.tables.volume[:, None] * self.newton.system.local.concentration
        scale = np.where(self.scale > 0.0, self.scale / FLOOR + held, np.inf)
        share = np.abs(change) / scale
        cell, worst = divmod(int(np.argmax(share)), share.shape[1])
        return float(share[cell, worst]), (cell, of_species(worst))
