"""How devices differ, from a sweep whose values were drawn from known distributions."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.extract.devices import NONE, measure_devices
from eisfv.result import ResultError
from eisfv.result.sweep_table import Sweep, read_sweep
from support.synthetic_sweep import drawn_axis, quantity, write_sweep

DEVICES = 400


def ensemble(out: Path, scatter: str = "lognormal") -> Sweep:
    """Return devices whose steps scatter by 10 %, the step up by another 4 % of the mean more than that down."""
    draws = np.random.default_rng(1).normal(size=(DEVICES, 2))
    rows = [{"size": float(size), "bias": float(bias)} for size, bias in draws]
    axes = [replace(drawn_axis(name, "", -4.0, 4.0), scatter=scatter) for name in ("size", "bias")]

    def outputs(row: dict[str, float]) -> dict[str, float]:
        mean, bias = 1e-9 * (1.0 + 0.1 * row["size"]), 0.04 * row["bias"]
        return {"step_up": mean * (1.0 + bias), "step_down": -mean * (1.0 - bias)}

    return read_sweep(write_sweep(out, axes, [quantity(n, "S") for n in ("step_up", "step_down")], rows, outputs))


def test_size_and_asymmetry_are_told_apart(tmp_path: Path) -> None:
    found = measure_devices(ensemble(tmp_path))
    step, bias = found["device_to_device_step"], found["device_to_device_asymmetry"]
    for measured, true in ((step, 0.1), (bias, 0.04)):
        assert measured.low is not None
        assert measured.high is not None
        assert measured.low < true < measured.high
        assert "400 devices" in measured.window
    assert found["device_to_device_G_max"].value is None


def test_without_devices_nothing_is_known_and_a_grid_is_none(tmp_path: Path) -> None:
    assert all(one.value is None and NONE in one.reason for one in measure_devices(None).values())
    with pytest.raises(ResultError, match="no axis scatters"):
        measure_devices(ensemble(tmp_path, ""))
