"""The files for aihwkit against its fields and its update rules, and these against the measured steps."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from eisfv.postprocess.extract.measured import Extraction, Measured
from eisfv.postprocess.simulators.arrays.aihwkit import JSON_FILE, PYTHON_FILE, write
from eisfv.postprocess.simulators.arrays.device_models import points_of, scales, sizes, soft_bounds
from eisfv.postprocess.simulators.step_range import StepRange, step_range
from simulators.made_steps import HIGH, LOW, STATES, Step, extraction, linear_step, soft_down, soft_up
from simulators.stand_ins import FIELDS, VARIATION, Configuration, aihwkit_file

FUNCTIONS = {
    "PiecewiseStepDevice": "piecewise_step",
    "LinearStepDevice": "linear_step",
    "SoftBoundsDevice": "soft_bounds",
    "PowStepDevice": "pow_step",
}
DECAY = {
    "retention_exponential_tau": Measured(120.0, "s", window="t = 10 s to 300 s"),
    "retention_exponential_amplitude": Measured(5e-6, "S"),
    "retention_exponential_end": Measured(3e-6, "S"),
}


def growing(g: np.ndarray) -> np.ndarray:
    """Return a step that grows with the conductance, as where sigma does."""
    return np.asarray(0.5e-7 + 0.02 * g + 1e3 * g**2)


CASES: dict[str, tuple[Step, Step]] = {
    "soft": (soft_up(), soft_down()),
    "linear": (linear_step(), linear_step()),
    "growing": (growing, growing),
    "lopsided": (soft_up(2.0 / STATES), linear_step(0.7 * (HIGH - LOW) / STATES)),
}


def pulse(device: SimpleNamespace, w: np.ndarray, *, up: bool) -> np.ndarray:
    """Return the change of weights by a pulse between the bounds, by the rule of the device's class, without noise."""
    scale_up = device.dw_min * (1.0 + min(device.up_down, 0.0))
    scale_down = device.dw_min * (1.0 - max(device.up_down, 0.0))
    low, high = device.w_min, device.w_max
    if device.device == "PiecewiseStepDevice":
        values = device.piecewise_up if up else device.piecewise_down
        places = np.linspace(low, high, len(values))
        change = scale_up * np.interp(w, places, values) if up else -scale_down * np.interp(w, places, values)
    elif device.device == "PowStepDevice":
        power_up = device.pow_gamma * (1.0 + min(device.pow_up_down, 0.0))
        power_down = device.pow_gamma * (1.0 - max(device.pow_up_down, 0.0))
        share = (high - w) / (high - low)
        change = scale_up * share**power_up if up else -scale_down * (1.0 - share) ** power_down
    else:
        soft = device.device == "SoftBoundsDevice"
        gamma_up, gamma_down = (1.0, 1.0) if soft else (device.gamma_up, device.gamma_down)
        if not soft and not device.allow_increasing:
            gamma_up, gamma_down = abs(gamma_up), abs(gamma_down)
        change = scale_up * (1.0 - gamma_up * w / high) if up else -scale_down * (1.0 - gamma_down * w / low)
    return np.asarray(change)


def changes(device: SimpleNamespace, steps: StepRange, g: np.ndarray, *, up: bool) -> np.ndarray:
    """Return the change of conductances by a pulse of the device, S."""
    return pulse(device, np.asarray((g - steps.zero) / steps.per_weight), up=up) * steps.per_weight


