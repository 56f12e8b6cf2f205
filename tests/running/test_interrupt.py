"""Ctrl-C, SIGTERM and SIGHUP, wherever they fall, stop the run between two steps with a checkpoint that goes on from
there; before the first step and while its pictures are drawn, at once."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from eisfv.observers.pulses import Pulses
from eisfv.observers.terminals import Terminals
from eisfv.result import ResultError, read
from eisfv.result.directory import RunDirectory
from eisfv.running import case_run, run, run_case
from eisfv.running.checkpoint import Checkpoints
from eisfv.solve.newton import Newton
from support.signals import heeded, signalled
from support.small_case import DEVICE, STEP_BY_STEP, silent, small_case

PLACES = [
    (Newton, "stage", 150),
    (Terminals, "accept", 60),
    (Pulses, "accept", 60),
    (Terminals, "begin", 4),
    (Pulses, "begin", 4),
    (Terminals, "end", 4),
    (Pulses, "end", 4),
]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def _heeded() -> Iterator[None]:
    with heeded():
        yield


SLOW = DEVICE + STEP_BY_STEP  # whose stages a signal can fall into


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    found = {}
    for device in (DEVICE, SLOW):
        where = tmp_path_factory.mktemp("whole")
        run_case(small_case(where, device=device), where / "run", silent)
        found[device] = [(where / "run" / name).read_bytes() for name in ("terminals.csv", "pulses.csv")]
    return found


@pytest.mark.parametrize("place, method, call", PLACES)
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_anywhere_costs_nothing(
    expected: dict[str, list[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: type,
    method: str,
    call: int,
    number: signal.Signals,
) -> None:
    device = SLOW if place is Newton else DEVICE
    case, out = small_case(tmp_path, device=device), tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(place, method, signalled(getattr(place, method), call, number))
        with pytest.raises(KeyboardInterrupt):
            run_case(case, out, silent)
    status = read(out).status
    assert status.state == "interrupted"
    assert 0.0 < status.simulated_time < case.protocol.duration
    run_case(case, out, silent, resume=True)
    assert [(out / name).read_bytes() for name in ("terminals.csv", "pulses.csv")] == expected[device]


def test_a_second_signal_does_not_wait_for_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, out = small_case(tmp_path, device=SLOW), tmp_path / "run"
    saved: list[float] = []
    monkeypatch.setattr(RunDirectory, "checkpoint", lambda self, entries, time: saved.append(time))
    monkeypatch.setattr(Newton, "stage", signalled(Newton.stage, 60, signal.SIGINT, signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        run_case(case, out, silent)
    assert saved == []
    assert read(out).status.state == "interrupted"


def test_what_was_reached_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, out = small_case(tmp_path, device=SLOW), tmp_path / "run"
    monkeypatch.setattr(Terminals, "accept", signalled(Terminals.accept, 60, signal.SIGTERM))
    with pytest.raises(KeyboardInterrupt):
        run_case(case, out, silent)
    run = read(out)
    assert len(run.terminals["time_s"]) == 61
    assert run.terminals["time_s"][-1] == run.status.simulated_time
    assert (out / "result.nc").is_file()


def test_the_signals_mean_after_a_run_what_they_meant_before(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    run_case(small_case(tmp_path), tmp_path / "run", silent)
    assert [signal.getsignal(number) for number in SIGNALS] == before


@pytest.mark.parametrize("twice", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_signals_twice_does_not_cost_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twice: signal.Signals
) -> None:
    case, out = small_case(tmp_path, device=SLOW), tmp_path / "run"
    monkeypatch.setattr(Newton, "stage", signalled(Newton.stage, 60, twice, signal.SIGHUP))
    with pytest.raises(KeyboardInterrupt):
        run_case(case, out, silent)
    assert read(out).status.state == "interrupted"
    assert (out / "checkpoint.h5").is_file()


def test_what_nohup_started_outlives_its_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Newton, "stage", signalled(Newton.stage, 60, signal.SIGHUP))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        run_case(small_case(tmp_path, device=SLOW), tmp_path / "run", silent)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert read(tmp_path / "run").status.state == "finished"


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("owner, place", [(run, "opened"), (case_run, "Simulation")])
def test_a_signal_before_the_first_step_leaves_a_run_that_begins_again(
    expected: dict[str, list[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    owner: object,
    place: str,
) -> None:
    case, out = small_case(tmp_path), tmp_path / "run"
    begun: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr(owner, place, signalled(getattr(owner, place), 1, number))
        patch.setattr(case_run, "warnings", lambda *of: begun.append(of))
        with pytest.raises(KeyboardInterrupt):
            run_case(case, out, silent)
    assert not begun  # it did not wait for the first step
    assert read(out).status.state == "interrupted"
    run_case(case, out, silent, resume=True)
    assert [(out / name).read_bytes() for name in ("terminals.csv", "pulses.csv")] == expected[DEVICE]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_run_stopped_in_its_pictures_goes_on_with_them_alone(
    expected: dict[str, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    case, out = small_case(tmp_path), tmp_path / "run"
    drawn: list[float] = []

    def draw() -> None:
        drawn.append(read(out).terminals["time_s"][-1])
        if len(drawn) == 1:
            signal.raise_signal(number)
        drawn.append(float(read(out).has_profiles))

    with pytest.raises(KeyboardInterrupt):
        run_case(case, out, silent, after=draw)
    assert read(out).status.state == "interrupted"
    assert len(drawn) == 1
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "accept", None)  # no step of the run is made again
        run_case(case, out, silent, after=draw, resume=True)
    assert drawn == [drawn[0], drawn[0], 1.0]
    assert read(out).status.state == "finished"
    assert [(out / name).read_bytes() for name in ("terminals.csv", "pulses.csv")] == expected[DEVICE]


def test_nobody_takes_the_directory_before_the_pictures_are_drawn(tmp_path: Path) -> None:
    case, out = small_case(tmp_path), tmp_path / "run"
    told: list[str] = []

    def draw() -> None:
        for words in ({"force": True}, {"resume": True}):
            with pytest.raises(ResultError) as caught:
                run_case(case, out, silent, **words)
            told.append(str(caught.value))

    run_case(case, out, silent, after=draw)
    assert len(told) == 2
    assert all("another run is writing to it" in line for line in told)
    run_case(case, out, silent, force=True)  # afterwards it is anybody's


def test_pictures_that_cannot_be_drawn_do_not_undo_the_run(tmp_path: Path) -> None:
    case, out = small_case(tmp_path), tmp_path / "run"

    def draw() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_case(case, out, silent, after=draw)
    assert read(out).status.state == "finished"
