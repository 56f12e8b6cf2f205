"""Where a host falls apart into two phases: the common tangents of its free energy.

    G'(x) = mu(x) = -zFU(x)/RT                                free energy per site over RT
    mu(x_a) = mu(x_b) = M,   G(x_b) - G(x_a) = M (x_b - x_a)  phases x_a < x_b: equal areas under mu
    g(x) = G(x) - G(x_a) - M (x - x_a),   B = max g           barrier between them
    S(x) = dmu/dx < 0                                         spinodal: not even a small difference decays

Between x_a and x_b the two phases side by side have less energy than the uniform host, by the lever rule x_b holds the
share (x - x_a)/(x_b - x_a), and U = -M RT/zF is a plateau. Where U(x) is level itself, as a measured plateau often is,
its ends are the phases, without a barrier.

Source: J. W. Cahn, J. E. Hilliard, J. Chem. Phys. 28 (1958) 258.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from eisfv.model.monotone import Floats, Hermite

ROUNDING = 1e-9  # of the slope of a level piece, RT per unit of ln(x/(1-x))
RANGE, STEPS = 16.0, 4000  # of ln(x/(1-x)): the last sites and the first ions mix whatever else they do
POINTS, INSIDE = 129, 25  # of a hull and of its plateau: cubics between them are off by 1e-5 RT
CORNER = 0.01  # of ln(x/(1-x)): over it the corner at a plateau's end is rounded
NODES, WEIGHTS = np.polynomial.legendre.leggauss(4)
POLISHED = 40
FARTHEST = 4.0  # of ln(x/(1-x)) between the foot of a tangent and where a plateau that falls meets the curve


class Curve(Protocol):
    """zFU/RT against y = ln(x/(1-x)): places between which it is smooth, its value and its slope."""

    @property
    def knots(self) -> Floats: ...

    def value(self, y: Floats) -> Floats: ...

    def slope(self, y: Floats) -> Floats: ...


@dataclass(frozen=True)
class Gap:
    """Two phases that a host falls apart into.

    low, high   their compositions x_a, x_b; spinodal: within these x the uniform host is unstable
    level       -zFU/RT of the plateau; barrier B, RT per site, 0 where U(x) is level
    tension     integral over x of sqrt(2 g): the energy of the boundary over RT c_site sqrt(kappa)
    """

    low: float
    high: float
    spinodal: tuple[float, float]
    level: float
    barrier: float
    tension: float


def falls(curve: Curve) -> bool:
    """Return whether U(x) falls everywhere: it neither rises nor is level."""
    return bool((curve.slope(_places(curve)) < -ROUNDING).all())


def gaps(curve: Curve) -> tuple[Gap, ...]:
    """Return the gaps of a host, in the order of x; none where U(x) falls everywhere."""
    if falls(curve):
        return ()
    y = _places(curve)
    x, level, energy = _fraction(y), -curve.value(y), _energies(curve, y)
    unstable = curve.slope(y) > ROUNDING
    found = []
    corners = _lower_hull(x, energy)
    for a, b in pairwise(corners):
        if not unstable[a:b].any():
            continue
        low, high, plateau = _tangent(curve, y[a], y[b], float(0.5 * (level[a] + level[b])))
        inside = (y > low) & (y < high)
        foot = energy[a] + _energies(curve, np.array([y[a], low]))[1]
        above = energy - foot - plateau * (x - _fraction(low))
        above = np.where(inside, np.maximum(above, 0.0), 0.0)
        root = np.sqrt(2.0 * above)
        tension = float((0.5 * (root[1:] + root[:-1]) * np.diff(x)).sum())
        found.append(
            Gap(
                float(_fraction(low)),
                float(_fraction(high)),
                _spinodal(curve, y[inside & unstable]),
                plateau,
                float(above.max()),
                tension,
            )
        )
    rest = [gap for gap in _level(curve, y) if all(gap.high <= one.low or gap.low >= one.high for one in found)]
    return tuple(sorted((*found, *rest), key=lambda gap: gap.low))


def _level(curve: Curve, y: Floats) -> Iterator[Gap]:
    """Give the pieces over which U(x) does not change, from places y."""
    level = np.concatenate([[False], np.abs(curve.slope(0.5 * (y[1:] + y[:-1]))) <= ROUNDING, [False]])
    turns = np.flatnonzero(np.diff(level.astype(int)))
    for first, last in turns.reshape(-1, 2):
        ends = float(_fraction(y[first])), float(_fraction(y[last]))
        yield Gap(*ends, ends, float(-curve.value(y[first : first + 1])[0]), 0.0, 0.0)


def hull(curve: Curve, slope: float, mixing: float) -> Hermite:
    """Return the curve with every gap replaced by its plateau. Outside the gaps it is the given one, at close points.

        zFU/RT = -M - slope (x - x_m) - mixing ln(x/x_m),   x_m the middle of the gap

    slope, mixing: what leaves the space charge of a plateau a solution, RT; a level one has none
    """
    places = np.union1d(np.linspace(-RANGE, RANGE, POINTS), curve.knots)
    values, slopes = curve.value(places), curve.slope(places)
    for gap in gaps(curve):
        middle = 0.5 * (gap.low + gap.high)

        def plateau(y: Floats, gap: Gap = gap, middle: float = middle) -> Floats:
            x = _fraction(y)
            return np.asarray(-gap.level - slope * (x - middle) - mixing * np.log(x / middle))

        low, high = (_crossing(curve, plateau, x, sign) for x, sign in ((gap.low, -1.0), (gap.high, 1.0)))
        inside = np.linspace(low, high, INSIDE)
        x = _fraction(inside)
        fall = -slope * x * (1.0 - x) - mixing * (1.0 - x)
        before, after = places < low - 2.0 * CORNER, places > high + 2.0 * CORNER
        beside = np.array([low - CORNER, high + CORNER])
        (v0, v1), (s0, s1) = curve.value(beside), curve.slope(beside)
        places = np.concatenate([places[before], beside[:1], inside, beside[1:], places[after]])
        values = np.concatenate([values[before], [v0], plateau(inside), [v1], values[after]])
        slopes = np.concatenate([slopes[before], [s0], fall, [s1], slopes[after]])
    return Hermite(places, values, slopes, (min(slopes[0], -1.0), min(slopes[-1], -1.0)))


def _crossing(curve: Curve, plateau: Callable[[Floats], Floats], foot: float, sign: float) -> float:
    """Return where a plateau that falls meets the curve: outside the tangent's foot (x), on its side (sign)."""
    near = float(np.log(foot / (1.0 - foot)))
    far = near + sign * FARTHEST
    for _ in range(60):
        middle = 0.5 * (near + far)
        beyond = sign * float((plateau(np.array([middle])) - curve.value(np.array([middle])))[0]) > 0.0
        near, far = (near, middle) if beyond else (middle, far)
    return near


