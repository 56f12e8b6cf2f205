"""What an observer is, and what every observer may ask of a run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol as TypingProtocol

import numpy as np

from eisfv.device.tables import Floats
from eisfv.model.protocol import Step
from eisfv.stepping.integrate import Accepted
from eisfv.stepping.state import State
from eisfv.stepping.tr_bdf2 import FROM_STAGE, GAMMA, WEIGHT

Value = float | int | str
Row = Callable[[Sequence[Value]], None]
Entry = np.ndarray | float | int | str


class Observer(TypingProtocol):
    """Sees a run go by; stepping does not know it. `save` and `restore` carry it over a checkpoint."""

    def begin(self, step: Step, state: State) -> None: ...

    def accept(self, accepted: Accepted) -> None: ...

    def end(self, step: Step, state: State) -> None: ...

    def save(self) -> Mapping[str, Entry]: ...

    def restore(self, saved: Mapping[str, Entry]) -> None: ...


def integral(accepted: Accepted, start: float, middle: float, end: float) -> float:
    """Return the integral over a step of a quantity with these values at its states, by the weights of the scheme.

    The charge so integrated is the one the scheme has put into storage.
    """
    h = accepted.h
    if accepted.middle is None:
        return h * end
    return WEIGHT * h * (FROM_STAGE * (start + middle) + end)


def window_integral(accepted: Accepted, values: tuple[float, float, float], since: float) -> float:
    """Return the integral of the parabola through three values over the part of a step after `since` (s)."""
    h = accepted.h
    a = max(0.0, (since - accepted.start.time) / h)
    if a >= 1.0:
        return 0.0
    start, middle, end = values
    if accepted.middle is None:
        return h * (1.0 - a) * (start + 0.5 * (1.0 + a) * (end - start))
    bend = ((middle - start) / GAMMA - (end - start)) / (GAMMA - 1.0)
    slope = end - start - bend
    return h * (start * (1.0 - a) + slope * (1.0 - a**2) / 2.0 + bend * (1.0 - a**3) / 3.0)


def blended(accepted: Accepted, time: float, take: Callable[[State], Floats]) -> Floats:
    """Return the interpolant of a quantity of the states of a step at a time inside it."""
    s = (time - accepted.start.time) / accepted.h
    start, end = take(accepted.start), take(accepted.end)
    if accepted.middle is None:
        return start + s * (end - start)
    g = GAMMA
    w0, w1, w2 = (s - g) * (s - 1.0) / g, -s * (s - 1.0) / (g * (1.0 - g)), s * (s - g) / (1.0 - g)
    return w0 * start + w1 * take(accepted.middle) + w2 * end
