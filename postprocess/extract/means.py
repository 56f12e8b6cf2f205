"""Means of what is measured, ratios of two of them and slopes, with their intervals."""

import numpy as np

from eisfv.postprocess.regression import Line, mean_half_width

from .measured import Measured


def mean_of(values: np.ndarray, unit: str, window: str) -> Measured:
    """Return the mean with the interval of a mean; without one for a single value."""
    count = values.size
    if not count:
        return Measured(None, unit, window=window, reason="there are no data for it")
    mean = float(values.mean())
    if count == 1:
        return Measured(mean, unit, points=1, window=window)
    half = mean_half_width(values)
    return Measured(mean, unit, mean - half, mean + half, count, window)


def ratio_of(upper: np.ndarray, lower: np.ndarray, unit: str, window: str) -> Measured:
    """Return the ratio of two means with the error that both scatters give it to first order."""
    ratio, count = float(upper.mean() / lower.mean()), upper.size
    if count == 1:
        return Measured(ratio, unit, points=1, window=window)
    half = mean_half_width((upper - ratio * lower) / lower.mean())
    return Measured(ratio, unit, ratio - half, ratio + half, count, window)


def slope_of(line: Line, unit: str, window: str) -> Measured:
    """Return the slope of a straight line; without an interval where it has two points."""
    half = line.slope_half_width
    low, high = (None, None) if half is None else (line.slope - half, line.slope + half)
    return Measured(line.slope, unit, low, high, line.points, window, line.residual)
