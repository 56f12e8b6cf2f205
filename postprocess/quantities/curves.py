"""What a curve is made into: one number from the rows of `column` (y) over `against` (x), in the order of the rows.

`eisfv info reductions` prints the table below.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Literal

import numpy as np

from eisfv.postprocess.regression import straight_line

from .decay_fits import stretched, two_exponentials
from .reductions import FORMULAS, ReductionError


@dataclass(frozen=True)
class CurveReduction:
    """find(x, y, at) with `at` NaN where it takes none; gives: whose unit the number has, "" for a plain number; error:
    of what is fitted the standard error, of (x, y)."""

    find: Callable[[np.ndarray, np.ndarray, float], float]
    formula: str
    example: str
    gives: Literal["x", "y", ""] = ""
    takes: Literal["x", "y", ""] = ""
    error: Callable[[np.ndarray, np.ndarray], float] | None = None


def line_of(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return level and slope of y = level + slope x by least squares. Raises ReductionError."""
    found = straight_line(x, y)
    if found is None:
        raise ReductionError("is over rows that are all the same; a line needs two")
    return found.level, found.slope


def power_law(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return a and b of ln|y| = a + b ln|x| by least squares. Raises ReductionError."""
    for what, values in (("it", y), ("`against`", x)):
        if np.any(values == 0.0) or (values.min() < 0.0 < values.max()):
            raise ReductionError(f"has no logarithm: {what} is zero or changes its sign in the rows")
    return line_of(np.log(np.abs(x)), np.log(np.abs(y)))


def power_law_x(x: np.ndarray, y: np.ndarray, at: float) -> float:
    """Return |x| at which the power law through the rows has |y| = |at|. Raises ReductionError."""
    level, slope = power_law(x, y)
    if at == 0.0 or slope == 0.0:
        raise ReductionError("is a power law of the rows, which is zero nowhere and needs a slope")
    return float(np.exp((np.log(abs(at)) - level) / slope))


def power_law_y(x: np.ndarray, y: np.ndarray, at: float) -> float:
    """Return y of the power law through the rows at |x| = |at|, with the sign of the rows. Raises ReductionError."""
    level, slope = power_law(x, y)
    if at == 0.0:
        raise ReductionError("is a power law of the rows, which has no value at zero")
    return float(np.sign(y[0]) * np.exp(level + slope * np.log(abs(at))))


def r2_of_means(x: np.ndarray, y: np.ndarray, at: float = nan) -> float:
    """Return the r2 of a straight line through the means of y over rows of one x. Raises ReductionError.

    One x: equal to a part in 1e6 of the largest |x|, so that charges of the same pulse are one.
    """
    order = np.argsort(x, kind="stable")
    apart = np.diff(x[order]) > 1e-6 * np.abs(x).max()
    groups = np.split(order, np.flatnonzero(apart) + 1)
    if len(groups) < 3:
        raise ReductionError(f"is over {len(groups)} values of `against`; the r2 of their means needs three")
    found = straight_line(*(np.array([values[group].mean() for group in groups]) for values in (x, y)))
    if found is None:
        raise ReductionError("is over rows that are all the same; a line needs two")
    return found.r2


def x_at(x: np.ndarray, y: np.ndarray, at: float) -> float:
    """Return the first x at which y is `at`, between rows on a straight line. Raises ReductionError."""
    left = y - at
    if left[0] == 0.0:
        return float(x[0])
    there = np.flatnonzero(left[1:] * np.sign(left[0]) <= 0.0)
    if not there.size:
        raise ReductionError(f"goes from {y.min():.4g} to {y.max():.4g} and never through {at:.4g}")
    k = int(there[0])
    return float(x[k] + (x[k + 1] - x[k]) * left[k] / (left[k] - left[k + 1]))


def y_at(x: np.ndarray, y: np.ndarray, at: float) -> float:
    """Return y where x first is `at`, between rows on a straight line. Raises ReductionError."""
    try:
        return x_at(y, x, at)
    except ReductionError:
        raise ReductionError(f"is over {x.min():.4g} to {x.max():.4g}, which does not reach {at:.4g}") from None


def extreme(x: np.ndarray, y: np.ndarray, sign: float) -> tuple[float, float]:
    """Return x and y of the highest (sign 1) or lowest (-1) row: the top of the parabola through it and its neighbours.

    Raises ReductionError at an end of the rows, where the curve has not turned.
    """
    k = int(np.argmax(sign * y))
    if k in (0, y.size - 1):
        raise ReductionError("has its largest or smallest value at an end of the rows; there is no peak in them")
    if np.unique(x[k - 1 : k + 2]).size < 3:
        return float(x[k]), float(y[k])
    near = x[k - 1 : k + 2] - x[k]
    width, height = float(np.ptp(near)), float(np.ptp(y[k - 1 : k + 2]))
    if height == 0.0:
        return float(x[k]), float(y[k])
    a, b, c = np.polyfit(near / width, (y[k - 1 : k + 2] - y[k]) / height, 2)
    top = -b / (2.0 * a) if a != 0.0 else 0.0
    return float(x[k] + top * width), float(y[k] + height * (c + b * top / 2.0))


def area(x: np.ndarray, y: np.ndarray, at: float = nan) -> float:
    """Return the integral of y dx over the rows in their order, straight between them."""
    return float(np.trapezoid(y, x))


def hysteresis_area(x: np.ndarray, y: np.ndarray, at: float = nan) -> float:
    """Return the area inside a loop, closed from the last row to the first on a straight line."""
    return abs(area(np.append(x, x[0]), np.append(y, y[0])))


CURVES: Mapping[str, CurveReduction] = {
    "intercept": CurveReduction(
        lambda x, y, at: line_of(x, y)[0], "a of y = a + b x, least squares", "voltage_V over current_A", "y"
    ),
    "loglog_slope": CurveReduction(
        lambda x, y, at: power_law(x, y)[1],
        "b of ln|y| = a + b ln|x|, least squares",
        "dG_S over charge_C: 1 is linear",
    ),
    "power_law_x_at": CurveReduction(
        power_law_x,
        "|x| at which this power law has |y| = |at|",
        "width_s at which dG_S is 50 nS, of pulses of one height",
        "x",
        "y",
    ),
    "power_law_y_at": CurveReduction(
        power_law_y,
        "y of this power law at |x| = |at|",
        "dG_S over width_s at 1 s: the rate in a second, off the intercept",
        "y",
        "x",
    ),
    "r2_of_means": CurveReduction(
        r2_of_means,
        "share of the variance that a line has, of the mean of y at each value of x",
        "dG_S over charge_C: one point a charge",
    ),
    "x_at": CurveReduction(
        x_at,
        "first x with y = at; straight between rows",
        "time_s at which conductance_S is 1 uS; with at = 0 the zero crossing; over pulses the width to a change",
        "x",
        "y",
    ),
    "y_at": CurveReduction(
        y_at,
        "y at the first x = at; straight between rows; its ratio_to another is the factor between two curves",
        "voltage_V over x_channel at 0.2: the voltage at a filling",
        "y",
        "x",
    ),
    "peak": CurveReduction(
        lambda x, y, at: extreme(x, y, 1.0)[1],
        "y at the top of the parabola through the highest rows",
        "current_A",
        "y",
    ),
    "x_of_peak": CurveReduction(
        lambda x, y, at: extreme(x, y, 1.0)[0], "x of `peak`", "voltage_V of the peak current", "x"
    ),
    "trough": CurveReduction(
        lambda x, y, at: extreme(x, y, -1.0)[1], "y at the lowest point of the parabola", "current_A", "y"
    ),
    "x_of_trough": CurveReduction(
        lambda x, y, at: extreme(x, y, -1.0)[0], "x of `trough`", "voltage_V of the lowest current", "x"
    ),
    "area": CurveReduction(area, "integral of y dx, trapezoids", "current_A over time_s: charge"),
    "hysteresis_area": CurveReduction(
        hysteresis_area, "|closed integral of y dx|", "conductance_S over voltage_V of one cycle"
    ),
    "biexponential_tau1": CurveReduction(
        lambda x, y, at: two_exponentials(x, y).values["tau1"],
        "tau1 of y = c + A1 e^(-x/tau1) + A2 e^(-x/tau2), tau1 < tau2",
        "conductance_S over time_s",
        "x",
        error=lambda x, y: two_exponentials(x, y).errors["tau1"],
    ),
    "biexponential_tau2": CurveReduction(
        lambda x, y, at: two_exponentials(x, y).values["tau2"],
        "tau2 of the same",
        "conductance_S over time_s",
        "x",
        error=lambda x, y: two_exponentials(x, y).errors["tau2"],
    ),
    "biexponential_ratio": CurveReduction(
        lambda x, y, at: two_exponentials(x, y).values["ratio"],
        "A1/A2 of the same",
        "conductance_S over time_s",
        error=lambda x, y: two_exponentials(x, y).errors["ratio"],
    ),
    "stretched_tau": CurveReduction(
        lambda x, y, at: stretched(x, y).values["tau"],
        "tau of y = c + A e^(-(x/tau)^beta)",
        "conductance_S over time_s",
        "x",
        error=lambda x, y: stretched(x, y).errors["tau"],
    ),
    "stretched_beta": CurveReduction(
        lambda x, y, at: stretched(x, y).values["beta"],
        "beta of the same",
        "conductance_S over time_s",
        error=lambda x, y: stretched(x, y).errors["beta"],
    ),
}


def page() -> list[str]:
    """Return the lines that say what each reduction is."""
    lines = ["reductions of the rows v_1 ... v_n of a column:"]
    lines += [f"  {name}: {formula}" for name, formula in FORMULAS.items()]
    lines += [
        "",
        "reductions of a curve, y = column over x = against, rows in their order (x counts from the first in fits):",
    ]
    for name, one in CURVES.items():
        takes = f"; takes at, in the unit of {one.takes}" if one.takes else ""
        unit = f"in the unit of {one.gives}" if one.gives else "a plain number"
        lines += [f"  {name}", f"      {one.formula}; {unit}{takes}", f"      example: {one.example}"]
    return lines
