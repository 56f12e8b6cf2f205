"""A smooth curve through points: piecewise cubics as numbers and as the text that circuit simulators read.

Between two knots a cubic with the given slopes at both, beyond the ends straight lines with slopes of their own. The
text is a tree of `@(x < knot ? left : right)` that halves the knots at every level; without the @, Verilog-A and
ngspice read it alike.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Function = Callable[[float], float]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A function of x and its text, in which `{x}` stands for the argument."""

    value: Function
    template: str

    def text(self, x: str) -> str:
        """Return the curve at `x`."""
        return self.template.replace("{x}", x)


@dataclass(frozen=True)
class Cubic:
    """Knots (m,), values (m,) and slopes (m,) at them; beyond: slopes before the first and after the last knot."""

    knots: tuple[float, ...]
    values: tuple[float, ...]
    slopes: tuple[float, ...]
    beyond: tuple[float, float]

    def function(self) -> Function:
        """Return the curve as a function of one number."""
        inner = list(self.knots[1:-1])
        pieces = self.pieces()

        def value(x: float) -> float:
            left, a, b, c, d = pieces[0 if x < first else -1 if x >= last else 1 + bisect_right(inner, x)]
            t = x - left
            return a + t * (b + t * (c + t * d))

        first, last = self.knots[0], self.knots[-1]
        return value

    def pieces(self) -> list[tuple[float, float, float, float, float]]:
        """Return left knot and coefficients, lowest power first, of the line before, each cubic and the line after."""
        k, v, s = self.knots, self.values, self.slopes
        rows = [(k[0], v[0], self.beyond[0], 0.0, 0.0)]
        for i in range(len(k) - 1):
            h = k[i + 1] - k[i]
            mean = (v[i + 1] - v[i]) / h
            curvature = (3.0 * mean - 2.0 * s[i] - s[i + 1]) / h
            rows.append((k[i], v[i], s[i], curvature, (s[i] + s[i + 1] - 2.0 * mean) / h**2))
        return [*rows, (k[-1], v[-1], self.beyond[1], 0.0, 0.0)]

    def text(self, x: str) -> str:
        """Return the curve at `x`, a name or an expression in brackets."""
        return branches(self.knots, [horner(x, *piece) for piece in self.pieces()], x)


def horner(x: str, left: float, a: float, b: float, c: float, d: float) -> str:
    """Return a cubic in x - left."""
    t = f"({x}-({left:.12g}))"
    if c == 0.0 and d == 0.0:
        return f"({a:.12g}+{t}*({b:.12g}))"
    return f"({a:.12g}+{t}*({b:.12g}+{t}*({c:.12g}+{t}*({d:.12g}))))"


def branches(knots: Sequence[float], texts: Sequence[str], x: str) -> str:
    """Return the choice among texts, one more than knots: the k-th below the k-th knot."""
    if not knots:
        return texts[0]
    middle = len(knots) // 2
    low = branches(knots[:middle], texts[: middle + 1], x)
    high = branches(knots[middle + 1 :], texts[middle + 1 :], x)
    return f"@({x}<({knots[middle]:.12g}) ? {low} : {high})"


def through(knots: Floats, values: Floats, slopes: Floats, beyond: tuple[float, float] | None = None) -> Cubic:
    """Return the curve through points with these slopes; without others those of the ends go on beyond them."""
    k, v, s = (tuple(float(number) for number in array) for array in (knots, values, slopes))
    before, after = beyond or (s[0], s[-1])
    return Cubic(k, v, s, (float(before), float(after)))
