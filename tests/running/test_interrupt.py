"""Ctrl-C and SIGTERM, wherever they fall, stop the run between two steps with a checkpoint that goes on from there."""

import signal
from pathlib import Path

import pytest

from eisfv.observers.pulses import Pulses
from eisfv.observers.terminals import Terminals
from eisfv.result import read
from eisfv.result.directory import RunDirectory
from eisfv.running import run_case
from eisfv.solve.newton import Newton
from support.signals import signalled
from support.small_case import silent, small_case

PLACES = [
    (Newton, "stage", 150),
    (Terminals, "accept", 60),
    (Pulses, "accept", 60),
    (Terminals, "begin", 4),
    (Pulses, "begin", 4),
    (Terminals, "end", 4),
    (Pulses, "end", 4),
]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    where = tmp_path_factory.mktemp("whole")
    run_case(small_case(where), where / "run", silent)
    return [(where / "run" / name).read_bytes() for name in ("terminals.csv", "pulses.csv")]


@pytest.mark.parametrize("place, method, call", PLACES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_anywhere_costs_nothing(
    expected: list[bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: type,
    method: str,
    call: int,
    number: signal.Signals,
) -> None:
    case, out = small_case(tmp_path), tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(place, method, signalled(getattr(place, method), call, number))
        with pytest.raises(KeyboardInterrupt):
            run_case(case, out, silent)
    status = read(out).status
    assert status.state == "interrupted"
    assert 0.0 < status.simulated_time < case.protocol.duration
    run_case(case, out, silent, resume=True)
    assert [(out / name).read_bytes() for name in ("terminals.csv", "pulses.csv")] == expected


def test_a_second_signal_does_not_wait_for_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, out = small_case(tmp_path), tmp_path / "run"
    saved: list[float] = []
    monkeypatch.setattr(RunDirectory, "checkpoint", lambda self, entries, time: saved.append(time))
    monkeypatch.setattr(Newton, "stage", signalled(Newton.stage, 60, signal.SIGINT, signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        run_case(case, out, silent)
    assert saved == []
    assert read(out).status.state == "interrupted"


def test_what_was_reached_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, out = small_case(tmp_path), tmp_path / "run"
    monkeypatch.setattr(Terminals, "accept", signalled(Terminals.accept, 60, signal.SIGTERM))
    with pytest.raises(KeyboardInterrupt):
        run_case(case, out, silent)
    run = read(out)
    assert len(run.terminals["time_s"]) == 61
    assert run.terminals["time_s"][-1] == run.status.simulated_time
    assert (out / "result.nc").is_file()


def test_the_signals_mean_after_a_run_what_they_meant_before(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run_case(small_case(tmp_path), tmp_path / "run", silent)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
