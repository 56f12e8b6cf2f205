"""NeuroSim's nonlinearity label of a train, from the curvature k of its fit.

    G(x) = G_min + B (1 - e^{-x/A}),   B = (G_max - G_min) / (1 - e^{-N/A}),   x from 0 to N pulses, up from G_min

    label = sign(a) [b - |a| - |a| ln(b / |a|)] / (0.07 sqrt 2),   a = A/N = 1/k,   b = 1 / (1 - e^{-1/|a|})

The bracket is how far the train, scaled to run from 0 to 1 in both x and G, rises above the straight line at most.
The position x counts up from G_min in both directions: a train down that flattens towards G_min has a negative A.
"""

from math import copysign, expm1, inf, log1p, sqrt

DIVISOR = 0.07 * sqrt(2.0)
# Below it b - |a| cancels; the series leaves less than the rounding.
SMALL = 0.05


def label_of(curvature: float) -> float:
    """Return the label for k = N/A; 0 for a straight train."""
    k = abs(curvature)
    if k == 0.0:
        return 0.0
    return copysign((excess(k) - log1p(k * excess(k)) / k) / DIVISOR, curvature) if k < SMALL else _steep(curvature)


def excess(k: float) -> float:
    """Return b - |a| for a small k: Bernoulli's series of 1 / (1 - e^{-k}) - 1/k."""
    return 0.5 + k / 12.0 - k**3 / 720.0 + k**5 / 30240.0


def curvature_of(label: float) -> float:
    """Return k = N/A for a label, by bisection. Raises ValueError for a label that no train has."""
    target = abs(label)
    if target == 0.0:
        return 0.0
    if target >= 1.0 / DIVISOR:
        raise ValueError(f"no train is bent as much as the label {label:g} says")
    low, high = 0.0, 1.0
    while label_of(high) < target:
        high *= 2.0
        if high == inf:
            raise ValueError(f"no train is bent as much as the label {label:g} says")
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if label_of(middle) < target else (low, middle)
    return copysign(0.5 * (low + high), label)


def _steep(curvature: float) -> float:
    k = abs(curvature)
    b = -1.0 / expm1(-k)
    return copysign((b - 1.0 / k - log1p(b * k - 1.0) / k) / DIVISOR, curvature)
