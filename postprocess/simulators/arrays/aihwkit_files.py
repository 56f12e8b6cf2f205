"""The texts of the files for aihwkit."""

import json
from collections.abc import Mapping, Sequence

from eisfv.postprocess.extract.devices import WORDS as DIFFERENCES
from eisfv.postprocess.extract.devices import value_of
from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.postprocess.simulators.sources import source_of
from eisfv.postprocess.simulators.step_range import StepRange

from .device_models import DeviceModel
from .weight_decay import WeightDecay

# The library's own defaults vary every one of these from device to device.
NO_VARIATION: Mapping[str, float] = {
    "dw_min_dtod": 0.0,
    "up_down_dtod": 0.0,
    "w_min_dtod": 0.0,
    "w_max_dtod": 0.0,
    "reset_std": 0.0,
}
NO_VARIATION_OF: Mapping[str, Mapping[str, float]] = {
    "PiecewiseStepDevice": {},
    "LinearStepDevice": {"gamma_up_dtod": 0.0, "gamma_down_dtod": 0.0},
    "SoftBoundsDevice": {},
    "PowStepDevice": {"pow_gamma_dtod": 0.0, "pow_up_down_dtod": 0.0},
}
FUNCTIONS = {
    "PiecewiseStepDevice": "piecewise_step",
    "LinearStepDevice": "linear_step",
    "SoftBoundsDevice": "soft_bounds",
    "PowStepDevice": "pow_step",
}
HEAD = '''"""Devices for aihwkit, written by eisfv from {source}.

    from device_aihwkit import piecewise_step, rpu_config
    layer = AnalogLinear(64, 10, rpu_config=rpu_config(piecewise_step()))

A weight w stands for the conductance {zero!r} S + w * {per_weight!r} S, from {low} to {high};
weight zero is {zero_is}.
Variation from device to device is {varied}. dw_min_std, from cycle to cycle, is {noise}.
"""

from aihwkit.simulator.configs import SingleRPUConfig
from aihwkit.simulator.configs.devices import {classes}

CONDUCTANCE_AT_WEIGHT_ZERO = {zero!r}  # S
CONDUCTANCE_PER_WEIGHT = {per_weight!r}  # S
RETENTION_TIME = {retention}
REST_CONDUCTANCE = {rest}

VARIATION = {variation}


def conductance(weight):
    """Return the conductance of a weight, S."""
    return CONDUCTANCE_AT_WEIGHT_ZERO + weight * CONDUCTANCE_PER_WEIGHT


def lifetime(batch_time):
    """Return the lifetime in mini-batches that each take batch_time seconds; 0, no decay, without a time."""
    if batch_time is None:
        return 0.0
    if RETENTION_TIME is None:
        raise ValueError("the run gives no decay of weights: leave batch_time out")
    return RETENTION_TIME / batch_time


def rest(batch_time):
    """Return the weight that weights decay to, which the library also resets them to; 0 without decay."""
    return 0.0 if batch_time is None else (REST_CONDUCTANCE - CONDUCTANCE_AT_WEIGHT_ZERO) / CONDUCTANCE_PER_WEIGHT


def rpu_config(device):
    """Return the configuration of an analog tile of one such device per weight."""
    return SingleRPUConfig(device=device)
'''
FUNCTION = '''

def {function}(batch_time=None):
    """Return the device with {words}; residual {up:.2g} % up, {down:.2g} % down."""
    return {device}(
{fields}
        lifetime=lifetime(batch_time),
        reset=rest(batch_time),
        **VARIATION,
    )
'''
WORDS = {
    "PiecewiseStepDevice": "the measured steps between equally spaced weights",
    "LinearStepDevice": "steps on straight lines",
    "SoftBoundsDevice": "steps on straight lines that vanish at the bounds",
    "PowStepDevice": "steps that are powers of the distance to the bounds",
}


