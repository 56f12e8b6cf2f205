"""Running a case, and what is measured after it."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from eisfv.case.case import Case
from eisfv.errors import EisfvError, one_line
from eisfv.result import MemoryDirectory
from eisfv.result.status import read_status
from eisfv.running.branches import Branch, Runner
from eisfv.running.case_run import CaseRun, Say
from eisfv.running.meshing import Series
from eisfv.running.null_directory import opened
from eisfv.running.progress import Report
from eisfv.running.stop_request import StopRequest
from eisfv.solve.ranks import ALONE, Ranks


def one_after_the_other(
    branches: Sequence[Branch], stopped: Callable[[], None], ended: Callable[[Branch, str], None]
) -> None:
    """Run branches in this process."""
    for one in branches:
        stopped()
        ended(one, run_branch(one))


def run_branch(one: Branch) -> str:
    """Run a measure, or go on with it; return why it failed, "" where it finished."""
    try:
        begun = one.out.is_dir() and read_status(one.out) is not None
        run_case(one.case, one.out, lambda progress: None, resume=begun)
    except EisfvError as error:
        return one_line(error)
    return ""


def run_case(
    case: Case,
    out: Path | MemoryDirectory,
    report: Report,
    *,
    force: bool = False,
    resume: bool = False,
    ranks: Ranks = ALONE,
    warn: Say = lambda line: None,
    tell: Say = lambda line: None,
    merge: bool = True,
    series: Series | None = None,
    after: Callable[[], None] | None = None,
    runner: Runner = one_after_the_other,
) -> str:
    """Run a case into a directory or into memory; on several processes together, the first of them writes. Return the
    line that tells its numerical error, empty without one.

    warn   takes what a user should know of the case, a line each
    tell   takes what a user should know of the run, as the time that a long one takes
    series  of a run that is one of many: its measures are not made
    merge  build result.nc, a quarter of the time of a run of a second; the run can be read without
    after  what follows a run, finished or failed, while the directory is still its own: its pictures
    runner  makes the measures of the case
    Raises ResultError before anything is computed; then SetupError, EquilibriumError, SolverError, UnreachedError,
    StorageError and KeyboardInterrupt.
    """
    with StopRequest() as request, opened(case, out, force, resume, ranks) as directory:
        # Of several processes none stops before all of them do.
        with request.at_once() if ranks.size == 1 else nullcontext():
            run = CaseRun(case, directory, report, ranks, warn, tell, merge, series, request, after, runner)
        run.go()
        return run.estimate.line if run.estimate is not None else ""
