"""Steps that end where something happens: a root of the excess of a quantity over its threshold.

    e(t) < 0 before, e(t) >= 0 after: the end of the stretch is moved by regula falsi, in the form of Illinois, which
    halves the weight of an end of the bracket that stays, and the steps before it are taken again.

So what ends the stretch is a step of the method itself, with its conservation and its error, and no interpolant. Steps
are looked at where they end, in the groups in which an integrator hands them over. The first step behind a corner of
the drive, which carries its jump, is not taken again: a stretch that begins beyond the threshold ends with it.

Source: M. Dowell, P. Jarratt, BIT 11 (1971) 168.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Protocol

import numpy as np

from eisfv.stepping.accepted import Accepted, Failure
from eisfv.stepping.driven import Driven
from eisfv.stepping.state import State

Excess = Callable[[State], float]

TRIES = 20  # what Newton leaves may hide the root
NEAR = 1e-8  # of the change of the excess within the step that crosses
CLOSE = 1e-10  # of that step


class Stepper(Protocol):
    """What takes the steps of a stretch, and can go back."""

    def stretch(
        self, state: State, until: float, drive: Driven, resume: bool = False
    ) -> Iterator[Accepted | Failure]: ...

    def save(self) -> Mapping[str, Any]: ...

    def restore(self, saved: Mapping[str, Any], state: State) -> None: ...


def stretch_until(
    stepper: Stepper, state: State, until: float, drive: Driven, resume: bool, excess: Excess
) -> Iterator[Accepted | Failure]:
    """Yield the steps of a stretch that ends at `until` (s), or before where the excess is no longer below zero: then
    the last one is `over`."""
    begin, saved = state, deepcopy(stepper.save())
    group: list[Accepted] = []
    for outcome in stepper.stretch(state, until, drive, resume):
        if isinstance(outcome, Failure):
            yield outcome
            return
        group.append(outcome)
        if not outcome.settled:
            continue
        first = next((k for k, accepted in enumerate(group) if excess(accepted.end) >= 0.0), None)
        if first is not None:
            yield from over(ended(stepper, begin, saved, group[: first + 1], drive, excess))
            return
        yield from group
        begin, saved, group = outcome.end, deepcopy(stepper.save()), []


def over(steps: Sequence[Accepted]) -> Iterator[Accepted]:
    """Give steps that end a protocol step; nothing can be saved between them, as their end depends on what follows."""
    yield from (accepted._replace(settled=False) for accepted in steps[:-1])
    yield steps[-1]._replace(settled=True, over=True)


def ended(
    stepper: Stepper, begin: State, saved: Mapping[str, Any], steps: Sequence[Accepted], drive: Driven, excess: Excess
) -> Sequence[Accepted]:
    """Return steps from `begin`, where the stepper stood as `saved`, to the root in the last of the steps."""
    crossing = steps[-1]
    if crossing.corner:
        return steps
    low, high = crossing.start.offset, crossing.end.offset
    at_low, at_high = excess(crossing.start), excess(crossing.end)
    stayed = 0  # which end of the bracket the last try has left
    near, close = NEAR * (at_high - at_low), max(CLOSE * (high - low), 4.0 * float(np.spacing(high)))
    for _ in range(TRIES):
        if high - low <= close:
            break
        offset = low + (high - low) * at_low / (at_low - at_high)
        if not low < offset < high:
            break
        stepper.restore(saved, begin)
        found = list(stepper.stretch(begin, offset, drive, resume=True))
        if not found or any(isinstance(outcome, Failure) for outcome in found):
            break
        steps = [outcome for outcome in found if isinstance(outcome, Accepted)]
        here = excess(steps[-1].end)
        if abs(here) <= near:
            break
        if here < 0.0:
            at_high *= 0.5 if stayed > 0 else 1.0
            low, at_low, stayed = offset, here, 1
        else:
            at_low *= 0.5 if stayed < 0 else 1.0
            high, at_high, stayed = offset, here, -1
    return steps
