"""The PiecewiseStepDevice of aihwkit: the measured steps themselves."""

import numpy as np

from eisfv.postprocess.simulators.step_range import StepRange

from .device_models import DeviceModel, Points, common_fields, model, scales, sizes

NODES = 63  # the library takes fewer than 64
SAME = 1e-9  # of the range; distances of nodes that differ by less are equal


def piecewise(steps: StepRange, points: Points) -> DeviceModel:
    """Return the PiecewiseStepDevice: the measured steps at equally spaced weights."""
    grid = steps.grid(node_count(steps))
    weight = steps.weight(grid)
    rise, fall = steps.step_up(grid) / steps.per_weight, -steps.step_down(grid) / steps.per_weight
    at_zero = [float(np.interp(0.0, weight, values)) for values in (rise, fall)]
    if min(at_zero) <= 0.0:
        at_zero = [float(values.mean()) for values in (rise, fall)]
    dw_min, up_down = scales(at_zero[0], at_zero[1])
    size_up, size_down = sizes(dw_min, up_down)
    return model(
        "PiecewiseStepDevice",
        {
            **common_fields(points.low, points.high, dw_min, up_down),
            "piecewise_up": [float(v) for v in rise / size_up],
            "piecewise_down": [float(v) for v in fall / size_down],
        },
        points,
        lambda w: np.interp(w, weight, rise),
        lambda w: np.interp(w, weight, fall),
        {},
    )


def node_count(steps: StepRange) -> int:
    """Return how many nodes the piecewise device gets: those of the branches where they suit it, else all it takes."""
    up, down = steps.up.nodes, steps.down.nodes
    if up.size != down.size or up.size > NODES:
        return NODES
    even, slack = steps.grid(up.size), SAME * (steps.high - steps.low)
    return up.size if max(np.abs(up - even).max(), np.abs(down - even).max()) <= slack else NODES
