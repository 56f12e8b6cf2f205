"""A law's slopes against differences of its values."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

Law = Callable[..., Sequence[float]]

# Balances the fourth-order truncation of the difference against the rounding of the values.
STEP = 1e-3
ROUNDING = 1e-14


def difference(value: Callable[[float], float], x: float, floor: float = 1.0) -> tuple[float, float]:
    """Return dvalue/dx from central differences at h and h/2 (Richardson), and the rounding it may carry."""
    h = STEP * max(floor, abs(x))
    coarse = (value(x + h) - value(x - h)) / (2.0 * h)
    fine = (value(x + 0.5 * h) - value(x - 0.5 * h)) / h
    return (4.0 * fine - coarse) / 3.0, ROUNDING * abs(value(x)) / h


def assert_slopes(law: Law, points: Iterable[Sequence[float]], rtol: float = 1e-7, floor: float = 1.0) -> None:
    """Assert that law(*x) = (value, slope of x_0, slope of x_1, ...) holds at every point.

    floor  smallest scale of an argument; 0 for a law that varies by decades
    """
    for point in points:
        for i, slope in enumerate(law(*point)[1:]):

            def along(x: float, at: Sequence[float] = point, which: int = i) -> float:
                return float(law(*at[:which], x, *at[which + 1 :])[0])

            found, rounding = difference(along, float(point[i]), floor)
            np.testing.assert_allclose(slope, found, rtol=rtol, atol=rounding, err_msg=f"slope {i} at {tuple(point)}")
