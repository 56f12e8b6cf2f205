"""`eisfv.run`: a case into a directory, or into memory."""

from collections.abc import Callable
from pathlib import Path

from eisfv.api.case import Case, case_of
from eisfv.api.given import path_of
from eisfv.api.progress import progress_bar
from eisfv.api.run import Run
from eisfv.api.warning import warn
from eisfv.case.case import Case as Resolved
from eisfv.result import MemoryDirectory, ResultError, read
from eisfv.running import Report, UnreachedError, run_case
from eisfv.running.branches import Runner
from eisfv.running.run import one_after_the_other
from eisfv.simulation import SolverError
from eisfv.solve.errors import EquilibriumError, SetupError
from eisfv.solve.linear import chosen
from eisfv.solve.ranks import Ranks, ranks_of_run

Say = Callable[[str], None]


def run(
    case: Case | str | Path,
    out: str | Path | None = None,
    *,
    force: bool = False,
    resume: bool = False,
    quiet: bool = False,
    protocol: str | Path | None = None,
) -> Run:
    """Run a case and return the run. Without `out` it is kept in memory and leaves no file.

    case      a case, or the path of one
    out       the run directory: tables, result.nc, fields, pictures, as `eisfv run --out`
    force     replace what an earlier run wrote into `out`
    resume    go on from the last checkpoint in `out`
    quiet     no progress bar, no warnings
    protocol  a protocol file that is driven in place of the case's protocol and measures, as of `load`
    Of the [[measure]] of a case a run in memory keeps the table alone, `run.measures`.
    What a user should know of the case is an `eisfv.EisfvWarning`.
    Raises CaseError, ResultError, SetupError, EquilibriumError; SolverError and, where a step waits in vain,
    UnreachedError, whose `run` holds what was reached.

    >>> import eisfv
    >>> case = eisfv.load("cases/mg_wo3_pulses")
    >>> case.set({"protocol[1].repeat": 1, "protocol[2].repeat": 1, "mesh.companion": "none"})
    >>> run = eisfv.run(case, quiet=True)
    >>> bool(run.pulses.dG_S.loc[1] > 1e-7)  # S
    True
    >>> float(run.terminals.voltage.sel(time=10.25, method="nearest")) > 0.1
    True
    """
    if out is None and (force or resume):
        word = "force" if force else "resume"
        raise ResultError(f"run: {word} = True is for a run in a directory; give it with out, or leave {word} out")
    if force and resume:
        raise ResultError("run: resume goes on with a run and force throws it away; take one of them")
    own = case_of(case, protocol).copy()
    target = MemoryDirectory() if out is None else path_of(out)

    ranks = ranks_of_run()
    silent = quiet or ranks.rank > 0

    def say(line: str) -> None:
        if not silent:
            warn(line)

    try:
        with progress_bar(silent) as show:
            carried_out(own.resolved, target, own.origin, show, say, say, force=force, resume=resume, ranks=ranks)
    except (SolverError, UnreachedError) as failure:
        failure.run = seen(target, own)
        raise
    return seen(target, own)


def seen(target: Path | MemoryDirectory, case: Case) -> Run:
    """Return what can be read of a run."""
    return Run(target.results if isinstance(target, MemoryDirectory) else read(target), case)


def carried_out(
    case: Resolved,
    target: Path | MemoryDirectory,
    name: str,
    report: Report,
    warn: Say,
    tell: Say,
    *,
    force: bool,
    resume: bool,
    ranks: Ranks,
    after: Callable[[], None] | None = None,
    runner: Runner = one_after_the_other,
) -> str:
    """Run a case, then write fields and pictures where it has a directory; return the line on its numerical error.

    name        of the case, for messages
    warn, tell  take what a user should know of the case, and of the run, a line each
    after       in place of fields and pictures
    runner      makes the measures of the case
    Raises EisfvError.
    """

    def fields_and_pictures() -> None:
        from eisfv.postprocess.pictures.after_run import finish

        assert isinstance(target, Path)
        finish(target, with_table=False)

    if after is None and isinstance(target, Path):
        after = fields_and_pictures
    try:
        chosen(case.solver.linear, case.device.section is None, case.solver.petsc, ranks)
        return run_case(
            case,
            target,
            report,
            force=force,
            resume=resume,
            ranks=ranks,
            warn=warn,
            tell=tell,
            after=after,
            runner=runner,
        )
    except (SetupError, EquilibriumError) as failure:
        raise type(failure)(f"{name}: {failure}") from failure
