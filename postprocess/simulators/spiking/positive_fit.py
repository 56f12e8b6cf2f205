"""Least squares of a few positive parameters, with confidence intervals and a criterion to choose between forms.

Parameters are fitted as logarithms: none changes its sign, and an interval of a poorly known one is wide upwards. The
intervals are those of the logarithms (`regression`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import Measured
from eisfv.postprocess.regression import ONE_SIDED_SLOPES, aicc, half_widths

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
    aicc        infinite with too few data
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
    spread = half_widths(best.jac, best.fun, at_bound, condition=ONE_SIDED_SLOPES)
    values, square = np.exp(best.x), float(np.mean(best.fun**2))
    return Fitted(
        values,
        values * np.exp(-spread),
        values * np.exp(spread),
        at_bound,
        residual=square**0.5,
        aicc=aicc(square, data.size, best.x.size, EXACT**2),
        count=data.size,
    )
