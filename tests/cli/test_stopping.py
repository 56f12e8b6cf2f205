"""A run stopped from outside while it runs: kill -9, Ctrl-C, a scheduler's SIGTERM."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.result import read
from support import slow_run
from support.small_case import write_case

PAUSE = 0.02  # s between steps: some 100 of them make two seconds
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


def stopped(case: Path, out: Path, number: signal.Signals, checkpoint: bool = True) -> tuple[int, str]:
    """Start a run, send it a signal once it has a checkpoint; return exit code and what it said."""
    words = ["run", str(case), "--out", str(out)]
    command = [sys.executable, str(slow_run.__file__), str(PAUSE), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wanted = out / ("checkpoint.h5" if checkpoint else "pulses.csv")
    deadline = time.monotonic() + 120.0
    while not wanted.exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    if checkpoint:
        time.sleep(10 * PAUSE)
    process.send_signal(number)
    said, complained = process.communicate(timeout=60)
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
    stopped(case, out, signal.SIGKILL, checkpoint=False)
    assert not (out / "checkpoint.h5").exists()
    assert invoke("run", case, "--out", out, "--resume", "--quiet").exit_code == 0
    assert [(out / name).read_bytes() for name in TABLES] == expected


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_asked_to_stop_says_how_to_go_on(
    case: Path, expected: list[bytes], tmp_path: Path, invoke: Invoke, number: signal.Signals
) -> None:
    out = tmp_path / "run"
    code, said = stopped(case, out, number)
    assert code == 1
    (line,) = said.splitlines()
    assert f"interrupted; go on with: eisfv run {out} --resume" in line
    assert read(out).status.state == "interrupted"
    assert invoke("run", out, "--resume", "--quiet").exit_code == 0
    assert [(out / name).read_bytes() for name in TABLES] == expected


def test_two_runs_do_not_write_to_one_directory(case: Path, tmp_path: Path, invoke: Invoke) -> None:
    out = tmp_path / "run"
    command = [sys.executable, str(slow_run.__file__), str(PAUSE), "run", str(case), "--out", str(out), "--quiet"]
    process = subprocess.Popen(command)
    try:
        while not (out / "run.log").exists():
            time.sleep(0.01)
        for word in ("--resume", "--force"):
            result = invoke("run", case, "--out", out, word)
            assert result.exit_code == 2
            assert "another run is writing to it" in result.stderr
    finally:
        process.kill()
        process.wait()
