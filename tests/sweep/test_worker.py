"""What a worker brings along and leaves: compiled kernels once for a machine, no temporary directories of the dead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.running import Progress, Report, Series
from eisfv.sweeping import kernels, leftovers
from support.small_sweep import small_plan
from support.waiting import PATIENCE


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the runs that are begun to have kernels compiled, on a machine that has none."""
    begun: list[str] = []

    def run(case: Case, out: Path, report: Report, series: Series) -> None:
        begun.append(case.title)
        for _ in range(kernels.STEPS):
            report(Progress(0.0, 1.0, 0, 0, 0.0))
        raise AssertionError("these steps are enough")

    monkeypatch.setattr(kernels, "run_case", run)
    monkeypatch.setattr(kernels, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(kernels, "seen", set())
    return begun


def test_kernels_are_compiled_by_the_first_process_of_a_machine(
    tmp_path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = load(small_plan(tmp_path).case)
    kernels.compile_once(case)
    kernels.compile_once(case)
    monkeypatch.setattr(kernels, "seen", set())  # another process
    kernels.compile_once(case)
    assert len(steps) == 1


def test_other_sources_need_other_kernels(tmp_path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    case = load(small_plan(tmp_path).case)
    kernels.compile_once(case)
    monkeypatch.setattr(kernels, "stamp_of_sources", lambda: "edited")
    kernels.compile_once(case)
    assert len(steps) == 2


def test_what_the_dead_have_left_is_removed_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "gettempdir", lambda: str(tmp_path))
    out = tmp_path / "out"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    ours, theirs = leftovers.common_prefix(out), leftovers.common_prefix(tmp_path / "other")
    names = [f"{ours}{dead.pid}-a", f"{ours}{os.getpid()}-b", f"{theirs}{dead.pid}-c", "eisfv-sweep-x"]
    for name in names:
        (tmp_path / name / "run").mkdir(parents=True)
    assert leftovers.remove_leftovers(out) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_what_somebody_else_has_put_there_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to our files, and a directory that another user named like ours."""
    monkeypatch.setattr(leftovers, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(leftovers, "alive", lambda process: False)
    out, precious = tmp_path / "out", tmp_path / "precious"
    precious.mkdir()
    link, foreign = (tmp_path / f"{leftovers.common_prefix(out)}{number}-x" for number in (1, 2))
    link.symlink_to(precious)
    assert leftovers.remove_leftovers(out) == 0
    assert link.is_symlink()
    assert precious.is_dir()
    foreign.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("eisfv.sweeping.leftovers.os.getuid", lambda: foreign.stat().st_uid + 1)
        assert leftovers.remove_leftovers(out) == 0
    assert foreign.is_dir()
    assert leftovers.remove_leftovers(out) == 1  # the control: it is the owner that made the difference


def test_an_interchange_ends_with_the_driver_that_started_it() -> None:
    watch = f"import os; from eisfv.sweeping.interchange import end_without; end_without({os.getpid() + 1_000_000})"
    assert subprocess.run([sys.executable, "-c", watch], timeout=PATIENCE).returncode == 1
    # Where the driver lives, it looks again and again: a third time here.
    stay = (
        "import os; from eisfv.sweeping import interchange; naps = iter([0, 0, 1]);"
        "interchange.time.sleep = lambda seconds: next(naps) and (print('there', flush=True), input());"
        "interchange.end_without(os.getppid())"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", stay], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.kill()
