"""Derivatives of cell values along a stack."""

import numpy as np

from eisfv.device.tables import Floats


def slope(y: Floats, values: Floats) -> Floats:
    """Return the derivative (cells) along y: that of the faces, interpolated to the cells; the ends copy a face."""
    if len(y) < 2:
        return np.zeros_like(values)
    face = np.diff(values) / np.diff(y)
    middle = 0.5 * (y[1:] + y[:-1])
    return np.interp(y, middle, face)


def second_derivative(y: Floats, q: Floats) -> Floats:
    """Return the three-point second derivative (q, cells) along y; the ends copy their neighbours."""
    out = np.zeros_like(q)
    if len(y) < 3:
        return out
    step = np.diff(y)
    out[:, 1:-1] = 2.0 * np.diff(np.diff(q, axis=1) / step, axis=1) / (step[1:] + step[:-1])
    out[:, 0], out[:, -1] = out[:, 1], out[:, -2]
    return out
