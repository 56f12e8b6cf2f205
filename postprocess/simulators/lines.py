"""Straight lines and least squares with the 95 % intervals of their parameters."""

from dataclasses import dataclass

import numpy as np
from eisfv.postprocess.extract.error_bars import t_factor

# Of the singular values of the Jacobian; beyond it a combination of parameters is free.
CONDITION = 1e8


@dataclass(frozen=True)
class Line:
    """y = level + slope x; covariance (2, 2) of both, None with two points."""

    level: float
    slope: float
    covariance: np.ndarray | None
    points: int

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return y at x."""
        return self.level + self.slope * x

    def half_width(self, gradient: tuple[float, float]) -> float | None:
        """Return the half width of the interval of a quantity with this gradient against level and slope."""
        if self.covariance is None:
            return None
        g = np.array(gradient)
        return float(t_factor(self.points - 2) * np.sqrt(max(g @ self.covariance @ g, 0.0)))


def line(x: np.ndarray, y: np.ndarray) -> Line | None:
    """Return the least-squares line through points (n,); None with fewer than two different x."""
    if np.unique(x).size < 2:
        return None
    matrix = np.stack([np.ones_like(x), x], axis=1)
    (level, slope), *_ = np.linalg.lstsq(matrix, y)
    left = y - level - slope * x
    covariance = None
    if x.size > 2:
        covariance = np.linalg.inv(matrix.T @ matrix) * float(left @ left) / (x.size - 2)
    return Line(float(level), float(slope), covariance, x.size)


def half_widths(jacobian: np.ndarray, residuals: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Return the half widths (n,) of the intervals of fitted parameters, NaN where there is none.

    jacobian  (m, n); residuals (m,); held (n,) true for a parameter at its bound, which the data do not determine
    """
    widths = np.full(held.size, np.nan)
    free = np.flatnonzero(~held)
    m, n = residuals.size, free.size
    if m <= n or n == 0:
        return widths
    _, sizes, rows = np.linalg.svd(jacobian[:, free], full_matrices=False)
    if sizes[-1] * CONDITION <= sizes[0]:
        return widths
    covariance = (rows.T / sizes**2) @ rows * float(residuals @ residuals) / (m - n)
    widths[free] = t_factor(m - n) * np.sqrt(np.diag(covariance))
    return widths
