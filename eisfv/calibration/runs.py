"""The runs of a fit: each in a directory of its own that is gone afterwards, several at the same time, none twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from eisfv.case import load
from eisfv.errors import EisfvError, one_line
from eisfv.postprocess.quantities.compare import reduced
from eisfv.postprocess.quantities.expected import Quantity
from eisfv.result import read
from eisfv.running import Series, run_case


@dataclass(frozen=True)
class Job:
    """A case (directory) with overrides, and what is made of its run."""

    case: Path
    overrides: tuple[str, ...]
    entries: tuple[tuple[Path, Quantity], ...]


@dataclass(frozen=True)
class Outcome:
    """The values of a job's entries, by expected.toml and name; or why there are none."""

    values: Mapping[tuple[Path, str], float]
    failure: str = ""


def run_job(job: Job, within: str) -> Outcome:
    """Run a case in a new directory `within` another and reduce its run."""
    try:
        with TemporaryDirectory(dir=within) as place:
            out = Path(place) / "run"
            run_case(load(job.case, job.overrides), out, lambda progress: None, merge=False, series=Series())
            run = read(out)
            return Outcome({(path, entry.name): reduced(path, entry, run) for path, entry in job.entries})
    except EisfvError as error:
        return Outcome({}, one_line(error))


class Runs:
    """Runs jobs through `submit`, those that were run before from memory.

    done  how many were run; failed: those that failed, in their order
    """

    def __init__(self, submit: Callable[[Job], "Future[Outcome]"]) -> None:
        self.submit = submit
        self.known: dict[tuple[Path, tuple[str, ...]], Outcome] = {}
        self.failed: list[tuple[Job, str]] = []

    @property
    def done(self) -> int:
        """Return how many jobs were run."""
        return len(self.known)

    def outcomes(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Return the outcome of each job."""
        fresh = {(job.case, job.overrides): job for job in jobs if (job.case, job.overrides) not in self.known}
        pending = {key: self.submit(job) for key, job in fresh.items()}
        for key, future in pending.items():
            self.known[key] = outcome = future.result()
            if outcome.failure:
                self.failed.append((fresh[key], outcome.failure))
        return [self.known[job.case, job.overrides] for job in jobs]


def run_here(job: Job, within: str) -> "Future[Outcome]":
    """Run a job in this process."""
    future: Future[Outcome] = Future()
    future.set_result(run_job(job, within))
    return future


@contextmanager
def runs(workers: int) -> Iterator[Runs]:
    """Give Runs with so many processes; one stays in this process."""
    with TemporaryDirectory(prefix="eisfv-calibrate-") as within:
        if workers == 1:
            yield Runs(lambda job: run_here(job, within))
            return
        pool = ProcessPoolExecutor(workers, get_context("spawn"))
        try:
            yield Runs(lambda job: pool.submit(run_job, job, within))
        except BaseException:
            for process in active_children():  # a run in the middle would keep everybody waiting
                process.kill()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
