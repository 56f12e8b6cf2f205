"""Least squares of a few positive parameters, with confidence intervals and a criterion to choose between forms.

Parameters are fitted as logarithms: none changes its sign, and an interval of a poorly known one is wide upwards. The
intervals are of 95 %, from Student's t and the covariance of the logarithms, (J^T J)^-1 times the variance of the
residuals.

    AICc = n ln(S/n) + 2 k + 2 k (k + 1)/(n - k - 1)

    S  sum of the squared residuals of n data; k  parameters, the variance counted

Source: K. P. Burnham, D. R. Anderson, Model Selection and Multimodel Inference (2002), Sec. 2.4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from eisfv.postprocess.extract.records import Measured

CONFIDENCE = 0.95
# A residual below this share of the data is the rounding of the csv tables.
EXACT = 1e-12

Model = Callable[[np.ndarray], np.ndarray]  # parameters -> what they make of the data


@dataclass(frozen=True)
class Fitted:
    """A fit: n data, k parameters.

    values      (k)
    low, high   (k) ends of the intervals; NaN where there is none
    at_bound    (k) whether a parameter ended at one of its bounds
    residual    root mean square of what is left over that of the data
    aicc        NaN with too few data
    count       n
    """

    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_bound: np.ndarray
    residual: float
    aicc: float
    count: int

    def measured(self, number: int, unit: str, window: str, factor: float = 1.0) -> Measured:
        """Return a parameter, times a factor, as what an extraction tells."""
        ends = sorted(factor * float(end) for end in (self.low[number], self.high[number]))
        known = bool(np.isfinite(ends).all())
        return Measured(
            factor * float(self.values[number]),
            unit,
            low=ends[0] if known else None,
            high=ends[1] if known else None,
            points=self.count,
            window=window,
            residual=self.residual,
        )


def fit(model: Model, data: np.ndarray, starts: Sequence[np.ndarray], bounds: tuple[np.ndarray, np.ndarray]) -> Fitted:
    """Return the best fit from several starts; starts and bounds (k) of the parameters, all positive."""
    from scipy.optimize import least_squares

    size = float(np.sqrt(np.mean(data**2)))
    low, high = np.log(bounds[0]), np.log(bounds[1])
    found = [
        least_squares(
            lambda u: (model(np.exp(u)) - data) / size,
            np.clip(np.log(start), low + 1e-6, high - 1e-6),
            bounds=(low, high),
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-12,
            max_nfev=400,
        )
        for start in starts
    ]
    best = min(found, key=lambda one: one.cost)
    at_bound = np.minimum(best.x - low, high - best.x) < 1e-4
    spread = interval(best.jac, best.fun, at_bound)
    n, k = data.size, best.x.size + 1
    left = max(float(best.fun @ best.fun), n * EXACT**2)
    aicc = n * np.log(left / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else float("nan")
    values = np.exp(best.x)
    residual = float(np.sqrt(np.mean(best.fun**2)))
    return Fitted(values, values * np.exp(-spread), values * np.exp(spread), at_bound, residual, float(aicc), n)


def interval(jac: np.ndarray, left: np.ndarray, at_bound: np.ndarray) -> np.ndarray:
    """Return the half width of the interval of each logarithm (k); NaN where data or the fit give none."""
    from scipy.stats import t

    spread = np.full(at_bound.size, np.nan)
    free = np.flatnonzero(~at_bound)
    freedom = left.size - free.size
    if freedom < 1 or not free.size:
        return spread
    _, sizes, rows = np.linalg.svd(jac[:, free], full_matrices=False)
    # Beyond the square root of the rounding a combination of the parameters is free.
    if not sizes[-1] > 1e-8 * sizes[0]:
        return spread
    variance = float(left @ left) / freedom
    covariance = variance * (rows.T / sizes**2) @ rows
    spread[free] = t.ppf(0.5 + CONFIDENCE / 2.0, freedom) * np.sqrt(np.diag(covariance))
    return spread
