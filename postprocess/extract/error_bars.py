"""Errors of what is measured: Student's t, means, straight lines, and Akaike's criterion for small samples."""

from math import log

import numpy as np

from .measured import Measured

CONFIDENCE = 0.95
# Residuals below this share of the values are the rounding of the run: no model is better for leaving less.
ROUNDING = 1e-9


def t_factor(dof: int) -> float:
    """Return how many standard errors a 95 % interval reaches to each side, for these degrees of freedom (> 0)."""
    from scipy.special import stdtrit

    return float(stdtrit(dof, 0.5 + 0.5 * CONFIDENCE))


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


def mean_of(values: np.ndarray, unit: str, window: str) -> Measured:
    """Return the mean with the interval of a mean; without one for a single value."""
    count = values.size
    if not count:
        return Measured(None, unit, window=window, reason="there are no data for it")
    mean = float(values.mean())
    if count == 1:
        return Measured(mean, unit, points=1, window=window)
    half = t_factor(count - 1) * float(values.std(ddof=1)) / count**0.5
    return Measured(mean, unit, mean - half, mean + half, count, window)


def line_of(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float | None, float, float]:
    """Return intercept, slope, half of the slope's interval, r2 and the residual of y = a + b x.

    The half is None with fewer than three data; the residual is a share of the root mean square of y.
    """
    middle = x - x.mean()
    width = float(middle @ middle)
    slope = float(middle @ y) / width
    intercept = float(y.mean() - slope * x.mean())
    left = y - intercept - slope * x
    rss, spread = float(left @ left), float(((y - y.mean()) ** 2).sum())
    half = t_factor(x.size - 2) * (rss / (x.size - 2) / width) ** 0.5 if x.size > 2 else None
    r2 = 1.0 - rss / spread if spread > 0.0 else 0.0
    return intercept, slope, half, r2, relative(left, y)


def relative(left: np.ndarray, y: np.ndarray) -> float:
    """Return the root mean square of what a fit leaves over that of the data; 0 for data that are 0."""
    size = float(y @ y)
    return float(left @ left / size) ** 0.5 if size > 0.0 else 0.0