def written(made: Extraction, out: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[StepRange, dict[str, Any]]:
    steps = step_range(made)
    assert isinstance(steps, StepRange)
    assert write(made, out).reason == ""
    return steps, aihwkit_file(out / PYTHON_FILE, monkeypatch)


@pytest.mark.parametrize("name", CASES)
def test_the_file_gives_the_library_fields_it_has(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, defined = written(extraction(*CASES[name]), tmp_path, monkeypatch)
    for device, function in FUNCTIONS.items():
        made = defined[function]()
        assert made.device == device
        assert made.w_min < 0.0 < made.w_max
        assert defined["rpu_config"](made).device is made
        # Whatever varies by default is set, and to nothing.
        assert {field: getattr(made, field) for field in VARIATION & FIELDS[device]} == dict.fromkeys(
            VARIATION & FIELDS[device], 0.0
        )


def test_the_stand_in_refuses_a_field_the_library_has_not() -> None:
    with pytest.raises(TypeError, match="gamma_up"):
        Configuration("SoftBoundsDevice", dw_min=0.1, gamma_up=1.0)


@pytest.mark.parametrize("name", CASES)
def test_the_piecewise_device_makes_the_measured_steps(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, defined = written(extraction(*CASES[name]), tmp_path, monkeypatch)
    device = defined["piecewise_step"]()
    assert len(device.piecewise_up) == len(device.piecewise_down) < 64
    for branch, up in ((steps.up, True), (steps.down, False)):
        np.testing.assert_allclose(changes(device, steps, branch.nodes, up=up), branch.steps, rtol=1e-12)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("function", FUNCTIONS.values())
def test_each_device_is_as_far_from_the_measured_steps_as_it_says(
    name: str, function: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps, defined = written(extraction(*CASES[name]), tmp_path, monkeypatch)
    device = defined[function]()
    stated = json.loads((tmp_path / JSON_FILE).read_text())["devices"][device.device]
    for branch, up, word in ((steps.up, True, "residual_up"), (steps.down, False, "residual_down")):
        left = changes(device, steps, branch.nodes, up=up) - branch.steps
        share = np.sqrt(np.mean(left**2) / np.mean(branch.steps**2))
        assert abs(share - stated[word]) <= 1e-6 * stated[word] + 1e-12


def test_soft_bounds_are_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, defined = written(extraction(*CASES["soft"]), tmp_path, monkeypatch)
    device = defined["soft_bounds"]()
    bounds = [steps.zero + w * steps.per_weight for w in (device.w_min, device.w_max)]
    np.testing.assert_allclose(bounds, [0.5 * LOW, 1.1 * HIGH], rtol=1e-9)
    power = defined["pow_step"]()
    np.testing.assert_allclose(power.pow_gamma, 1.0, rtol=1e-5)
    np.testing.assert_allclose([power.w_min, power.w_max], [device.w_min, device.w_max], rtol=1e-5)


def test_powers_are_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    span = HIGH - LOW
    up: Step = lambda g: 0.05 * span * ((1.05 * HIGH - g) / span) ** 1.7  # noqa: E731
    down: Step = lambda g: 0.03 * span * ((g - 0.8 * LOW) / span) ** 0.6  # noqa: E731
    _, defined = written(extraction(up, down), tmp_path, monkeypatch)
    device = defined["pow_step"]()
    powers = (
        device.pow_gamma * (1.0 + min(device.pow_up_down, 0.0)),
        device.pow_gamma * (1.0 - max(device.pow_up_down, 0.0)),
    )
    np.testing.assert_allclose(powers, [1.7, 0.6], rtol=1e-5)


def test_steps_that_grow_need_the_library_to_allow_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, defined = written(extraction(*CASES["growing"]), tmp_path, monkeypatch)
    device = defined["linear_step"]()
    g = np.linspace(3e-6, 9e-6, 7)
    np.testing.assert_allclose(changes(device, steps, g, up=True), growing(g), rtol=0.06)
    device.allow_increasing = False
    assert np.abs(changes(device, steps, g, up=True) / growing(g) - 1.0).max() > 0.5


def test_a_bound_is_never_farther_out_than_the_range_is_wide() -> None:
    steps = step_range(extraction(growing, linear_step()))
    assert isinstance(steps, StepRange)
    model = soft_bounds(points_of(steps))
    assert model is not None
    held = model.quantities["w_max"]
    np.testing.assert_allclose(held.value, float(steps.weight(steps.high)) + 2.0, rtol=1e-12)
    assert held.low is None
    assert "held" in held.window


@pytest.mark.parametrize("pair", [(0.3, 0.2), (0.2, 0.3), (0.2, 0.2)])
def test_up_down_makes_one_direction_smaller_and_leaves_the_other(pair: tuple[float, float]) -> None:
    dw_min, up_down = scales(*pair)
    np.testing.assert_allclose(dw_min, max(pair), rtol=1e-15)
    np.testing.assert_allclose(sizes(dw_min, up_down), pair, rtol=1e-15)


def test_the_map_takes_weights_to_conductances(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, defined = written(extraction(*CASES["lopsided"]), tmp_path, monkeypatch)
    told = json.loads((tmp_path / JSON_FILE).read_text())
    ends = [told["range"]["weight_low"], told["range"]["weight_high"]]
    np.testing.assert_allclose([defined["conductance"](w) for w in ends], [steps.low, steps.high], rtol=1e-12)
    device = defined["piecewise_step"]()
    np.testing.assert_allclose([device.w_min, device.w_max], ends, rtol=1e-12)


def test_decay_needs_a_batch_time_and_a_retention(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, without = written(extraction(*CASES["soft"]), tmp_path, monkeypatch)
    assert without["piecewise_step"]().lifetime == 0.0
    with pytest.raises(ValueError, match="no decay of weights"):
        without["piecewise_step"](batch_time=0.1)
    steps, known = written(extraction(*CASES["soft"], quantities=DECAY), tmp_path, monkeypatch)
    assert known["linear_step"]().lifetime == 0.0
    device = known["linear_step"](batch_time=0.1)
    np.testing.assert_allclose(device.lifetime, 1200.0, rtol=1e-12)
    np.testing.assert_allclose(device.reset, steps.weight(3e-6), rtol=1e-12)


def test_noise_is_there_when_it_was_modelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, defined = written(extraction(*CASES["soft"], noise=0.25), tmp_path, monkeypatch)
    np.testing.assert_allclose(defined["piecewise_step"]().dw_min_std, 0.25, rtol=1e-9)


def test_every_fitted_number_has_its_interval_and_the_section_its_picture(tmp_path: Path) -> None:
    found = write(extraction(*CASES["growing"]), tmp_path)
    gamma = found.quantities["LinearStep.gamma_up"]
    assert gamma.value is not None
    assert gamma.low is not None
    assert gamma.high is not None
    assert gamma.low < gamma.value < gamma.high
    assert found.section is not None
    assert found.section.figures[0].png.startswith(b"\x89PNG")
    assert len(found.section.rows) == 1 + len(FUNCTIONS)


def test_a_run_that_only_potentiates_leaves_no_file(tmp_path: Path) -> None:
    found = write(extraction(linear_step()), tmp_path)
    assert "lower" in found.reason
    assert found.files == ()
    assert list(tmp_path.iterdir()) == []
