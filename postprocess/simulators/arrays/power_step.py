"""The PowStepDevice of aihwkit, fitted to the measured steps."""

import numpy as np
from scipy.optimize import least_squares

from eisfv.postprocess.extract.measured import Measured
from eisfv.postprocess.regression import ONE_SIDED_SLOPES, half_widths

from .device_models import BEYOND, Curve, DeviceModel, Points, common_fields, model, scales

PARAMETERS = 6  # a size, an exponent and a bound a side
LARGEST_POWER = 20.0
NAMES = ("gamma_up", "gamma_down", "w_min", "w_max")
TIGHT = 1e-12


def power(points: Points) -> DeviceModel | None:
    """Return the PowStepDevice, its bounds up to BEYOND outside the range; None with too few points."""
    (w_up, d_up), (w_down, d_down) = points.up, points.down
    if w_up.size + w_down.size <= PARAMETERS or min(d_up.mean(), d_down.mean()) <= 0.0:
        return None
    scale_up, scale_down = (float(np.sqrt(np.mean(d**2))) for d in (d_up, d_down))

    def curves(p: np.ndarray) -> tuple[Curve, Curve]:
        s_up, s_down, g_up, g_down, w_min, w_max = p
        width = w_max - w_min
        return (
            lambda w: s_up * scale_up * np.clip((w_max - w) / width, 0.0, 1.0) ** g_up,
            lambda w: s_down * scale_down * np.clip((w - w_min) / width, 0.0, 1.0) ** g_down,
        )

    def residuals(p: np.ndarray) -> np.ndarray:
        up, down = curves(p)
        return np.concatenate([(up(w_up) - d_up) / scale_up, (down(w_down) - d_down) / scale_down])

    floor = [0.0, 0.0, 0.0, 0.0, points.low - BEYOND, points.high]
    ceiling = [np.inf, np.inf, LARGEST_POWER, LARGEST_POWER, points.low, points.high + BEYOND]
    # Off the ends: at w = w_max the slope against the exponent is infinite.
    start = [1.0, 1.0, 0.5, 0.5, points.low - 0.1, points.high + 0.1]
    found = least_squares(residuals, start, bounds=(floor, ceiling), xtol=TIGHT, ftol=TIGHT, gtol=TIGHT, max_nfev=2000)
    s_up, s_down, g_up, g_down, w_min, w_max = (float(v) for v in found.x)
    gamma, gamma_up_down = scales(g_up, g_down) if max(g_up, g_down) > 0.0 else (0.0, 0.0)
    widths = half_widths(found.jac, found.fun, found.active_mask != 0, condition=ONE_SIDED_SLOPES)
    up, down = curves(found.x)
    return model(
        "PowStepDevice",
        {
            **common_fields(w_min, w_max, *scales(s_up * scale_up, s_down * scale_down)),
            "pow_gamma": gamma,
            "pow_up_down": gamma_up_down,
        },
        points,
        up,
        down,
        {
            name: _measured(float(value), float(half), w_up.size + w_down.size)
            for name, value, half in zip(NAMES, found.x[2:], widths[2:], strict=True)
        },
    )


def _measured(value: float, half: float, count: int) -> Measured:
    if not np.isfinite(half):
        return Measured(value, points=count, window="not determined by the steps, or at its limit")
    return Measured(value, low=value - half, high=value + half, points=count)
