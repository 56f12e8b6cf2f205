"""The profile likelihood of a parameter: how the best fit worsens when it is held elsewhere and the others are free.

    rise(v) = min over the others of [sum r^2 with u_k = v] / s^2 - [sum r^2 at the fit] / s^2

    interval  v with rise(v) <= 1 (68 %) and <= 3.84 (95 %): quantiles of chi squared with one degree of freedom

The square root of the rise is linear in u_k where the model is; between two points the crossing is taken from its
straight line. An end that runs to the bound of the range is open: the data do not tell the parameter on that side. With
both ends of 95 % open it is not identified.

W. Q. Meeker, L. A. Escobar, The American Statistician 49 (1995) 48; A. Raue et al., Bioinformatics 25 (2009) 1923.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

from eisfv.calibration.fit import FAILED_RESIDUAL, Fit, Report, Residuals, jacobian

RISES = (1.0, 3.841458820694124)
STEP, FEW = 0.5, 5  # of the standard error, to a side; then each is twice the one before
LONGEST = 0.1  # share of the range, without a standard error
SMALLEST = 1e-4
MOVES = 20
FINE, FINEST = 2e-3, 1e-8  # of s^2, that another step of the others would gain; share of the sum that SciPy can tell
EXACT = 1e-100  # s^2 of a fit that leaves nothing
STEEP, HALVED = 4.0, 8  # a last step that rises further is halved, so often at most


@dataclass(frozen=True)
class Profile:
    """Points of a profile, ascending: where (p), rise (p), what the others are there (p, n).

    intervals  for each of RISES the ends in u, an open one at the bound 0 or 1
    open       (2, 2) of each interval: whether it is open below, above
    """

    parameter: int
    at: np.ndarray
    rise: np.ndarray
    points: np.ndarray
    intervals: tuple[tuple[float, float], ...]
    open: tuple[tuple[bool, bool], ...]

    @property
    def identified(self) -> bool:
        """Return whether the data bound it to one side at least."""
        return not all(self.open[-1])


class Point(NamedTuple):
    """A place (u of the parameter) with its rise and all coordinates (n) there."""

    place: float
    rise: float
    u: np.ndarray


def profiled(residuals: Residuals, fit: Fit, parameter: int, report: Report) -> Profile:
    """Return the profile of a parameter; report: takes each of its points."""
    low, high = (side(residuals, fit, parameter, sign, report) for sign in (-1.0, 1.0))
    points = low[:0:-1] + high
    ends = [(crossing(low, rise), crossing(high, rise)) for rise in RISES]
    return Profile(
        parameter,
        np.array([point.place for point in points]),
        np.array([point.rise for point in points]),
        np.array([point.u for point in points]),
        tuple((0.0 if a is None else a, 1.0 if b is None else b) for a, b in ends),
        tuple((a is None, b is None) for a, b in ends),
    )


def side(residuals: Residuals, fit: Fit, parameter: int, sign: float, report: Report) -> list[Point]:
    """Return the points from the fit to where the rise is that of 95 %, or to the bound."""
    base = float(fit.residuals @ fit.residuals)
    error = float(fit.errors[parameter])
    step = LONGEST if isnan(error) else min(max(STEP * error, SMALLEST), LONGEST)
    bound = 0.0 if sign < 0.0 else 1.0
    points = [Point(float(fit.coordinates[parameter]), 0.0, fit.coordinates)]
    variance = max(fit.variance, EXACT)
    along = np.zeros(fit.coordinates.size)
    if fit.covariance is not None and error > 0.0:
        # Where the model is linear the others follow along the covariance, those at a bound stay.
        along = np.nan_to_num(fit.covariance[:, parameter]) / error**2
    close = max(FINE * variance / (0.5 * base + variance), FINEST)

    def next_at(place: float) -> Point:
        begin = points[-1].u + along * (place - points[-1].place)
        u, square = held(residuals, begin, parameter, place, fit.residuals.size, close)
        report(u, np.array([square**0.5]))
        return Point(place, (square - base) / variance, u)

    while points[-1].rise < RISES[-1] and points[-1].place != bound:
        step = step if len(points) <= FEW else 2.0 * step
        place = points[-1].place + sign * step
        points.append(next_at(bound if (bound - place) * sign <= 0.0 else place))
    for _ in range(HALVED):
        if points[-1].rise < STEEP * RISES[-1]:
            break
        far = points.pop()
        points.append(next_at(0.5 * (points[-1].place + far.place)))
        if points[-1].rise < RISES[-1]:
            points.append(far)
    return points


def held(
    residuals: Residuals, start: np.ndarray, parameter: int, place: float, count: int, close: float
) -> tuple[np.ndarray, float]:
    """Return the best point with a parameter at a place, and its sum of squares; close: share of it that is left."""
    others = np.delete(np.arange(start.size), parameter)

    def whole(part: np.ndarray) -> np.ndarray:
        u = start.copy()
        u[parameter], u[others] = place, part
        return u

    def of_parts(parts: Sequence[np.ndarray]) -> list[np.ndarray | None]:
        return residuals([whole(part) for part in parts])

    def at(part: np.ndarray) -> np.ndarray:
        (found,) = of_parts([part])
        return np.full(count, FAILED_RESIDUAL) if found is None else found

    if not others.size:
        found = at(np.empty(0))
        return whole(np.empty(0)), float(found @ found)
    end = least_squares(
        at,
        np.clip(start[others], 0.0, 1.0),
        jac=lambda part: jacobian(of_parts, part, count),
        bounds=(0.0, 1.0),
        xtol=1e-4,
        ftol=close,
        gtol=1e-8,
        max_nfev=MOVES,
    )
    return whole(end.x), 2.0 * float(end.cost)


def crossing(points: list[Point], rise: float) -> float | None:
    """Return where the square root of the rise, straight between points, reaches that of `rise`; None where nowhere."""
    roots = [max(point.rise, 0.0) ** 0.5 for point in points]
    above = next((k for k, point in enumerate(points) if point.rise >= rise), None)
    if above is None:
        return None
    share = (rise**0.5 - roots[above - 1]) / (roots[above] - roots[above - 1])
    return float(points[above - 1].place + share * (points[above].place - points[above - 1].place))
