"""A compiled piecewise cubic: measured curves as the kernels read them.

Layout of one row of numbers: [count, slope before the first knot, slope after the last, knots..., then four
coefficients per interval, highest power first], the interval's own left knot the origin; straight lines beyond both
ends, the first and the last knot their origins.
"""

import numpy as np
from numba.core.types import UniTuple, float64
from numpy.typing import NDArray

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel

HEAD = 3
Floats = NDArray[np.float64]


def cubic_row(knots: Floats, values: Floats, slopes: Floats, beyond: tuple[float, float]) -> Floats:
    """Return the row of the cubics with these values and slopes at the knots, and these slopes beyond them."""
    h, mean = np.diff(knots), np.diff(values) / np.diff(knots)
    second = (3.0 * mean - 2.0 * slopes[:-1] - slopes[1:]) / h
    third = (slopes[:-1] + slopes[1:] - 2.0 * mean) / h**2
    powers = np.stack([third, second, slopes[:-1], values[:-1]], axis=1)
    return np.concatenate([[float(len(knots)), *beyond], knots, powers.ravel()])


@apart(UniTuple(float64, 2))
@kernel
def cubic(row, x):
    """Return the value and the slope at x."""
    count = int(row[0])
    knots = row[HEAD : HEAD + count]
    first, last = knots[0], knots[count - 1]
    inside = min(max(x, first), last)
    lo, hi = 0, count - 2
    while lo < hi:
        mid = (lo + hi + 1) // 2
        if knots[mid] <= inside:
            lo = mid
        else:
            hi = mid - 1
    begin = HEAD + count + 4 * lo
    a = row[begin : begin + 4]
    t = inside - knots[lo]
    value = ((a[0] * t + a[1]) * t + a[2]) * t + a[3]
    slope = (3.0 * a[0] * t + 2.0 * a[1]) * t + a[2]
    if x < first:
        slope = row[1]
    elif x > last:
        slope = row[2]
    return value + slope * (x - inside), slope
