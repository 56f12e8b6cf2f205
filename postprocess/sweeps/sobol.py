"""Sobol indices of a saltelli sample: which share of a quantity's variance each axis makes.

    first order  V(E(f | x_k)) / V(f)              what fixing axis k alone would remove on average
    total        1 - V(E(f | all but x_k)) / V(f)  what it takes part in, alone and with others

The estimators of blocks A, AB_k, B (row for row A, A with coordinate k of B, B):

    S_k = mean(f_B (f_AB_k - f_A)) / V,   T_k = mean((f_A - f_AB_k)^2) / 2V,   V = variance of f_A and f_B together

with f less its mean. The intervals are percentiles of the indices of blocks drawn again with replacement, from a fixed
seed. A block in which one run gave nothing is left out whole; scipy.stats.sobol_indices, which gives the same numbers,
takes powers of 2 only and could not.

Sources: Saltelli et al., Comput. Phys. Commun. 181 (2010) 259, Table 2 (b, f); Jansen, ibid. 117 (1999) 35.
"""

from dataclasses import dataclass

import numpy as np

from eisfv.errors import EisfvError
from eisfv.postprocess.regression import CONFIDENCE

from .labels import Floats

RESAMPLES = 1000
SEED = 1
LEAST_BLOCKS = 16  # below that the intervals span everything


class SobolError(EisfvError):
    """Indices that the sample does not give; the message reads on after the quantity's name."""


@dataclass(frozen=True)
class SobolIndices:
    """first, total: (axes); the intervals (axes, 2), lower and upper; blocks: that were used, of so many."""

    first: Floats
    total: Floats
    first_interval: Floats
    total_interval: Floats
    blocks: int
    of: int


def sobol_indices(values: Floats) -> SobolIndices:
    """Return the indices of one quantity.

    values  (blocks, axes + 2): f_A, f_AB of each axis, f_B; NaN where a run gave nothing
    Raises SobolError for too few whole blocks, and where the quantity is the same in all of them.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    if len(whole) < LEAST_BLOCKS:
        raise SobolError(f"has {len(whole)} blocks of finished runs of {len(values)}; it takes {LEAST_BLOCKS} or more")
    whole = whole - whole[:, [0, -1]].mean()
    if np.ptp(whole) <= 1e-12 * np.abs(values[np.isfinite(values)]).max():
        raise SobolError("is the same in every run; no axis changes it")
    first, total = estimates(whole)
    rng = np.random.default_rng(SEED)
    drawn = np.array([estimates(whole[rng.integers(0, len(whole), len(whole))]) for _ in range(RESAMPLES)])
    tails = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.percentile(drawn, (tails, 100.0 - tails), axis=0)
    return SobolIndices(
        first,
        total,
        np.stack((low[0], high[0]), axis=1),
        np.stack((low[1], high[1]), axis=1),
        len(whole),
        len(values),
    )


def estimates(values: Floats) -> tuple[Floats, Floats]:
    """Return first-order and total indices (axes each) of whole blocks less their mean."""
    base, other, mixed = values[:, 0], values[:, -1], values[:, 1:-1]
    variance = np.var(values[:, [0, -1]])
    first = (other[:, None] * (mixed - base[:, None])).mean(axis=0) / variance
    total = ((base[:, None] - mixed) ** 2).mean(axis=0) / (2.0 * variance)
    return first, total