def _places(curve: Curve) -> Floats:
    places = np.unique(np.concatenate([np.linspace(-RANGE, RANGE, STEPS + 1), curve.knots]))
    return np.asarray(places[np.concatenate([[True], np.diff(places) > 1e-9])])


def _fraction(y: Floats | float) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(y))))


def _energies(curve: Curve, y: Floats) -> Floats:
    """Return G (y) from the first place: Gauss-Legendre between two neighbours."""
    half = 0.5 * np.diff(y)
    at = (0.5 * (y[1:] + y[:-1]))[:, None] + half[:, None] * NODES
    x = _fraction(at)
    each = half * ((-curve.value(at.ravel()).reshape(at.shape) * x * (1.0 - x)) @ WEIGHTS)
    return np.concatenate([[0.0], np.cumsum(each)])


def _lower_hull(x: Floats, energy: Floats) -> list[int]:
    corners: list[int] = []
    for k in range(len(x)):
        while len(corners) > 1:
            i, j = corners[-2], corners[-1]
            if (energy[j] - energy[i]) * (x[k] - x[i]) < (energy[k] - energy[i]) * (x[j] - x[i]):
                break
            corners.pop()
        corners.append(k)
    return corners


def _tangent(curve: Curve, low: float, high: float, level: float) -> tuple[float, float, float]:
    """Return y of both phases and M by Newton's iteration, from neighbours of the tangent's feet."""
    for _ in range(POLISHED):
        y = np.array([low, high])
        x, mu, stiff = _fraction(y), -curve.value(y), -curve.slope(y)
        span = _energies(curve, np.unique(np.concatenate([np.linspace(low, high, 801), _between(curve, low, high)])))
        # With the level right for these feet, each foot goes to where mu has that level.
        new = float(span[-1] / (x[1] - x[0]))
        steps = np.clip((new - mu) / np.where(stiff > 0.0, stiff, np.inf), -0.1, 0.1)
        low, high = low + float(steps[0]), high + float(steps[1])
        done = abs(new - level) < 1e-14 * max(1.0, abs(new)) and float(np.abs(steps).max()) < 1e-12
        level = new
        if done:
            break
    return low, high, level


def _spinodal(curve: Curve, unstable: Floats) -> tuple[float, float]:
    """Return the x between which U rises, from the places (y) where it does."""
    step = 2.0 * RANGE / STEPS
    ends = []
    for edge, sign in ((float(unstable[0]), -1.0), (float(unstable[-1]), 1.0)):
        y = edge + sign * step * np.linspace(0.0, 1.0, 201)
        ends.append(float(_fraction(y[int((curve.slope(y) > ROUNDING).sum()) - 1])))
    return ends[0], ends[1]


def _between(curve: Curve, low: float, high: float) -> Floats:
    return curve.knots[(curve.knots > low) & (curve.knots < high)]
