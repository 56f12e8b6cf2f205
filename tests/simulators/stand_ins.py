"""Stand-ins for the simulators, which are not installed: they take what theirs take, and refuse everything else.

The names of the fields were read off aihwkit 1.1 (dataclasses) and CrossSim 3.
"""

import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

PULSED = {
    "construction_seed",
    "corrupt_devices_prob",
    "corrupt_devices_range",
    "diffusion",
    "diffusion_dtod",
    "drift",
    "dw_min",
    "dw_min_dtod",
    "dw_min_dtod_log_normal",
    "dw_min_std",
    "enforce_consistency",
    "lifetime",
    "lifetime_dtod",
    "perfect_bias",
    "reset",
    "reset_dtod",
    "reset_std",
    "up_down",
    "up_down_dtod",
    "w_max",
    "w_max_dtod",
    "w_min",
    "w_min_dtod",
    "count_pulses",
}
WRITE_NOISE = {"write_noise_std", "apply_write_noise_on_set"}
REVERSE = {"reverse_up", "reverse_down", "reverse_offset"}
FIELDS = {
    "PiecewiseStepDevice": PULSED | WRITE_NOISE | {"piecewise_up", "piecewise_down"},
    "LinearStepDevice": PULSED
    | WRITE_NOISE
    | REVERSE
    | {"gamma_up", "gamma_down", "gamma_up_dtod", "gamma_down_dtod"}
    | {"allow_increasing", "mean_bound_reference", "mult_noise"},
    "SoftBoundsDevice": PULSED | WRITE_NOISE | REVERSE | {"mult_noise"},
    "PowStepDevice": PULSED | WRITE_NOISE | {"pow_gamma", "pow_gamma_dtod", "pow_up_down", "pow_up_down_dtod"},
}
# What is not 0 unless it is set.
VARIATION = {
    "dw_min_dtod",
    "dw_min_std",
    "up_down_dtod",
    "w_min_dtod",
    "w_max_dtod",
    "reset_std",
    "gamma_up_dtod",
    "gamma_down_dtod",
    "pow_gamma_dtod",
}


class Configuration(SimpleNamespace):
    """A device's configuration; `device` its class."""

    def __init__(self, device: str, **fields: Any) -> None:
        unknown = set(fields) - FIELDS[device]
        if unknown:
            raise TypeError(f"{device} has no {sorted(unknown)}")
        super().__init__(device=device, **fields)


def aihwkit_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what a file for aihwkit defines."""
    devices = ModuleType("aihwkit.simulator.configs.devices")
    for name in FIELDS:
        setattr(devices, name, lambda name=name, **fields: Configuration(name, **fields))
    configs = ModuleType("aihwkit.simulator.configs")
    configs.SingleRPUConfig = lambda *, device: SimpleNamespace(device=device)
    for name in ("aihwkit", "aihwkit.simulator"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, configs.__name__, configs)
    monkeypatch.setitem(sys.modules, devices.__name__, devices)
    return runpy.run_path(str(path))


class EmptyDevice:
    """CrossSim's base of a device, as far as a device needs it."""

    def __init__(self, device_params: object, weight_error_params: object) -> None:
        self.device_params = device_params


def crosssim_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what a file for CrossSim defines, computing with NumPy."""
    backend = ModuleType("simulator.backend")
    backend.ComputeBackend = lambda: np
    base = ModuleType("simulator.devices.idevice")
    base.EmptyDevice = EmptyDevice
    for name in ("simulator", "simulator.devices"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, backend.__name__, backend)
    monkeypatch.setitem(sys.modules, base.__name__, base)
    return runpy.run_path(str(path))


def crosssim_parameters() -> SimpleNamespace:
    """Return CrossSim's parameters, as far as they are of the device."""
    errors = {name: SimpleNamespace(enable=False, model="IdealDevice") for name in ("programming_error", "drift_error")}
    return SimpleNamespace(
        xbar=SimpleNamespace(device=SimpleNamespace(Rmin=1000.0, Rmax=10000.0, Vread=None, **errors))
    )
