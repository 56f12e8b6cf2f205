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


def window_integral(accepted: Accepted, values: tuple[float, float, float], last: float) -> float:
    """Return the integral of the parabola through three values over the last so many seconds of a step, at most all.

    With w the share of the step, from s = 1 - w to 1: what it covers is never the difference of two late times.
    """
    h, w = accepted.h, last / accepted.h
    start, middle, end = values
    if accepted.middle is None:
        return last * (end - 0.5 * w * (end - start))
    bend = ((middle - start) / GAMMA - (end - start)) / (GAMMA - 1.0)
    slope = end - start - bend
    return last * (start + slope * (2.0 - w) / 2.0 + bend * (3.0 - 3.0 * w + w**2) / 3.0)
