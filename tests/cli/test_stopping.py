"""A run stopped from outside while it runs: kill -9, Ctrl-C, a scheduler's SIGTERM."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.result import read
from support import slow_run
from support.signals import heeded
from support.small_case import write_case
from support.waiting import PATIENCE, until

LATER = 45  # the step at which a run stands when it is stopped: of 100, after its fourth checkpoint
TABLES = ("terminals.csv", "pulses.csv")

Invoke = Callable[..., Result]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("stopping") / "case")


@pytest.fixture
def expected(case: Path, invoke: Invoke) -> list[bytes]:
    out = case / "runs" / "latest"
    if not out.exists():
        assert invoke("run", case, "--quiet").exit_code == 0
    return [(out / name).read_bytes() for name in TABLES]


def standing(place: Path, step: int, *words: object) -> subprocess.Popen[str]:
    """Return a run that stands at a step."""
    command = [sys.executable, str(slow_run.__file__), str(step), "run", *map(str, words)]
    tests = str(Path(slow_run.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])}
    pipe = subprocess.PIPE
    with heeded():
        process = subprocess.Popen(command, cwd=place, env=environment, stdout=pipe, stderr=pipe, text=True)
    until((place / "standing").exists, process)
    return process


def stopped(case: Path, out: Path, number: signal.Signals, step: int = LATER) -> tuple[int, str]:
    """Start a run, send it a signal once it stands; return exit code and what it said."""
    process = standing(out.parent, step, case, "--out", out)
    process.send_signal(number)
    said, complained = process.communicate(timeout=PATIENCE)
    return process.returncode, said + complained


def test_a_killed_run_is_resumed_to_the_same_bytes(
    case: Path, expected: list[bytes], tmp_path: Path, invoke: Invoke
) -> None:
    out = tmp_path / "run"
    code, _ = stopped(case, out, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert 0.0 < read(out).status.simulated_time < 5.6
    assert read(out).terminals["time_s"].size > 1
    assert "unfinished run" in invoke("run", case, "--out", out).stderr
    assert invoke("run", case, "--out", out, "--resume", "--quiet").exit_code == 0
    assert [(out / name).read_bytes() for name in TABLES] == expected


def test_a_run_killed_before_its_first_checkpoint_is_resumed_from_the_start(
    case: Path, expected: list[bytes], tmp_path: Path, invoke: Invoke
) -> None:
    out = tmp_path / "run"
    stopped(case, out, signal.SIGKILL, step=0)
    assert not (out / "checkpoint.h5").exists()
    assert invoke("run", case, "--out", out, "--resume", "--quiet").exit_code == 0
    assert [(out / name).read_bytes() for name in TABLES] == expected


@pytest.mark.parametrize(
    "number", [signal.SIGINT, *(pytest.param(one, marks=pytest.mark.long) for one in (signal.SIGTERM, signal.SIGHUP))]
)
def test_a_run_asked_to_stop_says_how_to_go_on(
    case: Path, expected: list[bytes], tmp_path: Path, invoke: Invoke, number: signal.Signals
) -> None:
    out = tmp_path / "run"
    code, said = stopped(case, out, number)
    assert code == 1
    (line,) = (line for line in said.splitlines() if not line.startswith("warning: "))
    assert f"interrupted; go on with: eisfv run {out} --resume" in line
    assert read(out).status.state == "interrupted"
    assert invoke("run", out, "--resume", "--quiet").exit_code == 0
    assert [(out / name).read_bytes() for name in TABLES] == expected


def test_two_runs_do_not_write_to_one_directory(case: Path, tmp_path: Path, invoke: Invoke) -> None:
    out = tmp_path / "run"
    process = standing(tmp_path, LATER, case, "--out", out)
    try:
        for word in ("--resume", "--force"):
            result = invoke("run", case, "--out", out, word)
            assert result.exit_code == 2
            assert "another run is writing to it" in result.stderr
    finally:
        process.kill()
        process.communicate()
