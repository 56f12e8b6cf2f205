"""What a step hands on when it is accepted, and the method's own interpolant inside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from eisfv.device.tables import Floats
from eisfv.stepping.state import State
from eisfv.stepping.tr_bdf2 import GAMMA

T = TypeVar("T", float, Floats)
AT_CORNER = ", in the first step after a corner of the drive"  # how the reason of a failure there ends


class Accepted(NamedTuple):
    """An accepted step with what interpolation needs.

    h        the step (s) that was taken: late in a long protocol step the difference of the offsets does not hold all
             its digits
    middle   of a step with a stage between
    before   of backward differences: the older states whose polynomial the step continues, the latest first
    corner   whether the step left a corner of the drive: it carries the jump
    settled  whether the integrator stands where the step ends, and no further
    over     whether the protocol step ends with it
    """

    start: State
    middle: State | None
    end: State
    h: float
    before: tuple[State, ...] = ()
    corner: bool = False
    settled: bool = True
    over: bool = False


@dataclass(frozen=True)
class Failure:
    """Why a stretch could not be finished: where it stood, the last step tried, the cell and unknown that resisted.

    of_device  whether it is the device that goes no further, as its own states show, and not the solver
    """

    state: State
    h: float
    worst: tuple[int, int]
    reason: str
    of_device: bool = False


def nodes(accepted: Accepted) -> list[tuple[float, State]]:
    """Return the states through which the step's interpolant goes, with their places in shares of the step."""
    inner = [] if accepted.middle is None else [(GAMMA, accepted.middle)]
    older = [((state.offset - accepted.start.offset) / accepted.h, state) for state in accepted.before]
    return [(0.0, accepted.start), *inner, (1.0, accepted.end), *older]


def blended(accepted: Accepted, share: float, take: Callable[[State], T]) -> T:
    """Return the interpolant of a quantity of the states, `share` of the step past its start: the polynomial through
    the states that the method itself uses. Amounts so taken sum up to what the sums of the states give."""
    places = nodes(accepted)
    start = take(accepted.start)
    total = start
    for k, (place, state) in enumerate(places[1:], 1):
        weight = 1.0
        for j, (other, _) in enumerate(places):
            if j != k:
                weight *= (share - other) / (place - other)
        total = total + weight * (take(state) - start)
    return total
