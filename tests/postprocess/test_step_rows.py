"""Times of rows from the step and the time in it: what they tell after a rest of thirty years they tell without it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.extract.pulses import pulses_of
from eisfv.postprocess.extract.reading import Source, read_sources
from eisfv.postprocess.extract.rests import rests_of
from eisfv.postprocess.simulators.spiking.spike_trains import spike_trains_of
from eisfv.postprocess.step_rows import between_rows, passed
from eisfv.result.status import State
from support.made_run import Made, block, made_run, rest, train
from support.without_checksums import without_checksums

RESTS = pytest.mark.parametrize("before", ["1 s", "1e9 s"])
# Two trains apart by a pause, of ten times the wait between their pulses.
TRAINS = train("1 uA", 3, "1 ns", "20 ns") + block(rest("400 ns")) + train("1 uA", 3, "1 ns", "20 ns")


def source_of(path: Path, protocol: str, pulses: int | None = None) -> Source:
    state: State = "finished" if pulses is None else "interrupted"
    return read_sources([made_run(path, protocol, Made(decays=[(0.5, 5e-9)]), state=state, pulses=pulses)])[0]


@RESTS
def test_a_train_ends_at_its_pause_however_late(tmp_path: Path, before: str) -> None:
    source = source_of(tmp_path / "run", block(rest(before)) + TRAINS)
    pulses = pulses_of([source])
    trains = spike_trains_of([source.run], [source.case], pulses)
    assert [one.start.size for one in trains] == [3, 3]
    for one in trains:
        np.testing.assert_allclose(one.start, [0.0, 21e-9, 42e-9], rtol=1e-12)


def test_absolute_times_do_not_tell_the_pulses_of_a_train(tmp_path: Path) -> None:
    """What the step and the time in it are for."""
    pulses = pulses_of([source_of(tmp_path / "run", block(rest("1e9 s")) + TRAINS)])
    assert np.ptp(pulses.start[:3]) == 0.0


@RESTS
def test_what_an_interrupted_run_has_of_its_last_rest_holds_its_digits(tmp_path: Path, before: str) -> None:
    """It stops where the fourth pulse would begin: the rest behind the third is whole, and no longer."""
    source = source_of(tmp_path / "run", block(rest(before)) + train("1 uA", 6, "1 ns", "20 ns"), pulses=3)
    np.testing.assert_allclose(passed(source.run, source.steps.duration, 6), 20e-9, rtol=1e-12)
    np.testing.assert_allclose(pulses_of([source]).wait, 3 * [20e-9], rtol=1e-12)
    np.testing.assert_allclose([one.length for one in rests_of(source)[1:]], 3 * [20e-9], rtol=1e-12)


def test_a_run_that_stopped_after_its_last_row_has_what_its_status_says(tmp_path: Path) -> None:
    path = made_run(tmp_path / "run", train("1 uA", 2), state="interrupted", pulses=1)
    without_checksums(path)
    lines = (path / "terminals.csv").read_text().splitlines(keepends=True)
    (path / "terminals.csv").write_text("".join(lines[:-1]))
    source = read_sources([path])[0]
    assert source.run.terminals["step_time_s"][-1] < 9.0
    np.testing.assert_allclose(passed(source.run, source.steps.duration, 1), 10.0, rtol=1e-12)


@pytest.mark.parametrize("start", [0.0, 1e9])
def test_a_value_between_rows_lies_on_their_line_however_late(start: float) -> None:
    """A ramp of 1 S/s through steps of 1, 3, 2 ns with rows in the first and the last of them alone."""
    duration = np.array([start, 1e-9, 3e-9, 2e-9])
    table = {
        "step": np.array([1, 2, 4]),
        "step_time_s": np.array([start, 0.5e-9, 1e-9]),
        "value": np.array([0.0, 0.5e-9, 5e-9]),
    }
    found = between_rows(table, duration, np.array([1, 2, 3]), "value")
    np.testing.assert_allclose(found, [1e-9, 4e-9, 5e-9], rtol=1e-12)  # held after the last row


@RESTS
def test_a_train_reads_its_pulses_ends_from_the_rows_where_nobody_gave_them(tmp_path: Path, before: str) -> None:
    source = source_of(tmp_path / "run", block(rest(before)) + TRAINS)
    pulses = pulses_of([source])
    given, read = (spike_trains_of([source.run], [source.case], one) for one in (pulses, replace(pulses, ended=None)))
    for one, other in zip(given, read, strict=True):
        assert np.ptp(one.response) > 0.0
        np.testing.assert_array_equal(other.response, one.response)
