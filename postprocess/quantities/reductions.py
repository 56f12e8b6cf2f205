"""What rows of a table are made into: one number."""

from collections.abc import Callable, Mapping

import numpy as np

from eisfv.errors import EisfvError

FITS = ("slope", "r2")
FALL = "time_to_share"
NTH = "ratio_nth_first"
DIFFERENCE = "last_minus_first"
OF_ROWS = ("mean", "mean_abs", "median", "first", "last", "max", "min", "p15", "p85", DIFFERENCE)
REDUCTIONS = (*OF_ROWS, "sd_over_mean", *FITS, FALL, NTH, "ratio_last_first", "count")
SHARES: Mapping[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "share_below": lambda values, at: values < at,
    "share_above": lambda values, at: values > at,
}
OF_PROFILES = ("mean", "max", "min", *SHARES)
PERCENTILES = ("p15", "p85")
TOWARD = ("zero", "end")

REDUCE: Mapping[str, Callable[[np.ndarray], float]] = {
    "mean": lambda v: float(v.mean()),
    "mean_abs": lambda v: float(np.abs(v).mean()),
    "median": lambda v: float(np.median(v)),
    "first": lambda v: float(v[0]),
    "last": lambda v: float(v[-1]),
    "max": lambda v: float(v.max()),
    "min": lambda v: float(v.min()),
    "p15": lambda v: float(np.percentile(v, 15.0)),
    "p85": lambda v: float(np.percentile(v, 85.0)),
    DIFFERENCE: lambda v: float(v[-1] - v[0]),
    "sd_over_mean": lambda v: float(v.std(ddof=1) / abs(v.mean())) if v.size > 1 and v.mean() else float("nan"),
    "ratio_last_first": lambda v: float(v[-1] / v[0]) if v[0] else float("nan"),
    "count": lambda v: float(v.size),
}

FORMULAS: Mapping[str, str] = {
    "mean": "sum v / n; of profiles over the volume",
    "mean_abs": "sum |v| / n",
    "median": "the middle one",
    "first": "v_1",
    "last": "v_n",
    "max": "the largest",
    "min": "the smallest",
    "p15": "the value that 15 % are below",
    "p85": "the value that 85 % are below",
    DIFFERENCE: "v_n - v_1: a pulse less its control without amplitude, where that is the first row",
    "sd_over_mean": "standard deviation (n - 1) over |mean|: how far devices scatter",
    "slope": "b of column = a + b against, least squares",
    "r2": "share of the variance that this line has",
    FALL: "time from the first row until `share` of the way to zero, or to the end, is left; straight between rows",
    NTH: "v_nth / v_1; of dG_S with nth = 2 the paired-pulse facilitation",
    "ratio_last_first": "v_n / v_1",
    "count": "n",
}


class ReductionError(EisfvError):
    """The rows do not give the number; the message reads on after what was asked for."""


def time_to_share(times: np.ndarray, values: np.ndarray, share: float, toward: str) -> float:
    """Return the time (s) from the first row until a share of the way is left, between rows on a straight line.

    The way goes from the first value to zero, or to the last value (`toward` end): with a share of 0.5 the time is
    that of half the way. Raises ReductionError where the values do not get there, or do not change.
    """
    goal = 0.0 if toward == "zero" else float(values[-1])
    way = float(values[0]) - goal
    if way == 0.0:
        raise ReductionError("starts where it is to end" if toward == "end" else "starts at zero")
    left = (values - goal) / way
    there = np.flatnonzero(left <= share)
    if not there.size:
        raise ReductionError(
            f"falls to {left.min():.4g} of its start in {times[-1] - times[0]:.4g} s, not to {share:g}"
        )
    after = int(there[0])
    before = after - 1  # the first row has the whole way before it
    fraction = (left[before] - share) / (left[before] - left[after])
    return float(times[before] + fraction * (times[after] - times[before]) - times[0])


def ratio_nth_first(values: np.ndarray, nth: int) -> float:
    """Return v_n / v_1. Raises ReductionError."""
    if values.size < nth:
        raise ReductionError(f"has {values.size} rows, no row {nth}")
    if values[0] == 0.0:
        raise ReductionError("starts at zero; there is no ratio to it")
    return float(values[nth - 1] / values[0])
