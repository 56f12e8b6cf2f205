"""Fits of a relaxation y(x), x counted from the first row, with their standard errors.

    bi-exponential          y = c + A1 e^(-x/tau1) + A2 e^(-x/tau2),   tau1 < tau2
    stretched exponential   y = c + A e^(-(x/tau)^beta)

c, A by linear least squares at each trial of the others, those in their logarithms (variable projection); errors
from C = s^2 (J^T J)^-1 of all parameters (`regression`). A parameter whose standard error is above half of it is not
identified, nor is a time shorter than the first interval of the data or longer than all of them.

Source: G. H. Golub, V. Pereyra, SIAM J. Numer. Anal. 10 (1973) 413.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from eisfv.postprocess.regression import covariance

from .reductions import ReductionError

LOOSE = 0.5  # standard error over value from which on a value is not told
PER_PARAMETER = 2  # points that a parameter needs at least
BEYOND = 5.0  # e-folds beyond the data where a time is sought: what ends there is not identified, and is told so
EXPONENTS = (0.05, 20.0)  # where beta is sought: the first spreads a decay over 60 decades, the last is a step
STEP = 1e-5  # of a logarithm, for central differences: wrong by 1e-10, its square, and by 1e-11, rounding over it
CONDITION = 1e5  # a combination of parameters that moves a curve by less than 1e-5 of its change is free: no data tell

Shapes = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Fitted:
    """Values and their standard errors by name."""

    values: dict[str, float]
    errors: dict[str, float]


def two_exponentials(x: np.ndarray, y: np.ndarray) -> Fitted:
    """Return tau1, tau2 and the ratio A1:A2. Raises ReductionError where the curve does not give them."""

    def shapes(t: np.ndarray, logs: np.ndarray) -> np.ndarray:
        return np.stack([np.ones_like(t), *(np.exp(-t / tau) for tau in np.exp(logs))], axis=1)

    times = _trial_times(x, 5)
    starts = [pair for pair in product(times, times) if pair[0] < pair[1]]
    logs, linear, errors = _fit(x, y, shapes, starts, [_times_within(x)] * 2, "two exponentials")
    if logs[0] > logs[1]:
        logs, linear = logs[::-1], linear[[0, 2, 1]]
        errors = errors[np.ix_([0, 2, 1, 4, 3], [0, 2, 1, 4, 3])]
    tau, (a1, a2) = np.exp(logs), linear[1:]
    ratio = a1 / a2
    gradient = np.array([0.0, 1.0 / a2, -a1 / a2**2, 0.0, 0.0])
    spread = {
        "tau1": tau[0] * errors[3, 3] ** 0.5,
        "tau2": tau[1] * errors[4, 4] ** 0.5,
        "ratio": float(gradient @ errors @ gradient) ** 0.5,
    }
    found = Fitted({"tau1": float(tau[0]), "tau2": float(tau[1]), "ratio": float(ratio)}, spread)
    _within(found, x)
    return found


def stretched(x: np.ndarray, y: np.ndarray) -> Fitted:
    """Return tau and beta. Raises ReductionError where the curve does not give them."""

    def shapes(t: np.ndarray, logs: np.ndarray) -> np.ndarray:
        tau, beta = np.exp(logs)
        return np.stack([np.ones_like(t), np.exp(-((t / tau) ** beta))], axis=1)

    starts = [(time, beta) for time in _trial_times(x, 4) for beta in np.log([0.4, 0.8])]
    sought = [_times_within(x), np.log(EXPONENTS)]
    logs, _, errors = _fit(x, y, shapes, starts, sought, "a stretched exponential")
    tau, beta = np.exp(logs)
    spread = {"tau": tau * errors[2, 2] ** 0.5, "beta": beta * errors[3, 3] ** 0.5}
    found = Fitted({"tau": float(tau), "beta": float(beta)}, spread)
    _within(found, x)
    return found


def _trial_times(x: np.ndarray, count: int) -> np.ndarray:
    t = x - x[0]
    later = t[t > 0.0]
    return np.linspace(np.log(later.min()), np.log(later.max()), count + 2)[1:-1] if later.size else np.empty(0)


def _times_within(x: np.ndarray) -> np.ndarray:
    """Return the logarithms from where to where a time is sought."""
    t = x - x[0]
    later = t[t > 0.0]
    return np.log([later.min(), later.max()]) + [-BEYOND, BEYOND] if later.size else np.array([-BEYOND, BEYOND])


def _fit(
    x: np.ndarray,
    y: np.ndarray,
    shapes: Shapes,
    starts: Sequence[Sequence[float]],
    sought: Sequence[np.ndarray],
    what: str,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the logarithms, the linear parameters and the covariance of the linear ones and the logarithms.

    starts  of the logarithms; sought: from where to where each of them may lie
    """
    from scipy.optimize import least_squares

    t, scale = x - x[0], float(np.ptp(y))
    if np.any(t < 0.0):
        raise ReductionError(f"has rows before its first: {what} needs them from the first on")
    needed = PER_PARAMETER * (shapes(t, np.zeros(2)).shape[1] + 2)
    if t.size < needed:
        raise ReductionError(f"has {t.size} rows; {what} takes {needed}")
    if scale == 0.0 or not starts:
        raise ReductionError(f"does not change: {what} needs a change")

    def parts(logs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        design = shapes(t, logs)
        return design, np.linalg.lstsq(design, y / scale, rcond=None)[0]

    def left(logs: np.ndarray) -> np.ndarray:
        design, linear = parts(logs)
        return np.asarray(design @ linear - y / scale)

    bounds = tuple(np.transpose(sought))
    found = min(
        (least_squares(left, start, bounds=bounds, xtol=1e-12, ftol=1e-12, gtol=1e-12) for start in starts),
        key=lambda fit: float(fit.cost),
    )
    design, linear = parts(found.x)
    columns = [design]
    for k in range(found.x.size):
        step = np.zeros(found.x.size)
        step[k] = STEP
        slope = (shapes(t, found.x + step) @ linear - shapes(t, found.x - step) @ linear) / (2.0 * STEP)
        columns.append(slope[:, None])
    whole = np.concatenate(columns, axis=1)
    errors = covariance(whole, 2.0 * found.cost / (t.size - whole.shape[1]), CONDITION)
    if errors is None:
        raise ReductionError(f"does not tell the parts of {what} apart: not identified")
    return found.x, linear, errors


def _within(found: Fitted, x: np.ndarray) -> None:
    for name, value in found.values.items():
        error = found.errors[name]
        if not error < LOOSE * abs(value):
            raise ReductionError(f"gives {name} = {value:.3g} with a standard error of {error:.2g}: not identified")
    t = np.sort(x - x[0])
    first, last = float(t[t > 0.0].min()), float(t[-1])
    for name in ("tau", "tau1", "tau2"):
        value = found.values.get(name, first)
        if not first <= value <= last:
            raise ReductionError(
                f"gives {name} = {value:.3g}, outside its rows, {first:.3g} to {last:.3g}: not identified"
            )
