"""Devices for aihwkit from the measured steps: a Python file of configurations, a JSON with the map to conductance.

The library trains with weights; a weight is w = (G - G_zero) / G_per_weight, two wide over the range where both
directions were measured, weight zero at the symmetry point. Variation from device to device comes from a sweep and is 0
without one, as is the noise from cycle to cycle of a deterministic run.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.extract.measured import Extraction, Measured, Picture, Section, Written
from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT, WARM
from eisfv.postprocess.quantities.prefixes import quantity, scale
from eisfv.postprocess.simulators.step_range import StepRange, step_range
from eisfv.result.atomic import write_atomic

from .aihwkit_files import json_text, python_text, told_of
from .device_models import DeviceModel, linear, points_of, soft_bounds
from .piecewise_step import piecewise
from .power_step import power
from .weight_decay import WeightDecay, decay_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PYTHON_FILE, JSON_FILE = "device_aihwkit.py", "device_aihwkit.json"
WORDS = {
    "PiecewiseStepDevice": "measured steps, interpolated",
    "LinearStepDevice": "straight lines",
    "SoftBoundsDevice": "straight lines to zero at the bounds",
    "PowStepDevice": "powers of the distance to the bounds",
}
# Apart in grey and for every colour vision; the line's pattern tells as well.
LINES = {
    "PiecewiseStepDevice": ("0.6", "-", 3.0),
    "LinearStepDevice": (DARK, "--", 1.3),
    "SoftBoundsDevice": (WARM, ":", 1.8),
    "PowStepDevice": (LIGHT, "-.", 1.5),
}


def write(extraction: Extraction, out: Path) -> Written:
    """Write both files. Raises ResultError."""
    steps = step_range(extraction)
    if isinstance(steps, str):
        return Written(reason=steps)
    points = points_of(steps)
    found = (piecewise(steps, points), linear(points), soft_bounds(points), power(points))
    models = [model for model in found if model is not None]
    left_out = [name for name, model in zip(WORDS, found, strict=True) if model is None]
    noise = step_noise(extraction, steps)
    decay = decay_of(extraction)
    write_atomic(out / PYTHON_FILE, python_text(extraction, steps, models, noise, decay).encode())
    write_atomic(out / JSON_FILE, json_text(extraction, steps, models, noise, decay).encode())
    return Written(
        files=(out / PYTHON_FILE, out / JSON_FILE),
        quantities=quantities_of(steps, models),
        section=section_of(extraction, steps, models, left_out, decay),
    )


def step_noise(extraction: Extraction, steps: StepRange) -> float:
    """Return the spread of the steps over their size, both directions averaged; 0 where no noise was modelled."""
    if not extraction.noise:
        return 0.0
    grid = steps.grid(101)
    ratios = [
        np.interp(grid, branch.nodes, branch.spread) / np.abs(np.interp(grid, branch.nodes, branch.steps))
        for branch in (steps.up, steps.down)
    ]
    return float(np.median(ratios))


def quantities_of(steps: StepRange, models: Sequence[DeviceModel]) -> dict[str, Measured]:
    """Return what the fits add to extract.json."""
    points = steps.up.nodes.size + steps.down.nodes.size
    window = f"{quantity(steps.low, 'S', 3)} to {quantity(steps.high, 'S', 3)}, both directions"
    found = {
        "conductance_at_weight_zero": Measured(steps.zero, "S", points=points, window=f"{window}; {steps.zero_is}"),
        "conductance_per_weight": Measured(steps.per_weight, "S", points=points, window=window),
        "states": Measured(steps.states, points=points, window=f"{window}; range over mean step"),
    }
    for model in models:
        short = model.device.removesuffix("Device")
        found[f"{short}.dw_min"] = _number(model.fields["dw_min"], points, window)
        found[f"{short}.up_down"] = _number(model.fields["up_down"], points, window)
        for name, measured in model.quantities.items():
            found[f"{short}.{name}"] = measured
        for word, residual in (("up", model.residual_up), ("down", model.residual_down)):
            found[f"{short}.residual_{word}"] = Measured(residual, points=points, window=window, residual=residual)
    return found


def section_of(
    extraction: Extraction,
    steps: StepRange,
    models: Sequence[DeviceModel],
    left_out: Sequence[str],
    decay: WeightDecay | str,
) -> Section:
    """Return the part of the report."""
    text = (
        f"{PYTHON_FILE} holds the configurations, {JSON_FILE} the map from weight to conductance, "
        f"G = {quantity(steps.zero, 'S')} + w {quantity(steps.per_weight, 'S')}. Weight zero is {steps.zero_is}."
    )
    lifetime = f"Weights do not decay: {decay}."
    if isinstance(decay, WeightDecay):
        lifetime = (
            f"Decay with {quantity(decay.time, 's', 3)} is left out until the time of a mini-batch is given: "
            "piecewise_step(batch_time=...) and its like set it."
        )
    missing = [f"The steps do not give a {name}." for name in left_out]
    rows = [("device", "steps", "dw_min", "up_down", "residual up", "residual down")]
    rows += [
        (
            model.device,
            WORDS[model.device],
            f"{model.fields['dw_min']:.4g}",
            f"{model.fields['up_down']:.3g}",
            f"{100.0 * model.residual_up:.2g} %",
            f"{100.0 * model.residual_down:.2g} %",
        )
        for model in models
    ]
    caption = "Steps against conductance: the nodes of the measured course, and the devices."
    picture = Picture(caption, png(lambda figure: draw(figure, steps, models)))
    return Section(
        "aihwkit", (text, lifetime, f"Device to device: {told_of(extraction)}.", *missing), tuple(rows), (picture,)
    )


def draw(figure: "Figure", steps: StepRange, models: Sequence[DeviceModel]) -> None:
    """Draw the measured steps and those of the devices."""
    axes = figure.subplots()
    grid = steps.grid(400)
    level, level_unit = scale([steps.high], "S")
    change, change_unit = scale([*steps.up.steps, *steps.down.steps], "S")
    for model in models:
        colour, style, width = LINES[model.device]
        weight, per = steps.weight(grid), steps.per_weight
        axes.plot(
            grid * level, model.up(weight) * per * change, style, color=colour, linewidth=width, label=model.device
        )
        axes.plot(grid * level, -model.down(weight) * per * change, style, color=colour, linewidth=width)
    for branch, marker, word in ((steps.up, "^", "measured up"), (steps.down, "v", "measured down")):
        inside = (branch.nodes >= steps.low) & (branch.nodes <= steps.high)
        axes.plot(
            branch.nodes[inside] * level,
            branch.steps[inside] * change,
            marker,
            color="0.15",
            markersize=3.5,
            markerfacecolor="0.15" if marker == "^" else "white",
            label=word,
        )
    axes.axhline(0.0, color="0.4", linewidth=0.8)
    axes.axvline(steps.zero * level, color="0.75", linewidth=0.8, linestyle=":")
    axes.set_xlabel(f"conductance ({level_unit})")
    axes.set_ylabel(f"change per pulse, ΔG ({change_unit})")
    figure.legend(loc="outside right upper", fontsize=8)


def _number(value: object, points: int, window: str) -> Measured:
    assert isinstance(value, float)
    return Measured(value, points=points, window=window)
