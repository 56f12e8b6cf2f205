"""How devices differ: standard deviations over the devices of a sweep whose values scatter.

The sweep's quantities tell it by their names, each in S:

    step_up, step_down   change by a pulse of either direction
    G_max, G_min         ends of the conductance

    step        sd/mean of the steps (u - d)/2, of the one direction that there is
    asymmetry   sd of (u + d)/(u - d): by which share a step up is larger than the mean of both

A standard deviation of n devices is known to 1/sqrt(2 (n - 1)) of itself, which its 95 % interval is made of.
"""

from collections.abc import Mapping
from math import sqrt

import numpy as np

from eisfv.postprocess.quantities.ensembles import FEWEST
from eisfv.remedies import way
from eisfv.result import ResultError
from eisfv.result.sweep_table import Sweep

from .measured import Measured
from .wording import counted

NAMES = ("step_up", "step_down", "G_max", "G_min")
WORDS = {
    "device_to_device_step": "",
    "device_to_device_asymmetry": "",
    "device_to_device_G_max": "S",
    "device_to_device_G_min": "S",
}
NONE = "no devices were compared: name a gathered sweep whose values scatter"
TWO_SIDED = 1.96  # standard errors of a 95 % interval


def measure_devices(sweep: Sweep | None) -> dict[str, Measured]:
    """Return how devices differ, each with its reason where that is not known. Raises ResultError."""
    if sweep is None:
        return {name: Measured(None, unit, reason=f"{NONE}, {way('devices')}") for name, unit in WORDS.items()}
    found = {entry.name: entry.column for entry in sweep.head.quantities if entry.unit == "S"}
    if not any(axis.scatter for axis in sweep.head.axes):
        raise ResultError(f"{sweep.path}: no axis scatters from device to device; give one a mean and sd")
    if not set(found) & set(NAMES):
        raise ResultError(f"{sweep.path}: has none of the quantities {', '.join(NAMES)}, in S; name its quantities so")
    values = {name: np.asarray(sweep.table[found[name]], float)[sweep.finished] for name in NAMES if name in found}
    up, down = values.get("step_up"), values.get("step_down")
    steps = [step for step in (up, None if down is None else -down) if step is not None]
    known: dict[str, tuple[np.ndarray, float]] = {}
    if steps:
        step = np.mean(steps, axis=0)
        known["device_to_device_step"] = (step, abs(mean_of(step)))
        if len(steps) == 2:
            known["device_to_device_asymmetry"] = (0.5 * (steps[0] - steps[1]) / step, 1.0)
    known |= {f"device_to_device_{name}": (values[name], 1.0) for name in ("G_max", "G_min") if name in values}
    return {name: measured(sweep, name, known.get(name)) for name in WORDS}


def mean_of(values: np.ndarray) -> float:
    """Return the mean of the devices that give a value."""
    return float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else np.nan


def measured(sweep: Sweep, name: str, found: tuple[np.ndarray, float] | None) -> Measured:
    """Return the standard deviation of values over a scale, with its interval."""
    if found is None:
        return Measured(None, WORDS[name], reason=f"{sweep.path} has no quantity that tells it")
    values, scale = found[0][np.isfinite(found[0])], found[1]
    if values.size < FEWEST:
        return Measured(None, WORDS[name], reason=f"{counted(values.size, 'device')} give it, too few")
    sd = float(values.std(ddof=1)) / scale
    error = TWO_SIDED * sd / sqrt(2.0 * (values.size - 1))
    window = f"sampled: {counted(values.size, 'device')} of {sweep.path}"
    return Measured(sd, WORDS[name], sd - error, sd + error, values.size, window)


def value_of(quantities: Mapping[str, Measured], name: str) -> float:
    """Return a standard deviation; 0 where it is not known."""
    found = quantities.get(name)
    return 0.0 if found is None or found.value is None else found.value
