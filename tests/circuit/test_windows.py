"""Which pulses a compact model is fitted to, on runs made up without a solver."""

from pathlib import Path

import numpy as np

from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.postprocess.circuit.misfits import reads_around_pulses, spanned
from eisfv.postprocess.circuit.simulate import Trace
from eisfv.postprocess.circuit.windows import EACH, WHOLE, WINDOWS, Window, windows
from eisfv.postprocess.protocol import DrivenStep
from eisfv.result import Run, read
from support import synthetic_run


def rest(start: float, end: float, read: float = 0.0) -> DrivenStep:
    return DrivenStep(OpenCircuitStep(end - start, read=read or None), start)


def pulse(start: float, end: float, level: float) -> DrivenStep:
    return DrivenStep(CurrentStep(end - start, Constant(level), pulse=True), start)


def train(count: int, reads: bool = True) -> list[DrivenStep]:
    """Return the steps of `synthetic_run`'s pulses: a second each, ten seconds apart, the first after ten."""
    steps = [rest(0.0, 10.0, 5.0 * reads)]
    for k in range(1, count + 1):
        steps.append(pulse(10.0 * k, 10.0 * k + 1.0, 1e-5))
        steps.append(rest(10.0 * k + 1.0, 10.0 * (k + 1), 5.0 * reads))
    return steps


def made(path: Path, count: int, until: float | None = None) -> Run:
    end = 10.0 * (count + 1) if until is None else until
    rows = synthetic_run.up_and_down(count)
    durations = [step.duration for step in train(count)]
    return read(synthetic_run.finished(path, rows, tuple(np.arange(0.0, end + 0.5, 0.5)), (), (), durations))


def test_a_short_run_is_taken_whole(tmp_path: Path) -> None:
    (only,) = windows(made(tmp_path / "run", WHOLE), train(WHOLE))
    assert only.pulses == tuple(range(WHOLE))
    assert only.ahead is None
    assert len(only.steps) == 2 * WHOLE + 1


def test_a_long_run_gives_windows_of_both_signs_from_its_start_to_its_end(tmp_path: Path) -> None:
    run = made(tmp_path / "run", 100)
    found = windows(run, train(100))
    assert len(found) == WINDOWS
    assert [len(one.pulses) for one in found] == [EACH] * WINDOWS
    assert found[0].pulses[0] == 0
    assert found[-1].pulses[-1] > 90
    signs = {float(np.sign(run.pulses["amplitude"][one.pulses[0]])) for one in found}
    assert signs == {-1.0, 1.0}
    for one in found[1:]:
        assert one.ahead is not None
        assert one.filling == run.pulses["x_channel"][one.pulses[0] - 1]
        assert one.before == run.pulses["G_before_S"][one.pulses[0]]


def test_without_reads_a_long_run_is_taken_from_its_start(tmp_path: Path) -> None:
    (only,) = windows(made(tmp_path / "run", 40), train(40, reads=False))
    assert only.pulses == tuple(range(WHOLE))


def test_an_electrolyte_that_remembers_longer_than_the_rests_is_followed_from_the_start(tmp_path: Path) -> None:
    run = made(tmp_path / "run", 100)
    assert len(windows(run, train(100), 8.0)) == WINDOWS
    (only,) = windows(run, train(100), 30.0)
    assert only.pulses == tuple(range(WHOLE))


def test_a_run_that_stopped_in_a_pulse_is_taken_as_far_as_it_came(tmp_path: Path) -> None:
    (only,) = windows(made(tmp_path / "run", 8, until=75.5), train(8))
    assert only.pulses == tuple(range(7))
    assert only.steps[-1].end <= 75.5


def test_a_run_without_pulses_gives_none(tmp_path: Path) -> None:
    assert windows(read(synthetic_run.finished(tmp_path / "run")), train(4)) == []


def test_conductances_are_read_as_the_run_reads_them() -> None:
    """A read is the mean over its window; without one the conductance where the next pulse starts."""
    steps = [
        rest(0.0, 2.0, 1.0),
        pulse(2.0, 3.0, 1.0),
        rest(3.0, 4.0, 0.0),
        pulse(4.0, 5.0, 1.0),
        rest(5.0, 7.0, 2.0),
    ]
    traces = []
    for step in steps:
        time = np.linspace(0.0, step.duration, 11)[1:]
        traces.append(Trace(time, 0 * time, 0 * time, 10.0 + step.start + time, 0 * time))
    empty = tuple(np.array([]) for _ in steps)
    window = Window(tuple(steps), None, 0.0, float("nan"), empty, empty, empty, (0, 1))
    before, after = reads_around_pulses(traces, window)
    np.testing.assert_allclose(before, [11.5, 14.0], rtol=1e-12)
    np.testing.assert_allclose(after, [14.0, 16.0], rtol=1e-2)  # the last read begins at the trace's first row


def test_what_was_not_measured_is_not_compared() -> None:
    measured = np.array([1.0, np.nan, 3.0])
    np.testing.assert_allclose(spanned(np.array([1.1, 9.0, 3.0]), measured), [0.05, 0.0], atol=1e-15)
