"""The runs of a fit, several at the same time, none twice; what they gave is kept in a journal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from eisfv.calibration.job import Job, mesh_of, run_job
from eisfv.calibration.journal import Journal, key_of
from eisfv.calibration.outcome import Outcome
from eisfv.calibration.plan import Plan
from eisfv.case import load
from eisfv.case.case import Case
from eisfv.case.file_tree import parse_key
from eisfv.fresh_processes import without_main
from eisfv.result.errors import clear_errors
from eisfv.running import Series
from eisfv.running.choice import Choice
from eisfv.running.extents import Extent

KEPT = "runs"  # beside fit.toml while a fit is under way


def reads_only(override: str) -> bool:
    """Return whether an override, or its key alone, is of what a conductance is read by: the conductivity of a host,
    length and width of the film."""
    key = parse_key(override.partition("=")[0]) or ()
    of_film = key[:1] == ("readout",) and key[-1] in ("length", "width")
    return of_film or (key[:1] == ("material",) and key[2:3] == ("conductivity",))


def given_currents(case: Case) -> bool:
    """Return whether a case is a stack whose currents are given and that waits for no conductance: what its cells hold
    then does not depend on the conductivity of its hosts."""
    return case.device.section is None and all(
        step.drive in ("current", "open_circuit") and (step.until is None or step.until.conductance is None)
        for step in case.protocol
    )


class Runs:
    """Runs jobs through `submit`, those that were run before from the journal.

    within  directory of this fit alone, gone afterwards
    tapes   cases whose steps are kept in it, to be read again with another conductivity
    made    how many were run; reread: how many were read from the steps of another; followed: how many were followed
            backward for derivatives, beside these; failed: those that failed, in their order
    """

    def __init__(
        self,
        submit: Callable[[Job], "Future[Outcome]"],
        plan: Plan,
        meshes: Mapping[Path, Choice],
        journal: Journal,
        within: Path,
    ) -> None:
        self.submit, self.plan, self.meshes, self.journal, self.within = submit, plan, meshes, journal, within
        self.cases = {case: load(case) for case in plan.entries}
        moved = {setting.key for parameter in plan.parameters for setting in parameter.settings}
        able = any(map(reads_only, moved))
        self.tapes = {case for case, loaded in self.cases.items() if able and given_currents(loaded)}
        self.made, self.reread, self.followed = 0, 0, 0
        self.failed: list[tuple[Job, str]] = []

    def jobs(self, values: Sequence[float], companion: Extent = "none") -> list[Job]:
        """Return the jobs of every case at values of the parameters."""
        found = []
        for case, entries in self.plan.entries.items():
            overrides, series = self.plan.overrides(case, values), Series(self.meshes.get(case), companion)
            digest = self.cases[case].digest
            tape = None
            if case in self.tapes and companion == "none":
                driving = tuple(one for one in overrides if not reads_only(one))
                tape = self.within / f"{key_of(str(case), digest, driving, mesh_of(series))}.steps"
            found.append(Job(case, digest, overrides, entries, series, tape))
        return found

    def outcomes(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Return the outcome of each job: those that play a tape are begun when it is recorded."""
        fresh = {key: job for key, job in ((job.key, job) for job in jobs) if key not in self.journal.known}
        recording: dict[Path | None, str] = {
            job.tape: key for key, job in reversed(fresh.items()) if job.tape and not job.tape.exists()
        }
        first = {key: job for key, job in fresh.items() if job.tape not in recording or recording[job.tape] == key}
        for some in (first, {key: job for key, job in fresh.items() if key not in first}):
            self.run(some)
        return [self.journal.known[job.key] for job in jobs]

    def run(self, jobs: Mapping[str, Job]) -> None:
        """Run jobs, and keep each outcome as it comes in."""
        for job in jobs.values():
            played = job.tape is not None and job.tape.exists()
            self.reread, self.made = self.reread + played, self.made + (not played)
        pending = {}
        for key, job in jobs.items():
            future = self.submit(job)
            if future.done():  # of this process: kept before the next begins
                self.journal.add(key, future.result())
            else:
                pending[future] = key
        for future in as_completed(pending):
            self.journal.add(pending[future], future.result())
        known = self.journal.known
        self.failed += [(job, known[key].failure) for key, job in jobs.items() if known[key].failure]


def forget(out: Path) -> None:
    """Remove what a fit that cannot begin has left in `out`."""
    rmtree(out / KEPT, ignore_errors=True)
    if out.is_dir() and not any(out.iterdir()):
        out.rmdir()


def run_here(job: Job, within: str) -> "Future[Outcome]":
    """Run a job in this process."""
    future: Future[Outcome] = Future()
    future.set_result(run_job(job, within))
    return future


@contextmanager
def runs(workers: int, plan: Plan, meshes: Mapping[Path, Choice], out: Path) -> Iterator[Runs]:
    """Give Runs with so many processes; one stays in this process. What they gave is kept in a directory of `out` until
    the caller is through with it."""
    kept = out / KEPT
    with clear_errors(kept):
        kept.mkdir(parents=True, exist_ok=True)
    journal = Journal(kept)
    with TemporaryDirectory(prefix="eisfv-calibrate-") as within:
        if workers == 1:
            yield Runs(lambda job: run_here(job, within), plan, meshes, journal, Path(within))
        else:
            pool = ProcessPoolExecutor(workers, get_context("spawn"))

            def submit(job: Job) -> "Future[Outcome]":
                with without_main():
                    return pool.submit(run_job, job, within)

            try:
                yield Runs(submit, plan, meshes, journal, Path(within))
            except BaseException:
                for process in active_children():  # a run in the middle would keep everybody waiting
                    process.kill()
                raise
            finally:
                pool.shutdown(cancel_futures=True)
    rmtree(kept, ignore_errors=True)
