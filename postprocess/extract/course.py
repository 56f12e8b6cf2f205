"""A smooth course through scattered data: a spline whose flexibility the data decide.

Tried are polynomials up to the third order, then cubic splines with ever more knots, spread evenly over the parts of
the range that have data or over the data; that with the smallest AICc is taken. Fewer than six data give a straight
line. Never used outside the range of the data.

Data that start from the same place, to a thousandth of the range, say the same thing more than once: a deterministic
device that is cycled repeats itself. For the criterion and for the errors the places are counted, not the data.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from eisfv.postprocess.regression import EXACT_SLOPES, ROUNDING, aicc, covariance, relative, t_factor

INNER_KNOTS = (1, 2, 3, 4, 6, 8, 12, 16, 24)
BINS = 64  # parts of the range that are looked at for data
DISTINCT = 1e-3  # of the range: abscissae closer than this are one place
ONE_PLACE = 1e-9  # of the abscissa: a range that is rounding
FEW = 6  # data; with fewer the criterion has nothing to go by


@dataclass(frozen=True)
class Course:
    """A course y(x) from low to high.

    spline      SciPy's BSpline of it; covariance that of its coefficients, None with no data to spare
    dof         degrees of freedom left of the places
    scatter     root mean square of what it leaves, corrected for the parameters; 0 with none to spare
    residual    the same over the root mean square of y, not corrected
    points      data
    places      they are at
    """

    low: float
    high: float
    spline: Any
    covariance: np.ndarray | None
    dof: int
    scatter: float
    residual: float
    points: int
    places: int

    def value(self, x: float) -> float:
        """Return y at x, held at the ends of the range."""
        return float(self.spline(self.inside(x)))

    def values(self, x: np.ndarray) -> np.ndarray:
        """Return y at many x, held at the ends of the range."""
        return np.asarray(self.spline(np.clip(x, self.low, self.high)))

    def slope(self, x: float) -> float:
        """Return dy/dx at x; 0 for a course without a range."""
        return float(self.spline.derivative()(self.inside(x))) if self.spline.k else 0.0

    def half(self, x: float, order: int = 0) -> float | None:
        """Return half of the 95 % interval of the value, order 0, or the slope, order 1; None where there is none."""
        error = self.error(x, order)
        return None if error is None else t_factor(self.dof) * error

    def error(self, x: float, order: int = 0) -> float | None:
        """Return the standard error of the value, order 0, or of the slope, order 1; None where there is none."""
        from scipy.interpolate import BSpline

        if self.covariance is None or order > self.spline.k:
            return None
        basis = BSpline(self.spline.t, np.eye(len(self.spline.c)), self.spline.k)
        row = (basis.derivative(order) if order else basis)(self.inside(x))
        return float(np.sqrt(max(row @ self.covariance @ row, 0.0)))

    def inside(self, x: float) -> float:
        """Return x, or the end of the range that is next to it."""
        return min(max(x, self.low), self.high)


def course_of(x: np.ndarray, y: np.ndarray, blur: float = 0.0) -> Course:
    """Return the course through at least one datum; a range of x up to `blur` is one place."""
    low, high = float(x.min()), float(x.max())
    distinct = np.unique(np.round((x - low) / (high - low) / DISTINCT)).size if high > low else 1
    if high - low <= max(blur, ONE_PLACE * abs(low)):
        distinct, high = 1, max(high, low + max(ONE_PLACE * abs(low), 1e-300))  # a spline needs a range
    if distinct < FEW:
        return fitted(x, y, low, high, min(1, distinct - 1), np.empty(0), distinct)[0]
    candidates = [fitted(x, y, low, high, degree, np.empty(0), distinct) for degree in range(4)]
    for count in (k for k in INNER_KNOTS if 4 + k <= distinct // 2):
        shares = np.linspace(0.0, 1.0, count + 2)[1:-1]
        for spread in (occupied(x, low, high), x):
            candidates.append(fitted(x, y, low, high, 3, np.unique(np.quantile(spread, shares)), distinct))
    floor = (ROUNDING * float(np.abs(y).max())) ** 2
    best = min(candidates, key=lambda found: aicc(found[1] / x.size, distinct, len(found[0].spline.c), floor))
    return best[0]


def fitted(
    x: np.ndarray, y: np.ndarray, low: float, high: float, degree: int, inner: np.ndarray, distinct: int
) -> tuple[Course, float]:
    """Return the least-squares spline and its sum of squared residuals; distinct: how many places the data are at."""
    from scipy.interpolate import BSpline

    knots = np.concatenate([[low] * (degree + 1), inner, [high] * (degree + 1)])
    design = BSpline.design_matrix(np.clip(x, low, high), knots, degree).toarray()
    scale = float(np.abs(y).max()) or 1.0
    coefficients, _, rank, _ = np.linalg.lstsq(design, y / scale, rcond=1.0 / EXACT_SLOPES)
    left = y - scale * (design @ coefficients)
    rss, dof = float(left @ left), distinct - len(coefficients)
    errors = covariance(design, rss / dof) if dof > 0 else None
    spline = BSpline(knots, scale * coefficients, degree)
    spare = x.size - len(coefficients)
    scatter = (rss / spare) ** 0.5 if spare > 0 else 0.0
    found = Course(low, high, spline, errors, max(dof, 0), scatter, relative(left, y), x.size, distinct)
    # Knots where there are too few data: such a spline is no candidate.
    return found, rss if rank == len(coefficients) else float("inf")


def occupied(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return the middles of the parts of the range that have data, however many data each part has."""
    parts = np.clip(((x - low) / (high - low) * BINS).astype(int), 0, BINS - 1)
    return np.asarray(low + (np.unique(parts) + 0.5) / BINS * (high - low))
