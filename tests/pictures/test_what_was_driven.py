"""A run is drawn by what it is: a long rest over decades of time, a voltammogram, a curve of spike pairs."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.spike_pairs import draw_spike_pairs
from eisfv.postprocess.pictures.terminals_picture import draw_terminals
from eisfv.postprocess.pictures.voltammogram import draw_voltammogram
from eisfv.postprocess.pictures.what_was_driven import long_rest, spike_intervals, steps_of, swept_rows
from eisfv.result import Run, read
from support.made_run import block, made_run, pulse, rest, train
from support.written_run import written

SWEEP = '{ drive = "voltage", value = { times = ["0 s", "10 s", "20 s"], levels = ["0 V", "1 V", "0 V"] }, '
SWEEP += 'duration = "20 s" }'
KEPT = block(pulse("1 V", "10 ms"), rest("10 day"))
PAIRS = block(
    *(part for dt in (-20, -5, 5, 20) for part in (pulse("1 V", more=f', spike_interval = "{dt} ms"'), rest()))
)


def run_of(path: Path, protocol: str) -> Run:
    return read(made_run(path / "run", protocol))


def drawn(run: Run) -> Figure:
    figure = Figure()
    assert draw_terminals(run, figure)
    return figure


def test_ten_days_after_a_short_pulse_are_decades_beside_the_pulse(tmp_path: Path) -> None:
    run = run_of(tmp_path, KEPT)
    found = long_rest(run, steps_of(run))
    assert found is not None
    assert found.step == 2
    np.testing.assert_allclose(found.start, 0.01, rtol=1e-9)
    np.testing.assert_allclose(found.since[-1], 864000.0, rtol=1e-12)
    before, after = drawn(run).axes[:2]
    assert [axes.get_xscale() for axes in (before, after)] == ["linear", "log"]


@pytest.mark.parametrize(
    "protocol", [train("1 V", 3), block('{ drive = "current", value = "1 nA", duration = "1 h" }')]
)
def test_trains_and_charging_stay_on_a_line_of_time(tmp_path: Path, protocol: str) -> None:
    run = run_of(tmp_path, protocol)
    assert long_rest(run, steps_of(run)) is None
    assert {axes.get_xscale() for axes in drawn(run).axes} == {"linear"}


def test_a_swept_voltage_makes_a_voltammogram_and_pulses_do_not(tmp_path: Path) -> None:
    swept, pulsed = run_of(tmp_path / "a", block(rest("1 s"), SWEEP)), run_of(tmp_path / "b", train("1 V", 3))
    rows = swept_rows(swept, steps_of(swept))
    assert set(swept.terminals["step"][rows]) == {2}
    assert draw_voltammogram(swept, Figure())
    assert not draw_voltammogram(pulsed, Figure())


def test_spike_pairs_are_drawn_at_their_intervals(tmp_path: Path) -> None:
    run = run_of(tmp_path, PAIRS)
    np.testing.assert_allclose(spike_intervals(run, steps_of(run)), [-0.02, -0.005, 0.005, 0.02], rtol=1e-12)
    figure = Figure()
    assert draw_spike_pairs(run, figure)
    points = figure.axes[0].lines[-1]
    np.testing.assert_allclose(points.get_xdata(), [-20.0, -5.0, 5.0, 20.0], rtol=1e-12)
    assert not draw_spike_pairs(run_of(tmp_path / "train", train("1 V", 3)), Figure())


def test_a_run_whose_case_does_not_tell_is_drawn_against_its_time(tmp_path: Path) -> None:
    run = read(written(tmp_path / "run"))
    assert steps_of(run) is None
    assert {axes.get_xscale() for axes in drawn(run).axes} == {"linear"}
