"""A smooth curve through measured points that turns only where they do.

Between two points a cubic with given slopes at both ends. At a point between two secants d0, d1 of like sign

    slope = (w0 + w1) / (w0/d0 + w1/d1),   w0 = 2 h1 + h0,  w1 = h1 + 2 h0,

h0, h1 the intervals before and after; 0 where the secants differ in sign or one of them is 0. At the two ends the
parabola through the last three points, cut so that the cubic stays monotone. Monotone points give a monotone curve
that never leaves the values of its two neighbours; points on a straight line give that line.

Source: F. N. Fritsch, J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300, with the weights of Brodlie; the ends as in
Moler, Numerical Computing with MATLAB (2004), Sec. 3.4.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hermite:
    """Knots, values and slopes (points); beyond: slopes of the straight lines before the first and after the last."""

    knots: Floats
    values: Floats
    slopes: Floats
    beyond: tuple[float, float]

    def value(self, at: Floats) -> Floats:
        """Return the curve at other places."""
        inside = np.clip(at, self.knots[0], self.knots[-1])
        k = np.clip(np.searchsorted(self.knots, inside, side="right") - 1, 0, len(self.knots) - 2)
        h = self.knots[k + 1] - self.knots[k]
        share = (inside - self.knots[k]) / h
        rise = self.values[k + 1] - self.values[k]
        left, right = h * self.slopes[k], h * self.slopes[k + 1]
        bend = share * (1.0 - share) * ((1.0 - share) * (left - rise) - share * (right - rise))
        outside = np.where(at < inside, self.beyond[0], self.beyond[1]) * (at - inside)
        return np.asarray(self.values[k] + share * rise + bend + outside)

    def slope(self, at: Floats) -> Floats:
        """Return the slopes of the curve at other places."""
        k = np.clip(np.searchsorted(self.knots, at, side="right") - 1, 0, len(self.knots) - 2)
        h = self.knots[k + 1] - self.knots[k]
        share = (at - self.knots[k]) / h
        mean = (self.values[k + 1] - self.values[k]) / h
        left, right = self.slopes[k], self.slopes[k + 1]
        inside = left + share * (6.0 * mean - 4.0 * left - 2.0 * right + 3.0 * share * (left + right - 2.0 * mean))
        outside = [at < self.knots[0], at > self.knots[-1]]
        return np.select(outside, [np.full_like(at, slope) for slope in self.beyond], inside)


def monotone_slopes(x: Floats, f: Floats) -> Floats:
    """Return the slopes (points) of the monotone curve through at least three points."""
    h = np.diff(x)
    secant = np.diff(f) / h
    before, after = secant[:-1], secant[1:]
    slopes = np.zeros(len(x))
    like = before * after > 0.0
    w0, w1 = 2.0 * h[1:] + h[:-1], h[1:] + 2.0 * h[:-1]
    slopes[1:-1][like] = (w0 + w1)[like] / (w0[like] / before[like] + w1[like] / after[like])
    slopes[0] = _end(h[0], h[1], secant[0], secant[1])
    slopes[-1] = _end(h[-1], h[-2], secant[-1], secant[-2])
    return slopes


def _end(h0: float, h1: float, d0: float, d1: float) -> float:
    """Return the slope at an end; h0, d0 interval and secant at the end, h1, d1 the next ones."""
    slope = ((2.0 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
    if slope * d0 <= 0.0:
        return 0.0
    return 3.0 * d0 if d0 * d1 <= 0.0 and abs(slope) > abs(3.0 * d0) else slope
