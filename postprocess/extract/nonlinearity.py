"""How bent a train of equal pulses is.

    G(x) = G_0 + B (1 - e^{-x/A}),   B = (G_N - G_0) / (1 - e^{-N/A}),   x = 0 to N pulses

The train's two ends are held and A alone is fitted. k = N/A: 0 a straight train, positive one that flattens, negative
one that steepens; for a train down the same holds of the fall.

Source of the form: P.-Y. Chen, X. Peng, S. Yu, IEEE Trans. Comput.-Aided Des. 37 (2018) 3067.
"""

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.postprocess.regression import half_widths, relative

from .branches import WORDS
from .decay import POOR
from .levels import missing_branch
from .measured import Branch, Measured, Pulses, Topic
from .wording import counted

FEWEST = 4  # pulses of a train
STEEPEST = 60.0  # |k|: all of the change in a sixtieth of the train
NAMES = {1: "up", -1: "down"}


@dataclass(frozen=True)
class Saturating:
    """The fit of a train.

    A           pulses; infinite for a straight train
    B           S
    curvature   k = N/A with its 95 % interval (low, high); None where the data leave none
    confidence  95 % interval of A, pulses; None where the interval of k holds the straight line
    residual    root mean square of what is left, over that of the change
    course      the fit at the data, S
    """

    A: float
    B: float
    curvature: float
    interval: tuple[float, float] | None
    confidence: tuple[float, float] | None
    residual: float
    course: np.ndarray


def saturating(k: float, u: np.ndarray) -> np.ndarray:
    """Return (1 - e^{-k u}) / (1 - e^{-k}), which is u for k = 0; u from 0 to 1."""
    if abs(k) < 1e-6:
        return np.asarray(u * (1.0 + 0.5 * k * (1.0 - u)))
    # Written with the exponential that does not overflow.
    return np.asarray(np.expm1(-k * u) / np.expm1(-k)) if k > 0 else np.asarray(1.0 - saturating(-k, 1.0 - u))


def fit_saturating(x: np.ndarray, g: np.ndarray) -> Saturating:
    """Return the fit of a train's conductance g (S) against its pulses x, from 0 up; rising or falling.

    Raises ValueError with fewer than three readings, or where the last equals the first.
    """
    from scipy.optimize import least_squares

    if x.size < 3 or g[-1] == g[0]:
        raise ValueError("a train needs three readings and a change between its ends")
    u, h = x / x[-1], (g - g[0]) / (g[-1] - g[0])
    starts = [
        least_squares(lambda k: saturating(float(k[0]), u) - h, [k], bounds=(-STEEPEST, STEEPEST)) for k in (-1, 1)
    ]
    best = min(starts, key=lambda found: float(found.cost))
    k, dof = float(best.x[0]), x.size - 3  # two ends are held, one number is fitted
    (half,) = half_widths(best.jac, best.fun, freedom=dof).tolist()
    interval = (k - half, k + half) if isfinite(half) else None
    confidence = None
    if interval is not None and interval[0] * interval[1] > 0.0:
        low, high = sorted(float(x[-1]) / end for end in interval)
        confidence = (low, high)
    change = float(g[-1] - g[0])
    course = g[0] + change * saturating(k, u)
    return Saturating(
        A=float(x[-1]) / k if k else inf,
        B=change / -float(np.expm1(-k)) if k else inf,
        curvature=k,
        interval=interval,
        confidence=confidence,
        residual=relative(g - course, g - g[0]),
        course=course,
    )


def longest_train(pulses: Pulses, branch: Branch) -> np.ndarray:
    """Return the numbers of the longest train: pulses of a branch with none of another kind between.

    Of trains equally long the last: the first of a cycled device starts from a state that does not come back.
    """
    chosen = branch.chosen
    breaks = np.flatnonzero((np.diff(chosen) != 1) | (np.diff(pulses.run[chosen]) != 0)) + 1
    trains = np.split(chosen, breaks)
    lengths = [train.size for train in trains]
    return trains[len(lengths) - 1 - lengths[::-1].index(max(lengths))]


def train_of(pulses: Pulses, branch: Branch) -> np.ndarray:
    """Return the conductance along the longest train, from before its first pulse to after its last, S."""
    train = longest_train(pulses, branch)
    return np.append(pulses.before[train], pulses.after[train[-1]])


def measure_nonlinearity(pulses: Pulses, branch: Branch | None, sign: int) -> Topic:
    """Return nonlinearity_<branch> = N/A, saturation_<branch> = last step over the largest, and the train."""
    name = NAMES[sign]
    if branch is None:
        why = missing_branch(sign)
        return Topic(
            {f"nonlinearity_{name}": Measured(None, reason=why), f"saturation_{name}": Measured(None, reason=why)}
        )
    g = train_of(pulses, branch)
    steps = np.abs(np.diff(g))
    window = f"N = {counted(steps.size, 'pulse')}, {quantity(g[0], 'S')} to {quantity(g[-1], 'S')}: the longest train"
    saturation = Measured(
        float(steps[-1] / steps.max()), points=steps.size, window=f"last step over the largest, {window}"
    )
    if steps.size < FEWEST or (g[-1] - g[0]) * sign <= 0.0:
        short = f"a train needs {FEWEST} pulses and the longest that {WORDS[sign]} the conductance has {steps.size}"
        why = short if steps.size < FEWEST else "the longest train ends where it began"
        return Topic({f"nonlinearity_{name}": Measured(None, reason=why), f"saturation_{name}": saturation})
    x = np.arange(g.size, dtype=float)
    fit = fit_saturating(x, g)
    if abs(fit.curvature) > 0.99 * STEEPEST:
        why = f"all of the change lies in a {STEEPEST:g}th of the train: |N/A| is larger"
        return Topic({f"nonlinearity_{name}": Measured(None, reason=why), f"saturation_{name}": saturation})
    table = {"pulse": x, "conductance_S": g, "saturating_S": fit.course}
    if fit.residual > POOR:
        why = f"the law leaves {fit.residual:.0%} of the change"
        value = Measured(None, points=g.size, window=f"N/A of {window}", residual=fit.residual, reason=why)
        return Topic({f"nonlinearity_{name}": value, f"saturation_{name}": saturation}, {f"train_{name}": table})
    low, high = fit.interval or (None, None)
    value = Measured(fit.curvature, "", low, high, g.size, f"N/A of {window}", fit.residual)
    return Topic({f"nonlinearity_{name}": value, f"saturation_{name}": saturation}, {f"train_{name}": table})
