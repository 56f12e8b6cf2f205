"""Integrals over an accepted step of what its states say."""

from eisfv.stepping.integrate import Accepted
from eisfv.stepping.tr_bdf2 import FROM_STAGE, GAMMA, WEIGHT


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
