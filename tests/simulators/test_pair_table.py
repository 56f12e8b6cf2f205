"""The kernel that is a table of the pairs: what it leaves, what Brian 2 is given, when it is taken."""

import runpy
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from eisfv.postprocess.extract.spike_pairs import Pairs, spike_pairs
from eisfv.postprocess.simulators.spiking.pair_table import PairTable, best_kernel, missed, table_of
from eisfv.postprocess.simulators.spiking.stdp import Kernel
from eisfv.postprocess.simulators.spiking.target import BRIAN2, NEST, write
from support.spiking import INTERVALS, LEVEL, extraction, kernel, pair_pulses

FINE = np.linspace(-0.1, 0.1, 41)


def lobe(interval: np.ndarray) -> np.ndarray:
    """Return changes, S, of a kernel with a window without a change: 20 nS at 60 ms, -20 nS at -60 ms."""
    return np.asarray(20e-9 * np.sign(interval) * np.exp(-0.5 * ((np.abs(interval) - 0.06) / 0.01) ** 2))


def pairs_of(interval: np.ndarray, change: np.ndarray) -> Pairs:
    """Return pairs."""
    found = spike_pairs(pair_pulses(interval, change))
    assert found is not None
    return found


def test_what_the_neighbours_miss_is_half_the_curvature_and_falls_with_the_square() -> None:
    def left(count: int) -> float:
        x = np.linspace(-1.0, 1.0, count)
        y = 1.0 - x**2  # f'' = -2: neighbours at h tell each point h^2 too low, and both ends are zero
        h = x[1] - x[0]
        np.testing.assert_allclose(missed(x, y), h**2 * np.sqrt((count - 2) / count / np.mean(y**2)), rtol=1e-10)
        return missed(x, y)

    np.testing.assert_allclose(left(41) / left(81), 4.0, rtol=0.02)


def test_a_kernel_that_does_not_end_in_its_range_is_not_told_beyond_it() -> None:
    assert missed(np.linspace(-1.0, 1.0, 5), np.ones(5)) == pytest.approx(np.sqrt(2 / 5), rel=1e-12)


def test_lobes_are_a_table_and_a_decay_is_not() -> None:
    found = best_kernel(pairs_of(FINE, lobe(FINE)), 0.2)
    assert isinstance(found, PairTable)
    np.testing.assert_allclose(found.change(FINE), lobe(FINE), rtol=1e-6)
    np.testing.assert_allclose(found.change(np.array([0.0575])), lobe(np.array([0.055, 0.06])).mean(), rtol=1e-12)
    assert found.change(np.array([0.11]))[0] == 0.0
    decay = best_kernel(pairs_of(np.append(INTERVALS, 0.0), np.append(kernel(INTERVALS), 0.0)), 0.2)
    assert isinstance(decay, Kernel)


def test_lobes_between_few_intervals_are_refused_unless_asked() -> None:
    coarse = np.array([-0.1, -0.06, -0.03, 0.0, 0.03, 0.06, 0.1])
    refused = best_kernel(pairs_of(coarse, lobe(coarse)), 0.2)
    assert isinstance(refused, str)
    assert "each interval told by its neighbours, more than 20%; run pairs at intervals between them" in refused
    assert isinstance(table_of(pairs_of(coarse, lobe(coarse)), 2.0), PairTable)
    assert table_of(pairs_of(FINE[FINE != 0.0], lobe(FINE[FINE != 0.0]))) == "no pair has dt = 0, which a table needs"


def test_the_code_for_brian_pairs_with_the_last_spike_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write(extraction(tmp_path, pair_pulses(FINE, lobe(FINE))), tmp_path / "out")
    assert [path.name for path in written.files] == [BRIAN2]
    told = (tmp_path / "out" / BRIAN2).read_text()
    assert "# table of 41 intervals, pairs with dt = \N{MINUS SIGN}100 ms to 100 ms: an interval told by its" in told
    assert written.quantities["stdp_table_peak"].residual == pytest.approx(missed(FINE, lobe(FINE)), rel=1e-9)
    units = ModuleType("brian2")
    units.__dict__.update(second=1.0, siemens=1.0)
    monkeypatch.setitem(sys.modules, "brian2", units)
    file = runpy.run_path(str(tmp_path / "out" / BRIAN2))
    state = {"G": LEVEL, "clip": np.clip, "second": 1.0, "siemens": 1.0}
    state |= {f"{neuron}_{what}": 0.0 for neuron in ("pre", "post") for what in ("fired", "known")}
    changes = []
    for time, neuron in ((1.0, "PRE"), (1.01, "PRE"), (1.0725, "POST"), (1.13, "PRE")):
        before, state["t"] = state["G"], time
        exec(str(file[f"STDP_ON_{neuron}"]), dict(file["STDP_NAMESPACE"]), state)
        changes.append(state["G"] - before)
    wanted = [0.0, 0.0, np.interp(0.0625, FINE, lobe(FINE)), np.interp(-0.0575, FINE, lobe(FINE))]
    np.testing.assert_allclose(changes, wanted, rtol=1e-6, atol=1e-15 * LEVEL)


def test_a_kernel_that_strengthens_on_both_sides_is_nests_with_a_negative_alpha(tmp_path: Path) -> None:
    both = np.abs(kernel(INTERVALS))
    written = write(extraction(tmp_path, pair_pulses(INTERVALS, both)), tmp_path / "out")
    assert {path.name for path in written.files} == {BRIAN2, NEST}
    file = runpy.run_path(str(tmp_path / "out" / NEST))
    assert file["STDP_SYNAPSE"]["alpha"] < 0.0 < file["STDP_SYNAPSE"]["lambda"]
