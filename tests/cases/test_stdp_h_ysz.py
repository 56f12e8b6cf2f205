"""The spike pairs of h_ysz_stdp: the protocol is what its waveforms say, and pairs do what its README says."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.case import load
from eisfv.postprocess.extract.pulses import pulses_of
from eisfv.postprocess.extract.reading import read_sources
from eisfv.postprocess.simulators.spiking.stdp import kernel_of, spike_pairs
from eisfv.result import Run
from support.small_case import finished

CASE = Path(__file__).parents[2] / "cases" / "h_ysz_stdp"
PAIRS = (20.0, -20.0, 40.0, -40.0, 80.0, -80.0, 160.0, -160.0)  # ms


@pytest.fixture(scope="module")
def waveforms() -> dict[str, Any]:
    """Return what waveforms.py defines."""
    return runpy.run_path(str(CASE / "waveforms.py"))


@pytest.fixture(scope="module")
def run(waveforms: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run of a few pairs, of one spike alone, and of the rest alone."""
    head, mark, _ = (CASE / "case.toml").read_text().partition(waveforms["MARK"])
    assert mark
    rest, fires = waveforms["REST"] % 20.0, waveforms["FIRES"]
    pre, post, step = waveforms["PRE"], waveforms["POST"], waveforms["spike_step"]
    steps = [rest]
    for dt in PAIRS:
        steps += [step([(pre, fires), (post, fires + dt)], dt), rest]
    steps += [step([(pre, fires)]), rest]
    directory = tmp_path_factory.mktemp("pairs")
    (directory / "case.toml").write_text(head + waveforms["block"](steps))
    return finished(load(directory, ["output.fields.at=[]"]), directory / "run")


def test_the_protocol_is_the_one_its_waveforms_give(waveforms: dict[str, Any]) -> None:
    _, _, protocol = (CASE / "case.toml").read_text().partition(waveforms["MARK"])
    assert protocol == waveforms["protocol"]()


def test_the_gate_sees_half_the_sum_of_both_lines(waveforms: dict[str, Any]) -> None:
    level, pre, post = waveforms["level"], waveforms["PRE"], waveforms["POST"]
    fires = waveforms["FIRES"]
    times, levels = waveforms["at_gate"]([(pre, fires), (post, fires + 30.0)])
    grid = np.linspace(0.0, waveforms["LENGTH"], 4001)
    wanted = [(level(pre, t - fires) + level(post, t - fires - 30.0)) / 2.0 for t in grid]
    np.testing.assert_allclose(np.interp(grid, times, levels), wanted, rtol=1e-5, atol=1e-5)


def test_a_spike_compensates_itself_and_two_at_once_cancel(waveforms: dict[str, Any]) -> None:
    fires, pre, post = waveforms["FIRES"], waveforms["PRE"], waveforms["POST"]
    times, levels = waveforms["at_gate"]([(pre, fires)])
    assert np.max(levels) == -np.min(levels) <= waveforms["PEAK"] / 2.0
    np.testing.assert_allclose(np.trapezoid(levels, times), 0.0, atol=1e-9)
    assert not np.any(waveforms["at_gate"]([(pre, fires), (post, fires)])[1])
    assert np.any(waveforms["at_gate"]([(pre, fires), (pre, fires)])[1])


def test_no_level_at_the_gate_exceeds_the_papers_peak(waveforms: dict[str, Any]) -> None:
    steps = [step for step in load(CASE).protocol if step.pulse]
    assert len(steps) == 2 * len(waveforms["INTERVALS"]) + 2 + 2 * len(waveforms["SINGLE"]) * len(waveforms["WIDTHS"])
    assert max(abs(step.waveform.value(t)) for step in steps for t in (0.0, *step.waveform.corners())) <= 6.5


def test_the_change_has_the_sign_of_the_interval(run: Run) -> None:
    drift = run.pulses["dG_S"][len(PAIRS)]
    change = run.pulses["dG_S"][: len(PAIRS)] - drift
    near = np.abs(PAIRS) < 100.0
    np.testing.assert_array_equal(np.sign(change[near]), np.sign(PAIRS)[near])
    assert np.abs(change[~near]).max() < 0.02 * change[0]


def test_a_pair_near_in_time_does_much_more_than_a_far_one_or_a_spike_alone(run: Run) -> None:
    change = np.abs(run.pulses["dG_S"])
    assert change[6:].max() < 0.1 * change[0]
    assert change[0] > change[2] > change[4]


def test_hydrogen_stays_where_a_pair_has_put_it(run: Run) -> None:
    time, x = run.terminals["time_s"], run.terminals["x_channel"]
    start, end = run.pulses["t_start_s"][0], run.pulses["t_end_s"][0]
    at = np.interp([start, end + 1.0, end + 19.0], time, x)
    np.testing.assert_allclose(at[2] - at[0], at[1] - at[0], rtol=0.1)


def test_the_intervals_of_the_case_reach_the_kernel(run: Run) -> None:
    pulses = pulses_of(read_sources([run.path]))
    np.testing.assert_allclose(pulses.pair[: len(PAIRS)], np.array(PAIRS) * 1e-3, rtol=1e-12)
    assert np.isnan(pulses.pair[len(PAIRS) :]).all()
    pairs = spike_pairs(pulses)
    assert pairs is not None
    kernel = kernel_of(pairs)
    assert kernel.strengthens_after
    # Two spikes of these shapes at once cancel: the kernel begins at zero and is largest near 20 ms.
    assert kernel.plus.form == kernel.minus.form == "alpha"
    assert 0.015 < kernel.plus.tau < 0.025
