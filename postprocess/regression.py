"""The errors of least squares, and the straight line.

Minimised is 1/2 sum r_k(p)^2 over m residuals r and n parameters p; J = dr/dp (m, n) at the minimum.

    C     = s^2 (J^T J)^-1,   s^2 = sum r^2 / f       covariance of p, to first order
    p_k  -+ t_f sqrt(C_kk)                            95 % interval, t_f Student's quantile

f     degrees of freedom: m - n, the data counted once each. Data that say the same thing twice count less, and the
      caller says so. With f < 1 nothing is left to measure s by, and there is no interval.
held  a parameter that ended at a bound is not determined by the data: it counts neither among n nor has it an interval.
free  where the smallest singular value of J lies below 1/condition of the largest, a combination of the parameters may
      take any value, and none has an interval. J is judged as it is given: its parameters are to be of like size, as
      logarithms and shares of a range are. Exact slopes and central differences take `EXACT_SLOPES`, one-sided
      differences know no more than the square root of the rounding, `ONE_SIDED_SLOPES`.

(J^T J)^-1 is made from the singular values of J: the product alone would square its condition.

Source: G. A. F. Seber, C. J. Wild, Nonlinear Regression (1989), Sec. 2.1 and 5.2.
"""

from dataclasses import dataclass
from math import log

import numpy as np

CONFIDENCE = 0.95
EXACT_SLOPES, ONE_SIDED_SLOPES = 1e10, 1e8
# Residuals below this share of the values are the rounding of the run: no model is better for leaving less.
ROUNDING = 1e-9


def t_factor(freedom: int) -> float:
    """Return how many standard errors a 95 % interval reaches to each side, for these degrees of freedom (> 0)."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + 0.5 * CONFIDENCE))


def covariance(jacobian: np.ndarray, variance: float, condition: float = EXACT_SLOPES) -> np.ndarray | None:
    """Return C (n, n) of a Jacobian (m, n) with the variance s^2 of a residual; None where a combination is free."""
    m, n = jacobian.shape
    if m < n or not n:
        return None
    _, sizes, rows = np.linalg.svd(jacobian, full_matrices=False)
    if not sizes[-1] * condition > sizes[0]:
        return None
    spread = rows.T / sizes
    return np.asarray(variance * spread @ spread.T)


def half_widths(
    jacobian: np.ndarray,
    residuals: np.ndarray,
    held: np.ndarray | None = None,
    freedom: int | None = None,
    condition: float = EXACT_SLOPES,
) -> np.ndarray:
    """Return the half widths (n) of the intervals of all parameters, NaN where there is none.

    residuals  (m); held (n): which are at a bound; freedom: f, where it is not m - n
    """
    widths = np.full(jacobian.shape[1], np.nan)
    free = np.ones(widths.size, bool) if held is None else ~held
    f = residuals.size - int(free.sum()) if freedom is None else freedom
    if f < 1:
        return widths
    found = covariance(jacobian[:, free], float(residuals @ residuals) / f, condition)
    if found is not None:
        widths[free] = t_factor(f) * np.sqrt(np.diag(found))
    return widths


def mean_half_width(values: np.ndarray) -> float:
    """Return the half width of the interval of a mean of two values or more."""
    return float(t_factor(values.size - 1) * values.std(ddof=1) / values.size**0.5)


@dataclass(frozen=True)
class Line:
    """y = level + slope x by least squares.

    covariance  (2, 2) of level and slope; None with two points
    r2          share of the variance of y that the line has; 0 for a y that does not vary
    residual    root mean square of what it leaves over that of y
    """

    level: float
    slope: float
    covariance: np.ndarray | None
    points: int
    r2: float
    residual: float

    def at(self, x: np.ndarray) -> np.ndarray:
        """Return y at x."""
        return self.level + self.slope * x

    def half_width(self, gradient: tuple[float, float]) -> float | None:
        """Return the half width of the interval of a quantity with this gradient against level and slope."""
        if self.covariance is None:
            return None
        g = np.array(gradient)
        return float(t_factor(self.points - 2) * np.sqrt(max(g @ self.covariance @ g, 0.0)))

    @property
    def slope_half_width(self) -> float | None:
        """Return the half width of the interval of the slope."""
        return self.half_width((0.0, 1.0))


def straight_line(x: np.ndarray, y: np.ndarray) -> Line | None:
    """Return the line through points (n); None with fewer than two different x, and where an x is no number."""
    if x.size < 2 or not np.ptp(x) > 0.0:
        return None
    from scipy.stats import linregress  # here: 0.7 s that most extractions and comparisons do not need

    found = linregress(x, y)
    level, slope = float(found.intercept), float(found.slope)
    r2 = float(found.rvalue) ** 2 if np.ptp(y) > 0.0 else 0.0
    left, middle = y - level - slope * x, float(x.mean())
    errors = None
    if x.size > 2:
        # Not from linregress, which takes 1 - r^2: of a deterministic run that has no digits left.
        variance, width = float(left @ left) / (x.size - 2), float(((x - middle) ** 2).sum())
        errors = variance / width * np.array([[width / x.size + middle**2, -middle], [-middle, 1.0]])
    return Line(level, slope, errors, x.size, r2, relative(left, y))


def relative(left: np.ndarray, y: np.ndarray) -> float:
    """Return the root mean square of what a fit leaves over that of the data; 0 for data that are 0."""
    size = float(y @ y)
    return float(left @ left / size) ** 0.5 if size > 0.0 else 0.0


def aicc(square: float, count: int, parameters: int, floor: float) -> float:
    """Return Akaike's criterion with the correction for small samples; infinite with too few data for it.

    square      mean of the squared residuals; one below `floor` counts as that
    count       independent data
    parameters  of the model; the variance is counted on top
    Source: C. M. Hurvich and C.-L. Tsai, Biometrika 76 (1989) 297.
    """
    k = parameters + 1
    if count - k - 1 <= 0:
        return float("inf")
    return count * log(max(square, floor, 1e-300)) + 2.0 * k * count / (count - k - 1)
