"""The step models of aihwkit, fitted to the measured steps.

In weights w, with the steps of a pulse up and of a pulse down both positive:

    piecewise    interpolated between equally spaced values
    linear       s_up (1 - gamma_up w / w_max)              s_down (1 - gamma_down w / w_min)
    soft bounds  the same with gamma = 1: the steps vanish at the bounds
    power        s_up ((w_max - w) / (w_max - w_min))^g_up  s_down ((w - w_min) / (w_max - w_min))^g_down

and w held between w_min and w_max. The library's `up_down` makes the steps of one direction smaller and leaves the
other: dw_min = max(s_up, s_down), up_down = (s_up - s_down) / dw_min. Its `pow_up_down` does the same to the exponents.

Source: aihwkit 1.1, the documentation and the update rules of its devices.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import Branch, Measured
from eisfv.postprocess.regression import Line, relative, straight_line
from eisfv.postprocess.simulators.step_range import StepRange

# How far outside the measured range, in weights, a bound may lie at which the steps vanish; the range is 2 wide.
BEYOND = 2.0
FEWEST = 3  # nodes of a branch inside the range; with fewer, what is interpolated at its ends joins them

Field = float | bool | list[float]
Curve = Callable[[np.ndarray], np.ndarray]
Side = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Points:
    """The measured steps in weights.

    up, down   weights (m,) and positive steps (m,) at the nodes inside the range
    low, high  ends of the range
    """

    up: Side
    down: Side
    low: float
    high: float


@dataclass(frozen=True)
class DeviceModel:
    """A fitted device.

    device        its class in the library
    fields        what its configuration is given
    up, down      its steps against the weight, both positive
    residual_up, residual_down  root mean square of model minus measured steps over that of the measured
    quantities    the fitted parameters, named after the device
    """

    device: str
    fields: Mapping[str, Field]
    up: Curve
    down: Curve
    residual_up: float
    residual_down: float
    quantities: Mapping[str, Measured]


def points_of(steps: StepRange) -> Points:
    """Return the measured steps in weights."""
    low, high = (float(w) for w in (steps.weight(steps.low), steps.weight(steps.high)))
    return Points(_side(steps, steps.up, +1.0), _side(steps, steps.down, -1.0), low, high)


def linear(points: Points) -> DeviceModel | None:
    """Return the LinearStepDevice by straight lines; None where a line is not positive at weight zero."""
    up, down = straight_line(*points.up), straight_line(*points.down)
    if up is None or down is None or min(up.level, down.level) <= 0.0:
        return None
    gamma_up, gamma_down = -up.slope * points.high / up.level, -down.slope * points.low / down.level
    return model(
        "LinearStepDevice",
        {
            **common_fields(points.low, points.high, *scales(up.level, down.level)),
            "gamma_up": gamma_up,
            "gamma_down": gamma_down,
            # Without it the library takes absolute values: steps that grow towards a bound would shrink.
            "allow_increasing": min(gamma_up, gamma_down) < 0.0,
        },
        points,
        up.at,
        down.at,
        {
            "gamma_up": _ratio(up, gamma_up, (-gamma_up / up.level, -points.high / up.level)),
            "gamma_down": _ratio(down, gamma_down, (-gamma_down / down.level, -points.low / down.level)),
        },
    )


def soft_bounds(points: Points) -> DeviceModel | None:
    """Return the SoftBoundsDevice; None where no line to a bound on its side is positive at weight zero.

    A bound is where the line through the steps vanishes. Where that is farther outside the range than BEYOND, or on the
    other side because the steps grow, the bound is held at BEYOND and the size alone is fitted.
    """
    up = _vanishing(*points.up, points.high + BEYOND)
    down = _vanishing(*points.down, points.low - BEYOND)
    if up is None or down is None:
        return None
    (s_up, w_max, bound_up), (s_down, w_min, bound_down) = up, down
    return model(
        "SoftBoundsDevice",
        common_fields(w_min, w_max, *scales(s_up, s_down)),
        points,
        lambda w: s_up * (1.0 - w / w_max),
        lambda w: s_down * (1.0 - w / w_min),
        {"w_max": bound_up, "w_min": bound_down},
    )


def scales(s_up: float, s_down: float) -> tuple[float, float]:
    """Return the dw_min and up_down that make steps of these sizes."""
    larger = max(s_up, s_down)
    return larger, (s_up - s_down) / larger


def sizes(dw_min: float, up_down: float) -> tuple[float, float]:
    """Return the sizes of the steps up and down that the library makes of dw_min and up_down."""
    return dw_min * (1.0 + min(up_down, 0.0)), dw_min * (1.0 - max(up_down, 0.0))


def common_fields(w_min: float, w_max: float, dw_min: float, up_down: float) -> dict[str, Field]:
    """Return what every device is given."""
    return {"w_min": w_min, "w_max": w_max, "dw_min": dw_min, "up_down": up_down}


def model(
    device: str, fields: Mapping[str, Field], points: Points, up: Curve, down: Curve, quantities: Mapping[str, Measured]
) -> DeviceModel:
    """Return a device with its residuals on the measured steps."""
    left_up, left_down = (
        relative(curve(weight) - step, step) for curve, (weight, step) in ((up, points.up), (down, points.down))
    )
    return DeviceModel(device, fields, up, down, left_up, left_down, quantities)


def _side(steps: StepRange, branch: Branch, sign: float) -> Side:
    inside = (branch.nodes >= steps.low) & (branch.nodes <= steps.high)
    nodes = branch.nodes[inside]
    if nodes.size < FEWEST:
        nodes = np.unique(np.concatenate([nodes, [steps.low, steps.high]]))
    return steps.weight(nodes), sign * np.interp(nodes, branch.nodes, branch.steps) / steps.per_weight


def _vanishing(weight: np.ndarray, step: np.ndarray, limit: float) -> tuple[float, float, Measured] | None:
    """Return the size at weight zero and the bound of a soft-bounds side, the bound between zero and the limit."""
    free = straight_line(weight, step)
    if free is None:
        return None
    bound = -free.level / free.slope if free.slope else np.inf
    if free.level > 0.0 and 0.0 < bound / limit <= 1.0:
        return free.level, bound, _ratio(free, bound, (-1.0 / free.slope, -bound / free.slope))
    falling = 1.0 - weight / limit
    size = float(step @ falling / (falling @ falling))
    held = "held there: the steps do not vanish within the width of the range outside it"
    return (size, limit, Measured(limit, points=weight.size, window=held)) if size > 0.0 else None


def _ratio(fit: Line, value: float, gradient: tuple[float, float]) -> Measured:
    half = fit.half_width(gradient)
    if half is None:
        return Measured(value, points=fit.points)
    return Measured(value, low=value - half, high=value + half, points=fit.points)
