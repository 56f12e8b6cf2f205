"""Fits from many starts, and the different ends they came to.

The starts lie in a Latin hypercube over the ranges: each twentieth of every range has one of twenty.

M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from eisfv.calibration.fit import Fit, NoInfluenceError, NoStartError

SAME = 0.01  # share of every range: ends that lie closer are one, as `fit.STEP` tells no closer ones apart


@dataclass(frozen=True)
class Minimum:
    """An end of fits: where (n), half the sum of squares, how many fits came there."""

    coordinates: np.ndarray
    cost: float
    count: int


def spread_starts(start: np.ndarray, count: int, seed: int) -> list[np.ndarray]:
    """Return the start, then so many less one in a Latin hypercube."""
    more = qmc.LatinHypercube(start.size, rng=np.random.default_rng(seed)).random(count - 1) if count > 1 else []
    return [start, *more]


def from_all(fit: Callable[[np.ndarray], Fit], starts: list[np.ndarray]) -> tuple[Fit, list[Minimum]]:
    """Return the best fit and the minima, the lowest first. A later start where nothing can be run is passed by.

    Raises NoStartError, NoInfluenceError for the first start.
    """
    ends = [fit(starts[0])]
    for start in starts[1:]:
        try:
            ends.append(fit(start))
        except (NoStartError, NoInfluenceError):
            continue
    ends.sort(key=lambda end: end.cost)
    return ends[0], minima(ends)


def minima(ends: list[Fit]) -> list[Minimum]:
    """Return the different ends of fits that ended by themselves, the lowest first; the best one in any case."""
    found: list[Minimum] = []
    for end in ends:
        if found and not end.converged:
            continue
        near = [k for k, one in enumerate(found) if np.abs(one.coordinates - end.coordinates).max() < SAME]
        if near:
            one = found[near[0]]
            found[near[0]] = Minimum(one.coordinates, one.cost, one.count + 1)
        else:
            found.append(Minimum(end.coordinates, end.cost, 1))
    return found
