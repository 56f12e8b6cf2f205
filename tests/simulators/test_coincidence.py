"""A neuron learns with a kernel which of its inputs fire together, and nothing where none do."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfv
from eisfv.postprocess.simulators.spiking.coincidence import (
    EVENTS,
    FIXED,
    LEARNT,
    LENGTH,
    RATE,
    SHIFTED,
    TOGETHER,
    Coincidence,
    coincidence,
    input_spikes,
    mean_interval,
    shifted,
)
from support.spiking import A_MINUS, A_PLUS, INTERVALS, LEVEL, TAU_MINUS, TAU_PLUS, kernel

RANGE = 1.0  # s
SEEDS = 6


@pytest.fixture(scope="module")
def found() -> Coincidence:
    """Return networks of the exponential kernel."""
    return coincidence(kernel, RANGE, LEVEL, range(SEEDS))


def told_apart(found: Coincidence, name: str) -> np.ndarray:
    """Return the figure of every seed."""
    return np.array([one.told_apart for one in found.networks[name]])


def test_inputs_that_fire_together_are_told_apart_and_shifted_ones_are_not(found: Coincidence) -> None:
    assert told_apart(found, LEARNT).min() > 0.95
    chance = told_apart(found, SHIFTED)
    assert abs(chance.mean() - 0.5) < 4.0 * chance.std(ddof=1) / np.sqrt(SEEDS)
    np.testing.assert_array_equal(told_apart(found, FIXED), 0.5)


def test_the_learnt_neuron_hears_the_events_better(found: Coincidence) -> None:
    heard = {name: np.mean([one.heard for one in networks]) for name, networks in found.networks.items()}
    assert heard[LEARNT] > heard[FIXED] + 0.05
    assert heard[SHIFTED] < 0.2


def test_the_control_fires_as_often(found: Coincidence) -> None:
    spikes = {name: np.mean([one.spikes for one in networks]) for name, networks in found.networks.items()}
    np.testing.assert_allclose(spikes[SHIFTED], spikes[FIXED], rtol=0.1)


def test_a_kernel_of_the_other_sign_weakens_what_fires_together() -> None:
    other = coincidence(lambda dt: -kernel(dt), RANGE, LEVEL, range(2))
    assert told_apart(other, LEARNT).max() < 0.05


def test_the_time_of_a_kernel_is_its_mean_interval_and_scales_the_network(found: Coincidence) -> None:
    moments = [A * tau**2 for A, tau in ((A_PLUS, TAU_PLUS), (A_MINUS, TAU_MINUS))]
    areas = [A * tau for A, tau in ((A_PLUS, TAU_PLUS), (A_MINUS, TAU_MINUS))]
    np.testing.assert_allclose(found.t0, sum(moments) / sum(areas), rtol=1e-3)
    assert mean_interval(lambda dt: kernel(1e6 * dt), 1e-6 * RANGE) == pytest.approx(1e-6 * found.t0, rel=1e-9)
    fast = coincidence(lambda dt: kernel(1e6 * dt), 1e-6 * RANGE, LEVEL, range(1))
    np.testing.assert_allclose(fast.networks[LEARNT][0].G, found.networks[LEARNT][0].G, rtol=1e-6)


def test_every_input_fires_at_one_rate_and_the_control_has_the_same_spikes() -> None:
    random = np.random.default_rng(5)
    time, number, events = input_spikes(random)
    counts = np.bincount(number)
    for group in (counts[:TOGETHER], counts[TOGETHER:]):
        assert abs(group.mean() - RATE * LENGTH) < 4.0 * np.sqrt(RATE * LENGTH / 2.0 + EVENTS * LENGTH)
    moved, of = shifted(time, number, random)
    np.testing.assert_array_equal(np.bincount(of), counts)
    assert (np.diff(moved) >= 0.0).all()
    assert abs(events.size - EVENTS * LENGTH) < 4.0 * np.sqrt(EVENTS * LENGTH)


SCATTERED = {
    "interval_s": INTERVALS.tolist(),
    "change_S": (1e-9 * np.random.default_rng(3).normal(size=INTERVALS.size)).tolist(),
    "conductance_before_S": [LEVEL] * INTERVALS.size,
}


def written(folder: Path, **changes: Any) -> Path:
    """Write an extract.json with pairs."""
    table = {"interval_s": INTERVALS.tolist(), "change_S": kernel(INTERVALS).tolist()}
    table["conductance_before_S"] = [LEVEL] * INTERVALS.size
    file = folder / "extract.json"
    file.write_text(json.dumps({"tables": {"spike_pairs": table}, "largest_residual": 0.2, **changes}))
    return file


def test_the_kernel_of_an_extraction_is_learnt_with_and_written(tmp_path: Path) -> None:
    found = eisfv.benchmark("stdp", written(tmp_path), seeds=2)
    table = found.table.set_index("network")
    assert table.told_apart["LEARNT"] > 0.95
    assert "exponential form, pairs with dt = 5 ms to 90 ms" in str(found)
    files = found.write(tmp_path / "out")
    assert [file.name for file in files] == ["coincidence.csv", "coincidence.png"]
    assert files[1].read_bytes().startswith(b"\x89PNG")
    again = eisfv.benchmark("stdp", tmp_path, seeds=2).write(tmp_path / "again")
    assert again[0].read_text() == files[0].read_text()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tables": {}}, "has no table of spike pairs; extract a run with pairs of spikes"),
        ({"tables": 3}, "is no extract.json of this version"),
        ({"largest_residual": "much"}, "is no extract.json of this version"),
        ({"tables": {"spike_pairs": {"interval_s": [1.0]}}}, "is no extract.json of this version"),
        ({"tables": {"spike_pairs": SCATTERED}}, "kernel leaves"),
    ],
)
def test_an_extraction_without_a_kernel_is_told_in_a_line(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    file = written(tmp_path, **changes)
    with pytest.raises(eisfv.ResultError) as told:
        eisfv.benchmark("stdp", file)
    assert str(told.value).startswith(f"{file}: ")
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_a_benchmark_of_learning_asks_for_a_device() -> None:
    with pytest.raises(eisfv.EisfvError, match="stdp asks for a device"):
        eisfv.benchmark("stdp")
