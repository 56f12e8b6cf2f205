"""What a worker does: it makes the runs of a task one after another and appends each to its shard."""

import os
import platform
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import numpy as np

from eisfv.case import CaseError, load
from eisfv.errors import EisfvError, one_line
from eisfv.postprocess.quantities.compare import error_with_ratio, reduced, with_ratio
from eisfv.postprocess.quantities.expected import ExpectedError, Quantity
from eisfv.postprocess.quantities.numerical import numerical_error
from eisfv.result import read, sweep_file_names
from eisfv.result.shards import ShardWriter
from eisfv.running import run_case
from eisfv.sweeping.definition import definition
from eisfv.sweeping.kernels import compile_once
from eisfv.sweeping.leftovers import temporary_prefix
from eisfv.sweeping.meshes import Meshes
from eisfv.sweeping.plan import Traces
from eisfv.sweeping.points import Ended, Outcome, State
from eisfv.sweeping.traces import arrays_of

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class TaskRun:
    """One run of a task. key: digest of its case, as the driver has loaded it."""

    key: str
    values: Mapping[str, float | str]
    overrides: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """Runs that are made one after another by one worker.

    name      unlike any other's
    file      the sweep file, for messages
    out       the sweep's directory
    attempts  how often it was lost without a word of it
    """

    name: str
    file: Path
    case: Path
    out: Path
    runs: tuple[TaskRun, ...]
    quantities: tuple[Quantity, ...]
    traces: Traces | None
    keep: str
    meshes: Meshes
    attempts: int = 0

    def without(self, ended: set[str]) -> "Task":
        """Return the task with the runs that have not ended."""
        return replace(self, runs=tuple(run for run in self.runs if run.key not in ended))


def run_task(task: Task) -> tuple[Ended, ...]:
    """Make the runs of a task; return those that are in the shard. Raises ResultError where it cannot be written.

    A signal to stop ends the task: the run it falls into is not recorded.
    """
    wanted = definition(task.quantities, task.traces)
    ended = []
    with ShardWriter(task.out / sweep_file_names.SHARDS / shard_name(os.getpid())) as shard:
        head = {"kind": "task", "task": task.name, "quantities": wanted.quantities, "traces": wanted.traces}
        shard.append(head, sync=False)
        for run in task.runs:
            # What kills its worker leaves this, and the driver knows which run it was.
            shard.append({"kind": "begin", "task": task.name, "key": run.key}, sync=False)
            try:
                outcome, arrays = made(run, task)
            except KeyboardInterrupt:
                break
            shard.append(run_text(outcome, task.name, run.overrides), arrays)
            ended.append(Ended(outcome.key, outcome.state, outcome.wall))
    return tuple(ended)


def run_text(outcome: Outcome, task: str, overrides: tuple[str, ...]) -> dict[str, object]:
    """Return what a shard says of a run."""
    return {
        "kind": "run",
        "task": task,
        "key": outcome.key,
        "state": outcome.state,
        "values": outcome.values,
        "outputs": outcome.outputs,
        "errors": {name: "inf" if value == inf else value for name, value in outcome.errors.items()},
        "reason": outcome.reason,
        "wall": outcome.wall,
        "host": outcome.host,
        "ended": time.time(),
        "overrides": overrides,
    }


@lru_cache(maxsize=1)
def shard_name(process: int) -> str:
    """Return the name of this process's shard: one file a process, whatever it does."""
    return f"{platform.node()}-{process}-{uuid4().hex[:8]}{sweep_file_names.SHARD}"


def made(run: TaskRun, task: Task) -> tuple[Outcome, Arrays]:
    """Make one run in a directory that is gone afterwards; a failure is an outcome too."""
    start = time.monotonic()
    found = Results()
    with TemporaryDirectory(prefix=temporary_prefix(task.out)) as place:
        directory = Path(place) / "run"
        try:
            found = results(run, task, directory)
            failed, reason = False, found.missing
        except EisfvError as error:
            failed, reason = True, one_line(error)
        except Exception as error:  # one run of thousands: the others are worth more than its traceback
            failed, reason = True, f"{type(error).__name__}: {one_line(error)}"
        if task.keep == "all" or (task.keep == "failed" and failed):
            keep(directory, task.out / sweep_file_names.KEPT / run.key)
    wall = time.monotonic() - start
    state: State = "failed" if failed else "finished"
    return Outcome(run.key, state, run.values, found.outputs, found.errors, reason, wall, platform.node()), found.arrays


@dataclass(frozen=True)
class Results:
    """What a run gives: outputs and their numerical errors by name, arrays; which outputs it does not give and why."""

    outputs: Mapping[str, float] = field(default_factory=dict)
    errors: Mapping[str, float] = field(default_factory=dict)
    arrays: Arrays = field(default_factory=dict)
    missing: str = ""


def results(run: TaskRun, task: Task, directory: Path) -> Results:
    """Run and return what it gives. Raises EisfvError."""
    case = load(task.case, run.overrides)
    if case.digest != run.key:
        raise CaseError([f"{task.case}: reads otherwise on {platform.node()} than where the sweep was started"])
    compile_once(case)
    series = task.meshes.series(case, run.overrides)
    run_case(case, directory, lambda progress: None, merge=task.keep == "all", series=series)
    done = read(directory)
    values: dict[str, float] = {}
    errors: dict[str, float] = {}
    missing = []
    for entry in task.quantities:
        try:
            values[entry.name] = reduced(task.file, entry, done)
            errors[entry.name] = numerical_error(entry, done, values[entry.name])
        except ExpectedError as error:
            values[entry.name] = errors[entry.name] = float("nan")
            missing.append(one_line(error))
    outputs = {entry.name: with_ratio(entry, values) for entry in task.quantities}
    errors = {entry.name: error_with_ratio(entry, values, errors) for entry in task.quantities}
    return Results(outputs, errors, {} if task.traces is None else arrays_of(done, task.traces), "; ".join(missing))


def keep(directory: Path, place: Path) -> None:
    """Move a run directory to where it stays, in the place of an earlier one."""
    if directory.is_dir():
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(directory, place)
