"""What a user waits for, kernels cached: processor time of whole commands, and a run until its first step."""

import csv
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter, sleep

import pytest

from benchmarks.conftest import Show
from benchmarks.support.stack import CASE

REPEATS = 3
LIMIT = 60.0  # s


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "eisfv.cli", *arguments]


def processor_seconds(arguments: list[str]) -> float:
    """Return the least processor time, of user and system, of some calls of a command that ends by itself."""
    times = []
    for _ in range(REPEATS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(arguments, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(times)


def seconds_to_first_step(directory: Path) -> float:
    """Return the time from the call of `eisfv run` to the first line of results on disk."""
    start = perf_counter()
    with subprocess.Popen(
        command("run", str(CASE), "--out", str(directory)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while not stepped(directory / "terminals.csv"):
            if process.poll() not in (None, 0) or perf_counter() - start > LIMIT:
                raise RuntimeError("the run ended or waited without a step")
            sleep(0.002)
        seconds = perf_counter() - start
        process.terminate()
    return seconds


def stepped(path: Path) -> bool:
    """Return whether a table holds a row behind its heading."""
    if not path.exists():
        return False
    with path.open(newline="") as file:
        return len(list(csv.reader(file))) > 1


@pytest.mark.benchmark
def test_start_up(tmp_path: Path, show: Show) -> None:
    seconds_to_first_step(tmp_path / "first")  # compiles the kernels where they are not cached
    first = min(seconds_to_first_step(tmp_path / f"run{k}") for k in range(REPEATS))
    out = str(tmp_path / "whole")
    commands = (
        ("eisfv --help", ("--help",), 0.4),
        ("eisfv info", ("info",), 0.8),
        ("eisfv check", ("check", str(CASE)), 1.5),
        ("eisfv run, whole", ("run", str(CASE), "--force", "--out", out), 4.0),
    )
    rows = [(name, processor_seconds(command(*arguments)), target) for name, arguments, target in commands]
    rows.append(("eisfv run, to the first rows on disk (elapsed)", first, 2.0))
    show("Start-up", ("command", "s", "target"), rows)
