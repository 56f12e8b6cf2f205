"""Integrals over the end of an accepted step."""

from collections.abc import Callable
from math import sqrt

# Gauss and Legendre's three points on [0, 1] and their weights: exact to the fifth power, as the interpolant needs.
POINTS = (0.5 - sqrt(0.15), 0.5, 0.5 + sqrt(0.15))
WEIGHTS = (5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0)


def window_integral(value: Callable[[float], float], h: float, last: float) -> float:
    """Return the integral of a value(share of the step) over the last so many seconds of a step h, at most all.

    With w the share of the step, from 1 - w to 1: what it covers is never the difference of two late times.
    """
    w = last / h
    return last * sum(weight * value(1.0 - w * point) for point, weight in zip(POINTS, WEIGHTS, strict=True))
