"""A run of the solver, extracted and written for the simulators, whose devices then repeat the run."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from eisfv.postprocess.extract.extraction import extract
from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.reading import read_sources
from eisfv.postprocess.simulators.arrays import aihwkit, crosssim, neurosim
from eisfv.postprocess.simulators.step_range import StepRange, step_range
from simulators.stand_ins import aihwkit_file
from support.small_case import DEVICE, finished, small_case

# Both hosts at one filling: no voltage between them that writes during the rests.
ALIKE = DEVICE.replace("initial.x = 0.0078", "initial.x = 0.005")
PULSES = 9  # a train
TRAINS = """
[[protocol]]
repeat = 9
steps = [
    { drive = "voltage", value = "0.5 V", duration = "200 ms", pulse = true },
    { drive = "open_circuit", duration = "2 s", read = "last 500 ms" },
]
[[protocol]]
repeat = 9
steps = [
    { drive = "voltage", value = "-0.5 V", duration = "200 ms", pulse = true },
    { drive = "open_circuit", duration = "2 s", read = "last 500 ms" },
]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Extraction:
    place = tmp_path_factory.mktemp("trains")
    finished(small_case(place / "case", TRAINS, "", ALIKE), place / "run")
    return extract(read_sources([place / "run"]))


@pytest.fixture(scope="module")
def steps(run: Extraction) -> StepRange:
    found = step_range(run)
    assert isinstance(found, StepRange)
    return found


@pytest.fixture
def device(run: Extraction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    assert aihwkit.write(run, tmp_path).reason == ""
    made = aihwkit_file(tmp_path / aihwkit.PYTHON_FILE, monkeypatch)["piecewise_step"]()
    assert isinstance(made, SimpleNamespace)
    return made


def one_pulse(device: SimpleNamespace, w: float, *, up: bool) -> float:
    """Return the weight after a pulse, by the rule of the piecewise device."""
    values = device.piecewise_up if up else device.piecewise_down
    step = float(np.interp(w, np.linspace(device.w_min, device.w_max, len(values)), values))
    up_scale, down_scale = 1.0 + min(device.up_down, 0.0), 1.0 - max(device.up_down, 0.0)
    moved = w + device.dw_min * (up_scale * step if up else -down_scale * step)
    return min(max(moved, device.w_min), device.w_max)


def test_each_pulse_of_the_device_is_one_of_the_solver(
    run: Extraction, steps: StepRange, device: SimpleNamespace
) -> None:
    pulses = run.pulses
    inside = (np.minimum(pulses.before, pulses.after) >= steps.low) & (
        np.maximum(pulses.before, pulses.after) <= steps.high
    )
    assert inside.sum() >= 2 * PULSES - 5
    for k in np.flatnonzero(inside):
        w = float(steps.weight(pulses.before[k]))
        made = (one_pulse(device, w, up=bool(pulses.change[k] > 0.0)) - w) * steps.per_weight
        np.testing.assert_allclose(made, pulses.change[k], rtol=0.01)


def test_a_train_of_the_device_ends_where_the_solvers_does(
    run: Extraction, steps: StepRange, device: SimpleNamespace
) -> None:
    before = run.pulses.before[:PULSES]
    first = int(np.flatnonzero(before >= steps.low)[0])
    last = int(np.flatnonzero(before <= steps.high)[-1])
    w = float(steps.weight(before[first]))
    for _ in range(last - first):
        w = one_pulse(device, w, up=True)
    climbed = steps.zero + w * steps.per_weight - before[first]
    np.testing.assert_allclose(climbed, before[last] - before[first], rtol=0.01)


def test_the_other_targets_are_written_from_the_same_run(run: Extraction, steps: StepRange, tmp_path: Path) -> None:
    assert crosssim.write(run, tmp_path).reason == ""
    table = np.genfromtxt(tmp_path / crosssim.INCREASING, delimiter=",", skip_header=3)
    np.testing.assert_allclose(table[0], steps.step_up(steps.grid(crosssim.BINS)), rtol=1e-12)
    labels = neurosim.write(run, tmp_path).quantities
    # Magnesium raises sigma more than linearly: the train up steepens.
    assert labels["NL_LTP"].value is not None
    assert labels["NL_LTP"].value < 0.0
