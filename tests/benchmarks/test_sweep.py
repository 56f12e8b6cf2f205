"""What does a sweep cost beside its runs? Targets: 5 % at a second a run on two workers; the driver's memory flat.

Bare runs are two processes that load a case and run it, one after another, over half the points each. Both times hold
all from the start of the processes on, that of the sweep also the gathered table.
"""

import subprocess
import sys
from os import getloadavg
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

import pytest

from benchmarks.conftest import Show
from benchmarks.support import bare_runs
from benchmarks.support.stack import CASE
from eisfv.sweeping.driver import run_sweep
from eisfv.sweeping.local import one_thread
from eisfv.sweeping.plan import Executor, Plan, Traces
from eisfv.sweeping.sampling import Grid
from support.small_sweep import CHANGE, THICKNESS, listed, quantity

Cost = tuple[float, float]  # s of wall time, s of processors
WORKERS = 2
RUNS = 100  # of 0.7 s
REPEATS = 2
MANY = 1000
ONE_PULSE = ("protocol[1].repeat=1", "protocol[2].repeat=1")  # one up, one down


def plan_of(out: Path, runs: int, overrides: tuple[str, ...] = ()) -> Plan:
    """Return a sweep of the Mg case over the thickness of its electrolyte."""
    axis = listed("thickness", "um", THICKNESS, tuple(100.0 + 0.01 * number for number in range(runs)))
    return Plan(
        file=out / "sweep.toml",
        title="Benchmark",
        case=CASE,
        overrides=overrides,
        axes=(axis,),
        layout=Grid((axis,)),
        constraints=(),
        count=runs,
        quantities=(quantity(CHANGE),),
        traces=Traces(("conductance_S", "voltage_V", "current_A"), 200, "linear"),
        executor=Executor("local", WORKERS, 60.0, "none"),
        out=out,
    )


def seconds_bare(runs: int) -> Cost:
    """Return what two processes take for the runs alone."""
    start = perf_counter(), processor()
    shares = [[sys.executable, bare_runs.__file__, str(CASE), str(n), str(runs), str(WORKERS)] for n in range(WORKERS)]
    with one_thread():
        processes = [subprocess.Popen(share) for share in shares]
    assert [process.wait() for process in processes] == [0] * WORKERS
    return perf_counter() - start[0], processor() - start[1]


def seconds_swept(runs: int) -> Cost:
    """Return what a sweep of the same runs takes."""
    with TemporaryDirectory() as place:
        start = perf_counter(), processor()
        assert run_sweep(plan_of(Path(place) / "out", runs)).finished == runs
        return perf_counter() - start[0], processor() - start[1]


def processor() -> float:
    """Return the time (s) that processors have spent on this process and on its children that have ended."""
    return sum(sum(getrusage(who)[:2]) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))


def more(cost: float, than: float) -> str:
    """Return how much more a cost is."""
    return f"{100.0 * (cost / than - 1.0):+.1f} %"


@pytest.mark.benchmark
def test_overhead_of_a_sweep(show: Show) -> None:
    seconds_swept(WORKERS)  # compiles the kernels where they are not cached
    rows = []
    for _ in range(REPEATS):
        bare, swept = seconds_bare(RUNS), seconds_swept(RUNS)
        pairs = [(b, s, more(s, b)) for b, s in zip(bare, swept, strict=True)]
        rows.append((RUNS, bare[0] * WORKERS / RUNS, *pairs[0], *pairs[1], getloadavg()[0]))
    heads = ("runs", "s a run", "bare, s", "swept, s", "more", "bare, CPU s", "swept, CPU s", "more", "load")
    show(f"{WORKERS} workers, target below 5 % (a load above {WORKERS} is other people's)", heads, rows)


@pytest.mark.benchmark
def test_throughput_and_memory(tmp_path: Path, show: Show) -> None:
    plan = plan_of(tmp_path / "out", MANY, ONE_PULSE)
    memory: dict[int, float] = {}

    def remember(finished: int, failed: int, total: int, rate: float, left: float) -> None:
        memory[finished * 10 // total] = resident()

    summary = run_sweep(plan, report=remember)
    assert summary.finished == MANY
    files = [path for path in plan.out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    rows = [(MANY, summary.wall, MANY / summary.wall, len(files), size, getloadavg()[0])]
    show("One pulse up, one down, 200 samples", ("runs", "s", "runs a second", "files", "MB", "load"), rows)
    show("Memory of the driver", ("tenths done", "MB"), sorted(memory.items()))


def resident() -> float:
    """Return the memory (MB) that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6