def python_text(
    extraction: Extraction, steps: StepRange, models: Sequence[DeviceModel], noise: float, decay: WeightDecay | str
) -> str:
    """Return the Python file."""
    variation = variation_of(extraction, steps)
    told = f"{decay.time!r}  # s, {decay.window}" if isinstance(decay, WeightDecay) else f"None  # s; {decay}"
    text = HEAD.format(
        source=source_of(extraction),
        zero=steps.zero,
        per_weight=steps.per_weight,
        low=quantity(steps.low, "S"),
        high=quantity(steps.high, "S"),
        zero_is=steps.zero_is,
        noise=f"{noise:.3g}" if noise else "0: the run is deterministic",
        classes=", ".join(model.device for model in models),
        retention=told,
        rest=f"{decay.rest!r}  # S" if isinstance(decay, WeightDecay) else "None",
        varied=told_of(extraction),
        variation=repr({**variation, "dw_min_std": noise}),
    )
    return text + "".join(_function(model) for model in models)


def variation_of(extraction: Extraction, steps: StepRange) -> dict[str, float]:
    """Return the fields that vary from device to device: of the bounds in shares of each, of up_down as it is."""
    known = extraction.quantities
    out = dict(NO_VARIATION)
    out["dw_min_dtod"] = value_of(known, "device_to_device_step")
    out["up_down_dtod"] = value_of(known, "device_to_device_asymmetry")
    for field, name, end in (("w_max_dtod", "G_max", steps.high), ("w_min_dtod", "G_min", steps.low)):
        out[field] = value_of(known, f"device_to_device_{name}") / abs(end - steps.zero)
    return out


def told_of(extraction: Extraction) -> str:
    """Return where the variation comes from, in words."""
    windows = [
        found.window for name in DIFFERENCES if (found := extraction.quantities.get(name)) and found.value is not None
    ]
    return windows[0] if windows else "0: no sweep of devices was given"


def json_text(
    extraction: Extraction, steps: StepRange, models: Sequence[DeviceModel], noise: float, decay: WeightDecay | str
) -> str:
    """Return the JSON file."""
    variation = variation_of(extraction, steps)
    tree = {
        "format": 1,
        "map": {
            "formula": "conductance = conductance_at_weight_zero_S + weight * conductance_per_weight_S",
            "conductance_at_weight_zero_S": steps.zero,
            "conductance_per_weight_S": steps.per_weight,
            "weight_zero_is": steps.zero_is,
        },
        "range": {
            "conductance_low_S": steps.low,
            "conductance_high_S": steps.high,
            "weight_low": float(steps.weight(steps.low)),
            "weight_high": float(steps.weight(steps.high)),
            "states": steps.states,
        },
        "pulses": {
            word: {"amplitude": branch.amplitude, "amplitude_unit": branch.unit, "width_s": branch.width}
            for word, branch in (("up", steps.up), ("down", steps.down))
        },
        "retention_time_s": decay.time if isinstance(decay, WeightDecay) else None,
        "rest_conductance_S": decay.rest if isinstance(decay, WeightDecay) else None,
        "decay_null_because": None if isinstance(decay, WeightDecay) else decay,
        "lifetime": "retention time over the time of a mini-batch; 0 as written, which is no decay",
        "device_to_device": told_of(extraction),
        "devices": {
            model.device: {
                "fields": {**model.fields, **variation, **NO_VARIATION_OF[model.device], "dw_min_std": noise},
                "residual_up": model.residual_up,
                "residual_down": model.residual_down,
            }
            for model in models
        },
    }
    return json.dumps(tree, indent=2, allow_nan=False) + "\n"


def _function(model: DeviceModel) -> str:
    fields = {**model.fields, **NO_VARIATION_OF[model.device]}
    return FUNCTION.format(
        function=FUNCTIONS[model.device],
        words=WORDS[model.device],
        up=100.0 * model.residual_up,
        down=100.0 * model.residual_down,
        device=model.device,
        fields="\n".join(f"        {name}={value!r}," for name, value in fields.items()),
    )
