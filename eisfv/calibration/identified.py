"""What the targets cannot tell: the directions in parameter space that change the residuals least.

    F = J^T J = V diag(s^2) V^T,   J = dr/du (m, n), u the share of each parameter's range

s  singular values: a step of 1/s along its direction changes the residuals by one tolerance. The condition number is
   the largest over the smallest. With m < n the directions that no target sees have s = 0.

A parameter is not identified where its standard error is `WIDE` of its range or more, or, where no error can be given,
where it takes part in a direction that is free. Of one at its bound nothing more is said.

Source: G. A. F. Seber, C. J. Wild, Nonlinear Regression (1989), Sec. 3.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from eisfv.postprocess.regression import covariance as covariance_of

WIDE = 0.5  # share of the range: the interval of 95 % then covers all of it
FREE = 1e-10  # of the largest singular value, as `regression.EXACT_SLOPES`
PART = 0.1  # component of a direction from which on a parameter takes part in it


@dataclass(frozen=True)
class Identified:
    """singular_values (n) falling; weakest (n): the direction of the last; free (n): which parameters are not told."""

    singular_values: np.ndarray
    weakest: np.ndarray
    free: np.ndarray

    @property
    def condition(self) -> float:
        """Return the largest over the smallest singular value."""
        smallest = float(self.singular_values[-1])
        return float(self.singular_values[0]) / smallest if smallest > 0.0 else inf


def identified(jacobian: np.ndarray, covariance: np.ndarray | None) -> Identified:
    """Return what a Jacobian (m, n) against u tells; covariance (n, n) of u, as `eisfv.calibration.fit.Fit` has it."""
    _, sizes, directions = np.linalg.svd(jacobian, full_matrices=True)
    n = jacobian.shape[1]
    values = np.zeros(n)
    values[: sizes.size] = sizes
    if covariance is not None:
        free = np.sqrt(np.diag(covariance)) >= WIDE
    else:
        unseen = directions[values <= FREE * values[0]]
        free = np.abs(unseen).max(axis=0, initial=0.0) > PART
    return Identified(values, directions[-1], free)


@dataclass(frozen=True)
class Information:
    """How much each target tells.

    wider      (targets, n) factor by which a parameter's standard error grows without the target, inf: it is not told;
               NaN of one at its bound
    effective  number of parameters that the targets determine, the rest is the priors': trace of J_t^T J_t (J^T J)^-1
    """

    wider: np.ndarray
    effective: float


def information(jacobian: np.ndarray, counts: Sequence[int], held: np.ndarray) -> Information:
    """Return what the targets tell, with so many rows of the Jacobian (m, n) each; rows behind theirs are priors'.

    held  (n): which are at a bound
    """
    ends, free = np.cumsum(counts), ~held
    wider = np.full((len(counts), held.size), nan)
    if not free.any():
        return Information(wider, 0.0)
    told = jacobian[:, free]
    of_targets = told[: ends[-1]]
    whole = covariance_of(told, 1.0)
    if whole is None:
        wider[:, free] = inf
        return Information(wider, float(np.linalg.matrix_rank(of_targets)))
    for row, stop, count in zip(wider, ends, counts, strict=True):
        left = covariance_of(np.delete(told, np.s_[stop - count : stop], axis=0), 1.0)
        row[free] = inf if left is None else np.sqrt(np.diag(left) / np.diag(whole))
    return Information(wider, float(np.trace(of_targets.T @ of_targets @ whole)))
