"""Sweeps of a small synapse whose runs take a tenth of a second, and what lies in their shards."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import eisfv.result.directory
import eisfv.sweeping.tasks
from eisfv.case.case import Case
from eisfv.postprocess.quantities.quantity import Quantity, taken
from eisfv.result import StorageError, sweep_file_names
from eisfv.result.shards import ShardReader
from eisfv.running import Report, Series, run_case
from eisfv.sweeping import driver
from eisfv.sweeping.axes import Axis, Value
from eisfv.sweeping.plan import Executor as Settings
from eisfv.sweeping.plan import Plan, Traces
from eisfv.sweeping.sampling import Grid
from eisfv.sweeping.workers import Workers, broken
from support.small_case import COARSE, write_case
from support.waiting import until

PULSE = """
[[protocol]]
drive = "open_circuit"
duration = "100 ms"
read = "last 50 ms"

[[protocol]]
drive = "voltage"
value = "0.5 V"
duration = "100 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "100 ms"
read = "last 50 ms"
"""
MANY_PULSES = """
[[protocol]]
repeat = 10
steps = [
  { drive = "voltage", value = "0.4 V", duration = "50 ms", pulse = true },
  { drive = "voltage", value = "-0.4 V", duration = "50 ms", pulse = true },
]
"""
THICKNESS = "device.region.electrolyte.thickness"
VOLTS = "protocol[1].value"
CHANGE = {"name": "dG", "from": "pulses", "column": "dG_S", "select": "all", "reduce": "last"}
TRACES = Traces(("conductance_S", "voltage_V"), 20, "linear")


def listed(name: str, unit: str, key: str, values: tuple[Value, ...]) -> Axis:
    """Return an axis of given values."""
    numbers = [value for value in values if not isinstance(value, str)]
    ends = (min(numbers), max(numbers)) if numbers else (float("nan"), float("nan"))
    return Axis(name, unit, (key,), "list", values, *ends)


def small_plan(
    folder: Path,
    thicknesses: tuple[float, ...] = (0.5, 1.0),
    volts: tuple[float, ...] = (0.3, 0.6),
    quantities: tuple[dict[str, Any], ...] = (CHANGE,),
    traces: Traces | None = TRACES,
    workers: int = 2,
    long: bool = False,
) -> Plan:
    """Return a sweep of the electrolyte's thickness and the height of a pulse; its case is written below a folder.

    long: runs of many pulses, some tenths of a second each, for those who want to get at one in the middle
    """
    if not (folder / "case" / "case.toml").exists():
        write_case(folder / "case", PULSE + MANY_PULSES * long, "", COARSE)
    axes = (listed("thickness", "um", THICKNESS, thicknesses), listed("height", "V", VOLTS, volts))
    return with_axes(
        Plan(
            file=folder / "sweep.toml",
            title="A small sweep",
            case=folder / "case",
            overrides=(),
            axes=axes,
            sampling=Grid(axes),
            constraints=(),
            count=0,
            quantities=tuple(quantity(entry) for entry in quantities),
            traces=traces,
            executor=Settings("local", workers, 60.0, "none"),
            out=folder / "out",
        ),
        axes,
    )


def quantity(entry: dict[str, Any]) -> Quantity:
    """Return a quantity of a sweep file."""
    return taken("sweep.toml: quantity[0]", entry)


def with_axes(plan: Plan, axes: tuple[Axis, ...]) -> Plan:
    """Return a plan over every combination of other axes."""
    grid = Grid(axes)
    return replace(plan, axes=axes, sampling=grid, count=grid.total)


class Here(Executor):
    """An executor that makes a call when it is given it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@dataclass
class Made:
    """The runs that were made in this process. fails: tells of a case whether its run shall fail."""

    cases: list[Case] = field(default_factory=list)
    fails: Callable[[Case], bool] = lambda case: False

    def run(self, case: Case, out: Path, report: Report, *, merge: bool, series: Series) -> None:
        """Make a run, and remember it."""
        self.cases.append(case)
        run_case(case, out, report, merge=merge, series=series)
        if self.fails(case):
            raise StorageError("it moves\nand moves")

    @property
    def count(self) -> int:
        """Return how many runs were made."""
        return len(self.cases)


@contextmanager
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Let sweeps be made in this process, and give what is made."""
    made = Made()

    @contextmanager
    def opened(plan: Plan) -> Iterator[Workers]:
        yield Workers(Here(), 1, broken)

    with monkeypatch.context() as patch:
        patch.setattr(driver, "opened", opened)
        patch.setattr(eisfv.sweeping.tasks, "run_case", made.run)
        patch.setattr(eisfv.sweeping.tasks, "compile_once", lambda case: None)
        yield made


def shards(out: Path) -> list[Path]:
    """Return the shards of a sweep."""
    return sorted((out / sweep_file_names.SHARDS).glob(f"*{sweep_file_names.SHARD}"))


def texts(path: Path) -> list[dict[str, Any]]:
    """Return what the records of a shard say."""
    return [text for _, text in ShardReader(path).texts()]


def records(out: Path) -> list[dict[str, Any]]:
    """Return what the shards of a sweep say of its runs."""
    return [text for path in shards(out) for text in texts(path) if text["kind"] == "run"]


def at_work(out: Path) -> dict[int, str]:
    """Return by process the overrides' key of the run each worker of this machine is at."""
    found = {}
    for path in shards(out):
        last = texts(path)[-1:]
        if last and last[0]["kind"] == "begin":
            found[int(path.stem.split("-")[-2])] = last[0]["key"]
    return found


def kill_one_at(out: Path, key: str = "", spare: int = 0) -> tuple[int, str]:
    """Kill a worker with SIGKILL while it is at a run, at that of `key` where it is given; return both.

    spare  a process that is dead already
    """
    found: list[tuple[int, str]] = []

    def came() -> bool:
        found.extend((process, at) for process, at in at_work(out).items() if key in ("", at) and process != spare)
        return bool(found)

    until(came)
    os.kill(found[0][0], signal.SIGKILL)
    return found[0]


def thick(case: Case) -> float:
    """Return the electrolyte's thickness in um."""
    return round(float(case.resolved["device"]["region"][1]["thickness"].split()[0]), 6)
