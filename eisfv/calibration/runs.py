"""The runs of a fit: each in a directory of its own that is gone afterwards, several at the same time, none twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from eisfv.calibration.plan import Entry, Plan
from eisfv.case import load
from eisfv.errors import EisfvError, one_line
from eisfv.fresh_processes import without_main
from eisfv.postprocess.quantities.compare import reduced
from eisfv.postprocess.quantities.expected import Quantity
from eisfv.postprocess.quantities.measured import Measured, against
from eisfv.postprocess.quantities.numerical import numerical_error
from eisfv.result import Run, read
from eisfv.running import Series, run_case
from eisfv.running.choice import Choice, by_solution
from eisfv.running.companion import Extent
from eisfv.running.pilots import chosen_together


@dataclass(frozen=True)
class Job:
    """A case (directory) with overrides, and what is made of its run; series: its mesh, how far it is followed."""

    case: Path
    overrides: tuple[str, ...]
    entries: tuple[tuple[Path, Entry], ...]
    series: Series

    @property
    def key(self) -> tuple[Path, tuple[str, ...], Extent]:
        """Return what a run is known by."""
        return self.case, self.overrides, self.series.companion


@dataclass(frozen=True)
class Outcome:
    """The values of a job's entries and their numerical errors, by expected.toml and name; or why there are none.

    curves  the model at the points of measured curves
    """

    values: Mapping[tuple[Path, str], float]
    errors: Mapping[tuple[Path, str], float]
    failure: str = ""
    curves: Mapping[tuple[Path, str], np.ndarray] = field(default_factory=dict)


def run_job(job: Job, within: str) -> Outcome:
    """Run a case in a new directory `within` another and reduce its run."""
    try:
        with TemporaryDirectory(dir=within) as place:
            out = Path(place) / "run"
            run_case(load(job.case, job.overrides), out, lambda progress: None, merge=False, series=job.series)
            return outcome_of(job, read(out))
    except EisfvError as error:
        return Outcome({}, {}, one_line(error))


def outcome_of(job: Job, run: Run) -> Outcome:
    """Return what a job wants of its run. Raises ExpectedError, ResultError."""
    numbers = [(path, entry) for path, entry in job.entries if isinstance(entry, Quantity)]
    values = {(path, entry.name): reduced(path, entry, run) for path, entry in numbers}
    errors = {(path, entry.name): numerical_error(entry, run, values[path, entry.name]) for path, entry in numbers}
    curves = {
        (path, curve.name): against(path, curve, run).model
        for path, curve in job.entries
        if isinstance(curve, Measured)
    }
    return Outcome(values, errors, curves=curves)


def meshes_at(plan: Plan, values: Sequence[float]) -> dict[Path, Choice]:
    """Return the meshes of the cases at these values of the parameters, of those that pilots choose: one for the whole
    fit, whose derivatives would see every change of it."""
    found = {}
    for place in plan.entries:
        case = load(place, plan.overrides(place, values))
        if by_solution(case) and (choice := chosen_together([case])) is not None:
            found[place] = choice
    return found


class Runs:
    """Runs jobs through `submit`, those that were run before from memory.

    done  how many were run; failed: those that failed, in their order
    """

    def __init__(self, submit: Callable[[Job], "Future[Outcome]"], meshes: Mapping[Path, Choice]) -> None:
        self.submit, self.meshes = submit, meshes
        self.known: dict[tuple[Path, tuple[str, ...], Extent], Outcome] = {}
        self.failed: list[tuple[Job, str]] = []

    @property
    def done(self) -> int:
        """Return how many jobs were run."""
        return len(self.known)

    def jobs(self, plan: Plan, values: Sequence[float], companion: Extent = "none") -> list[Job]:
        """Return the jobs of every case at values of the parameters."""
        return [
            Job(case, plan.overrides(case, values), entries, Series(self.meshes.get(case), companion))
            for case, entries in plan.entries.items()
        ]

    def outcomes(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Return the outcome of each job."""
        fresh = {job.key: job for job in jobs if job.key not in self.known}
        pending = {key: self.submit(job) for key, job in fresh.items()}
        for key, future in pending.items():
            self.known[key] = outcome = future.result()
            if outcome.failure:
                self.failed.append((fresh[key], outcome.failure))
        return [self.known[job.key] for job in jobs]


def run_here(job: Job, within: str) -> "Future[Outcome]":
    """Run a job in this process."""
    future: Future[Outcome] = Future()
    future.set_result(run_job(job, within))
    return future


@contextmanager
def runs(workers: int, meshes: Mapping[Path, Choice]) -> Iterator[Runs]:
    """Give Runs with so many processes; one stays in this process."""
    with TemporaryDirectory(prefix="eisfv-calibrate-") as within:
        if workers == 1:
            yield Runs(lambda job: run_here(job, within), meshes)
            return
        pool = ProcessPoolExecutor(workers, get_context("spawn"))

        def submit(job: Job) -> "Future[Outcome]":
            with without_main():
                return pool.submit(run_job, job, within)

        try:
            yield Runs(submit, meshes)
        except BaseException:
            for process in active_children():  # a run in the middle would keep everybody waiting
                process.kill()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
