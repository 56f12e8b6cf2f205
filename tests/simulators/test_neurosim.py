"""NeuroSim's fields from trains that are known."""

import json
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.simulators.arrays.neurosim import JSON_FILE, TEXT_FILE, write
from eisfv.postprocess.simulators.arrays.neurosim_fields import known_label
from eisfv.postprocess.simulators.arrays.neurosim_trains import FittedTrain, fitted_trains
from eisfv.postprocess.simulators.arrays.nonlinearity_label import curvature_of, label_of
from simulators.made_steps import AMPLITUDE, CHARGE, ENERGY, HIGH, LOW, WIDTH, Step, extraction, linear_step

COUNT = 50
SPAN = HIGH - LOW


def up_with(label: float, count: int = COUNT) -> Step:
    """Return the step of a train up with a label: G(x) = LOW + B (1 - e^{-x/A}) over `count` pulses."""
    k = curvature_of(label)
    b = SPAN / -np.expm1(-k)
    return lambda g: (b - (g - LOW)) * -np.expm1(-k / count)


def down_with(label: float, count: int = COUNT) -> Step:
    """Return the size of a step back along a train of that label: from x to x - 1."""
    k = curvature_of(label)
    b = SPAN / -np.expm1(-k)
    return lambda g: (b - (g - LOW)) * np.expm1(k / count)


def trains(made: Extraction) -> tuple[FittedTrain, FittedTrain]:
    found = fitted_trains(made)
    assert not isinstance(found, str)
    return found


@pytest.mark.parametrize("label", [0.5, 2.0, 4.22, -1.3])
def test_a_train_up_has_the_label_it_was_made_with(label: float) -> None:
    up, _ = trains(extraction(up_with(label), linear_step(SPAN / COUNT)))
    np.testing.assert_allclose(up.label, label, rtol=1e-4)
    np.testing.assert_allclose(up.pulses, COUNT, rtol=1e-3)
    assert up.residual < 1e-4


@pytest.mark.parametrize("label", [-0.5, -2.0, -4.22, 1.3])
def test_a_train_down_that_flattens_has_a_negative_label(label: float) -> None:
    _, down = trains(extraction(linear_step(SPAN / COUNT), down_with(label)))
    np.testing.assert_allclose(down.label, label, rtol=1e-4)


def test_a_device_that_goes_back_the_way_it_came_has_one_label() -> None:
    up, down = trains(extraction(up_with(1.7), down_with(1.7)))
    np.testing.assert_allclose(up.label, down.label, rtol=1e-4)


def test_straight_trains_have_no_label_and_their_pulses(tmp_path: Path) -> None:
    made = extraction(linear_step(SPAN / COUNT), linear_step(SPAN / 25))
    up, down = trains(made)
    assert max(abs(up.label), abs(down.label)) < 1e-6
    write(made, tmp_path)
    device = json.loads((tmp_path / JSON_FILE).read_text())["RealDevice"]
    assert (device["maxNumLevelLTP"], device["maxNumLevelLTD"]) == (COUNT, 25)
    assert device["nonlinearWrite"] is False


def test_both_trains_are_fitted_over_the_range_both_pass() -> None:
    made = extraction(up_with(2.0), linear_step(SPAN / COUNT), down_range=(4e-6, 8e-6))
    up, down = trains(made)
    np.testing.assert_allclose([up.low, up.high], [down.low, down.high], rtol=1e-12)
    assert up.pulses < COUNT
    # A part of an exponential is one, less bent.
    assert 0.0 < up.label < 2.0
    # The ends are interpolated on straight lines.
    assert up.residual < 1e-3


