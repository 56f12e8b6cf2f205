"""What the targets cannot tell: the directions in parameter space that change the residuals least.

    F = J^T J = V diag(s^2) V^T,   J = dr/du (m, n), u the share of each parameter's range

s  singular values: a step of 1/s along its direction changes the residuals by one tolerance. The condition number is
   the largest over the smallest. With m < n the directions that no target sees have s = 0.

A parameter is not identified where its standard error is `WIDE` of its range or more, or, where no error can be given,
where it takes part in a direction that is free.

Source: G. A. F. Seber, C. J. Wild, Nonlinear Regression (1989), Sec. 3.4.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

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
    """Return what a Jacobian (m, n) against u tells; covariance (n, n) of u, None where there is none."""
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
