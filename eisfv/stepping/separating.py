"""Steps that do not pass over a host falling apart: an integrator, its steps bounded by `eisfv.stepping.growth`.

After every accepted step the growth rate r at its end and the change of the hosts' mean x say whether it stands: where
h r > PASSED it is taken back and tried with a quarter, where the mean x went further than FURTHEST with what keeps it
there. The next step is at most SHARE/r; r itself is asked for only where GROWTH_MAX times the step might pass that:
first of the hosts, then, where what grows needs ions from outside, of the device (`eisfv.stepping.device_growth`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from eisfv.device.tables import Floats
from eisfv.solve.stage_records import Source
from eisfv.stepping.accepted import Accepted, Failure
from eisfv.stepping.compiled import CompiledIntegrator
from eisfv.stepping.device_growth import DeviceGrowth
from eisfv.stepping.driven import Driven
from eisfv.stepping.growth import FURTHEST, PASSED, SHARE, Growth
from eisfv.stepping.integrate import Integrator, StepCounts
from eisfv.stepping.state import State
from eisfv.stepping.step_size import CUT, GROWTH_MAX

OUTSIDE = 2.0  # of the rate of what grows inside the hosts: where r is larger, what lies outside has a part in it
MARGIN = 0.9  # of FURTHEST, so that a step that was shortened is not taken back again
LARGEST = "largest step"  # s, what the growth and the means have left for the next one


class SeparatingIntegrator:
    """The steps of an integrator, one at a time."""

    def __init__(self, plain: Integrator | CompiledIntegrator, growth: Growth) -> None:
        self.plain, self.growth, self.device = plain, growth, DeviceGrowth(plain.newton)
        self.most = plain.largest
        if isinstance(plain, CompiledIntegrator):
            plain.batch = 1

    @property
    def counts(self) -> StepCounts:
        """What the steps have cost."""
        return self.plain.counts

    @property
    def largest(self) -> float:
        """The largest step (s), whatever falls apart."""
        return self.most

    @largest.setter
    def largest(self, step: float) -> None:
        self.most = step

    def save(self) -> dict[str, Any]:
        """Return what goes on from step to step, beside the state."""
        return {**self.plain.save(), LARGEST: self.plain.largest}

    def restore(self, saved: Mapping[str, Any], state: State) -> None:
        """Go back to what was saved, the run standing in a state."""
        self.plain.restore(saved, state)
        self.plain.largest = float(saved[LARGEST])

    def stretch(self, state: State, until: float, drive: Driven, resume: bool = False) -> Iterator[Accepted | Failure]:
        """Yield the accepted steps from a corner to the next, as `Integrator.stretch` does."""
        source = drive.at(state.offset)
        rate, means = self.look(state, source, until - state.offset)
        self.bound(rate, self.plain.largest if resume else self.most)
        while state.offset < until:
            saved = kept(self.plain.save()) if resume else None
            for outcome in self.plain.stretch(state, until, drive, resume):
                if isinstance(outcome, Failure):
                    yield outcome
                    return
                rate, new = self.look(outcome.end, source, GROWTH_MAX * outcome.h)
                moved = float(np.abs(new - means).max())
                shorter = self.shorter(outcome, rate, moved)
                if saved is not None and shorter < outcome.h:
                    self.counts.rejected += 1
                    self.plain.restore(saved, state)
                    self.plain.largest = shorter
                    break
                self.bound(rate, outcome.h * MARGIN * FURTHEST / moved if moved > 0.0 else self.most)
                state, means, resume = outcome.end, new, True
                yield outcome
                saved = kept(self.plain.save())

    def look(self, state: State, source: Source, step: float) -> tuple[float, Floats]:
        """Return the growth rate (1/s) at a state, or a bound of it that leaves room for a step (s), and the hosts'
        mean x."""
        enough = SHARE / step
        rate, means = self.growth.look(state.at.u, source.kind == "voltage", enough)
        if rate > enough and rate > OUTSIDE * (inside := self.growth.inside(state.at.u)):
            rate = max(self.device.rate(state.at, source, rate, max(enough, inside)), inside)
        return rate, means

    def bound(self, rate: float, most: float) -> None:
        """Bound the next step by a growth rate (1/s) and by another bound (s)."""
        self.plain.largest = min(self.most, most, SHARE / rate if rate > 0.0 else self.most)

    def shorter(self, step: Accepted, rate: float, moved: float) -> float:
        """Return the size (s) with which a step has to be tried again, its own where it stands."""
        if step.h * rate > PASSED:
            return CUT * step.h
        return step.h * MARGIN * FURTHEST / moved if moved > FURTHEST else step.h


def kept(saved: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was saved, numbers and arrays, as it stays when the run goes on: the arrays are those of the run."""
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in saved.items()}