def test_the_fields_are_those_of_the_run(tmp_path: Path) -> None:
    found = write(extraction(up_with(2.0), down_with(-1.5)), tmp_path)
    told = json.loads((tmp_path / JSON_FILE).read_text())
    device, script = told["RealDevice"], told["train.py"]
    np.testing.assert_allclose([device["minConductance"], device["maxConductance"]], [LOW, HIGH], rtol=1e-2)
    assert device["writeVoltageLTP"] == device["writeVoltageLTD"] == AMPLITUDE
    assert device["writePulseWidthLTP"] == WIDTH
    assert (device["NL_LTP"], device["NL_LTD"]) == (2.0, -1.5)
    assert (script["nonlinearityLTP"], script["nonlinearityLTD"]) == (2.0, -1.5)
    assert script["max_level"] == COUNT
    assert script["cellBit"] == script["wl_weight"] == 5
    np.testing.assert_allclose(script["onoffratio"], device["maxConductance"] / device["minConductance"], rtol=1e-12)
    assert device["sigmaCtoC"] == device["sigmaDtoD"] == script["c2cVari"] == script["d2dVari"] == 0.0
    text = (tmp_path / TEXT_FILE).read_text()
    assert "    NL_LTD = -1.5;" in text
    assert "    args.nonlinearityLTD = -1.5" in text
    assert "nonlinearWrite = true;" in text
    label = found.quantities["NL_LTP"]
    assert label.low is not None
    assert label.high is not None
    assert found.section is not None


def test_what_the_run_cannot_give_is_null_with_a_reason(tmp_path: Path) -> None:
    write(extraction(up_with(2.0), down_with(-1.5)), tmp_path)
    told = json.loads((tmp_path / JSON_FILE).read_text())
    nulls = {name for name, value in told["RealDevice"].items() if value is None}
    assert nulls == set(told["null_because"]) == {"readVoltage", "readPulseWidth"}


def test_current_pulses_have_the_voltage_of_their_energy(tmp_path: Path) -> None:
    write(extraction(up_with(2.0), down_with(-1.5), unit="A"), tmp_path)
    device = json.loads((tmp_path / JSON_FILE).read_text())["RealDevice"]
    np.testing.assert_allclose([device["writeVoltageLTP"], device["writeVoltageLTD"]], ENERGY / CHARGE, rtol=1e-12)


def test_noise_that_was_modelled_is_a_conductance_and_a_share(tmp_path: Path) -> None:
    write(extraction(linear_step(SPAN / COUNT), linear_step(SPAN / COUNT), noise=0.1), tmp_path)
    told = json.loads((tmp_path / JSON_FILE).read_text())
    np.testing.assert_allclose(told["RealDevice"]["sigmaCtoC"], 0.1 * SPAN / COUNT, rtol=1e-9)
    np.testing.assert_allclose(told["train.py"]["c2cVari"], 0.1 / COUNT, rtol=1e-3)


def test_a_label_is_read_as_it_was_meant() -> None:
    # The simulator takes (int)(fabs(NL) * 100).
    assert int(0.29 * 100) == 28
    for hundredths in range(1, 901):
        for sign in (1.0, -1.0):
            kept = known_label(sign * hundredths / 100)
            assert int(abs(float(repr(kept))) * 100) == hundredths
            assert np.sign(kept) == sign


def test_a_label_out_of_the_simulators_range_is_told(tmp_path: Path) -> None:
    assert known_label(0.0) == known_label(0.002) == 0.01
    assert known_label(-9.4) == -9.0
    found = write(extraction(linear_step(SPAN / COUNT), linear_step(SPAN / COUNT)), tmp_path)
    assert found.section is not None
    assert "below the smallest it knows" in found.section.paragraphs[1]


def test_trains_without_enough_in_common_leave_no_file(tmp_path: Path) -> None:
    for made, why in (
        (extraction(linear_step()), "lower"),
        (extraction(linear_step(), linear_step(), up_range=(LOW, 4e-6), down_range=(5e-6, HIGH)), "nothing in common"),
        (extraction(linear_step(SPAN / 3), linear_step(SPAN / 3)), "a fit needs 3"),
    ):
        found = write(made, tmp_path)
        assert why in found.reason
        assert list(tmp_path.iterdir()) == []


def test_the_fit_tells_a_train_of_another_form() -> None:
    sigmoid: Step = lambda g: 2e-8 + 4e-7 * ((g - LOW) / SPAN) * (1.05 - (g - LOW) / SPAN)  # noqa: E731
    up, _ = trains(extraction(sigmoid, linear_step(SPAN / COUNT)))
    assert up.residual > 0.02
    assert abs(label_of(up.curvature) - up.label) < 1e-12
