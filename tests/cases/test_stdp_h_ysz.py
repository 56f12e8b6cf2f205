"""The spike pairs of h_ysz_stdp do what its README says."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.model.waveforms import PiecewiseLinear
from eisfv.postprocess.extract.pulses import pulses_of
from eisfv.postprocess.extract.reading import read_sources
from eisfv.postprocess.extract.spike_pairs import spike_pairs
from eisfv.postprocess.simulators.spiking.stdp import kernel_of
from eisfv.result import Run
from support.small_case import finished

CASE = Path(__file__).parents[2] / "cases" / "h_ysz_stdp"
PAIRS = (20.0, -20.0, 40.0, -40.0, 80.0, -80.0, 160.0, -160.0)  # ms
PEAK = 6.5  # V
SHORT = [  # a few pairs and one spike alone, on a mesh that needs no pilots
    f"protocol[1].intervals={[*(f'{dt:g} ms' for dt in PAIRS), 'pre']}",
    *("measure=[]", "output.fields.at=[]", 'mesh.companion="none"'),
    *("mesh.first=0.02", "mesh.growth=1.2", "mesh.host_growth=1.1"),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run of a few pairs and of one spike alone."""
    return finished(load(CASE, SHORT), tmp_path_factory.mktemp("pairs") / "run")


def test_a_spike_compensates_itself_and_no_level_exceeds_the_papers_peak() -> None:
    spikes = [step.waveform for step in load(CASE).protocol if step.pulse]
    assert len(spikes) == 22
    assert all(abs(wave.extreme(1.0)) <= PEAK for wave in spikes)
    assert max(abs(wave.extreme(1.0)) for wave in spikes) > 0.9 * PEAK
    for alone in spikes[-2:]:
        assert isinstance(alone, PiecewiseLinear)
        assert abs(alone.extreme(1.0)) <= 0.5 * PEAK
        np.testing.assert_allclose(np.trapezoid(alone.levels, alone.times), 0.0, atol=1e-9)


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
