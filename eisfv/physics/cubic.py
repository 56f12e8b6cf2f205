"""A compiled piecewise cubic: measured curves as the kernels read them.

Layout of one row of numbers: [count, knots..., then four coefficients per interval, highest power first], the
interval's own left knot the origin; straight lines beyond both ends.
"""

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.interpolate import PPoly


def cubic_row(curve: "PPoly") -> NDArray[np.float64]:
    """Return the row of a SciPy piecewise cubic of shape (4, intervals)."""
    knots = np.asarray(curve.x, float)
    return np.concatenate([[float(len(knots))], knots, np.asarray(curve.c, float).T.ravel()])


@njit(cache=True, error_model="numpy")
def cubic(row, x):
    """Return the value and the slope at x."""
    count = int(row[0])
    knots = row[1 : 1 + count]
    first, last = knots[0], knots[count - 1]
    inside = min(max(x, first), last)
    lo, hi = 0, count - 2
    while lo < hi:
        mid = (lo + hi + 1) // 2
        if knots[mid] <= inside:
            lo = mid
        else:
            hi = mid - 1
    a = row[1 + count + 4 * lo : 5 + count + 4 * lo]
    t = inside - knots[lo]
    value = ((a[0] * t + a[1]) * t + a[2]) * t + a[3]
    slope = (3.0 * a[0] * t + 2.0 * a[1]) * t + a[2]
    return value + slope * (x - inside), slope
