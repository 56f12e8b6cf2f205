"""`eisfv run`."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eisfv.commands.common import DONE, FAILED, LATEST, WRONG_INPUT, StoppedError, complain, user_errors
from eisfv.result.layout import STATUS


def run_command(
    place: Path, out: Path | None, overrides: Sequence[str], *, resume: bool, force: bool, quiet: bool
) -> int:
    """Run a case; return the exit code."""
    if resume and force:
        complain("--resume goes on with a run and --force throws it away: take one of them")
        return WRONG_INPUT
    try:
        with user_errors():
            return checked_run(place, out, overrides, resume, force, quiet)
    except StoppedError as stopped:
        return stopped.code


def checked_run(place: Path, out: Path | None, overrides: Sequence[str], resume: bool, force: bool, quiet: bool) -> int:
    """Load, run and show a case; errors of the input as exceptions."""
    from eisfv.case import load

    case = load(place, overrides)
    target = out if out is not None else own_run(case.directory)
    from eisfv.result import ResultError
    from eisfv.run import Progress, StorageError, run_case
    from eisfv.simulation import SolverError
    from eisfv.solve.equilibrium import EquilibriumError
    from eisfv.solve.errors import SetupError
    from eisfv.solve.linear import chosen
    from eisfv.solve.ranks import abort, ranks_of_run

    code = DONE
    try:
        ranks = ranks_of_run()
        chosen(case.solver.linear, case.device.section is None, case.solver.petsc, ranks)
        with progress_bar(quiet or ranks.rank > 0) as show:

            def report(progress: Progress) -> None:
                show(progress)

            def warn(line: str) -> None:
                complain(f"warning: {line}")

            run_case(case, target, report, force=force, resume=resume, ranks=ranks, warn=warn)
    except SetupError as failure:
        complain(f"{place}: {failure}")
        return WRONG_INPUT
    except EquilibriumError as failure:
        complain(f"{target}: {failure}")
        return FAILED
    except StorageError as failure:
        complain(str(failure))
        if ranks.size > 1:  # the others know nothing of it
            abort(FAILED)
        return FAILED
    except SolverError as failure:
        complain(f"{target}: {failure}; what was reached is in {target / 'result.nc'}")
        code = FAILED
    except KeyboardInterrupt:
        complain(f"{target}: interrupted; go on with: eisfv run {shlex.quote(str(target))} --resume")
        return FAILED
    if ranks.rank > 0:
        return code
    from eisfv.postprocess.pictures.after_run import finish

    try:
        lines = finish(target, with_table=not quiet)
    except ResultError as error:
        complain(str(error))
        return FAILED
    for line in lines:
        print(line)
    return code


def own_run(directory: Path) -> Path:
    """Return where a case runs when nothing is said: runs/latest in it; a run directory holds its own case."""
    return directory if (directory / STATUS).is_file() else directory / LATEST


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[object], None]]:
    """Give a function that shows how far a run is, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda progress: None
        return
    from eisfv.commands.progress import bar

    with bar() as show:
        yield show
