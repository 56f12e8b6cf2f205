"""kill -9 of a worker or of the driver costs the runs in flight, and the same call finishes the sweep."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import pytest

from eisfv.result.sweep_table import read_sweep
from eisfv.sweeping.driver import run_sweep
from eisfv.sweeping.leftovers import alive, common_prefix
from eisfv.sweeping.plan import Plan
from support import sweep_process
from support.small_sweep import at_work, here, kill_one_at, records, shards, small_plan, texts
from support.waiting import PATIENCE, until


def workers(out: Path) -> list[int]:
    """Return the processes that have ever written to a sweep."""
    return [int(path.stem.split("-")[-2]) for path in shards(out)]


def begun(out: Path) -> Counter[str]:
    """Return how often each run was begun."""
    return Counter(text["key"] for path in shards(out) for text in texts(path) if text["kind"] == "begin")


def leftovers(out: Path) -> list[Path]:
    """Return the temporary directories of runs of a sweep."""
    return list(Path(gettempdir()).glob(common_prefix(out) + "*"))


def sent(out: Path, number: signal.Signals) -> None:
    """Send a signal to all workers of a sweep."""
    for worker in workers(out):
        os.kill(worker, number)


def caught(out: Path) -> bool:
    """Stop the workers of a sweep where they stand; return whether one of them is in a run, else let them go on."""
    sent(out, signal.SIGSTOP)
    if leftovers(out):
        return True
    sent(out, signal.SIGCONT)
    return False


def meanwhile(call: Callable[[], object]) -> threading.Thread:
    """Start a call beside the sweep."""
    thread = threading.Thread(target=call)
    thread.start()
    return thread


def check_whole(plan: Plan) -> None:
    """Claim that every point has finished, with one record each."""
    assert Counter(record["key"] for record in records(plan.out)) == Counter(keys(plan))
    table = read_sweep(plan.out).table
    assert set(table["status"]) == {"finished"}
    assert np.isfinite(table["dG_S"]).all()


def keys(plan: Plan) -> list[str]:
    return [str(key) for key in read_sweep(plan.out).table["key"]]


def test_a_killed_worker_costs_the_run_it_was_at(tmp_path: Path) -> None:
    plan, said, killed = small_plan(tmp_path, long=True), list[str](), list[int]()
    thread = meanwhile(lambda: killed.append(kill_one_at(plan.out)[0]))
    summary = run_sweep(plan, say=said.append)
    thread.join()
    assert summary.finished == plan.count
    check_whole(plan)
    assert sorted(begun(plan.out).values()) == [1] * (plan.count - 1) + [2]
    assert [line.split(" at ")[0] for line in said] == ["a worker was ended from outside"]
    assert len(set(workers(plan.out))) == plan.executor.workers + 1
    assert leftovers(plan.out) == []


@pytest.mark.long
def test_a_run_that_ends_its_worker_twice_is_a_failed_one(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, thicknesses=(1.0,), volts=(0.3, 0.4, 0.5), long=True)
    targets, killed = list[str](), list[int]()

    def kill_twice() -> None:
        first, target = kill_one_at(plan.out)
        killed.extend([first, kill_one_at(plan.out, target, spare=first)[0]])
        targets.append(target)

    thread = meanwhile(kill_twice)
    summary = run_sweep(plan)
    thread.join()
    assert len(set(killed)) == 2
    assert (summary.finished, summary.failed) == (2, 1)
    table = read_sweep(plan.out).table
    (row,) = np.flatnonzero(table["status"] == "failed")
    assert [table["key"][row]] == targets
    assert "ended from outside, twice" in table["reason"][row]
    with pytest.MonkeyPatch.context() as patch, here(patch) as made:
        assert run_sweep(plan, retry_failed=True).finished == 3
    assert made.count == 1


def test_a_killed_driver_takes_its_workers_along_and_the_next_one_finishes(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, long=True)
    process = subprocess.Popen([sys.executable, sweep_process.__file__, str(tmp_path)])
    until(lambda: records(plan.out) and caught(plan.out), process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    sent(plan.out, signal.SIGCONT)
    until(lambda: not any(alive(number) for number in workers(plan.out)))
    assert leftovers(plan.out)
    before = {record["key"] for record in records(plan.out)}
    assert 1 <= len(before) < plan.count
    with pytest.MonkeyPatch.context() as patch, here(patch) as made:
        summary = run_sweep(plan)
    assert summary.found == len(before)
    assert made.count == plan.count - len(before)
    check_whole(plan)
    assert leftovers(plan.out) == []


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_driver_that_is_told_to_stop_stops_its_workers(tmp_path: Path, number: signal.Signals) -> None:
    plan = small_plan(tmp_path, long=True)
    process = subprocess.Popen([sys.executable, sweep_process.__file__, str(tmp_path)], stderr=subprocess.PIPE)
    until(lambda: at_work(plan.out), process)
    process.send_signal(number)
    _, complaint = process.communicate(timeout=PATIENCE)
    assert b"KeyboardInterrupt" in complaint
    assert not any(alive(worker) for worker in workers(plan.out))
    assert len(records(plan.out)) < plan.count
    assert leftovers(plan.out) == []
