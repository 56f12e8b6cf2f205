"""`eisfv run`."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED, WRONG_INPUT
from eisfv.result.file_names import STATUS


def run_command(
    place: Path,
    out: Path | None,
    overrides: Sequence[str],
    *,
    resume: bool,
    force: bool,
    quiet: bool,
    trust: bool,
    workers: int | None = None,
    protocol: Path | None = None,
) -> int:
    """Load, run and show a case; return the exit code. Raises EisfvError where there is nothing to show.

    workers   that make its measures; None: as many as there are processors
    protocol  a protocol file that is driven in place of the case's protocol, into a directory of its own
    """
    if resume and force:
        complain("--resume goes on with a run and --force throws it away: take one of them")
        return WRONG_INPUT
    if resume and ((run := place if place.is_dir() else place.parent) / STATUS).is_file():
        from eisfv.result.inputs import verify_inputs

        verify_inputs(run)  # before it is read: what is damaged may still be a case, of another device
    from eisfv.case import load

    if protocol is not None and out is None:
        from eisfv.case.protocol_file import own_place

        out = own_place(place, protocol)
    case = load(place, overrides, trust=trust, protocol=protocol)
    target = out if out is not None else own_run(case.directory)
    from eisfv.api.progress import progress_bar
    from eisfv.api.running import carried_out
    from eisfv.result import StorageError
    from eisfv.running import UnreachedError
    from eisfv.simulation import SolverError
    from eisfv.solve.ranks import abort, ranks_of_run
    from eisfv.sweeping.measures import in_processes

    code, said = DONE, ""
    failed: list[str] = []
    lines: list[str] = []
    ranks = ranks_of_run()

    def warn(line: str) -> None:  # the log has it anyway
        if not quiet:
            complain(f"warning: {line}")

    def tell(line: str) -> None:
        if not quiet:
            complain(line)

    def pictures() -> None:
        from eisfv.postprocess.pictures.after_run import finish

        lines.extend(finish(target, with_table=not quiet))

    try:
        with progress_bar(quiet or ranks.rank > 0) as show:
            said = carried_out(
                case,
                target,
                str(place),
                show,
                warn,
                tell,
                force=force,
                resume=resume,
                ranks=ranks,
                after=pictures,
                runner=in_processes(workers or len(os.sched_getaffinity(0)), failed),
            )
    except StorageError as failure:
        if ranks.size > 1:  # the others know nothing of it
            complain(str(failure))
            abort(FAILED)
        raise
    except (SolverError, UnreachedError) as failure:
        complain(f"{target}: {failure}; what was reached is in {target / 'result.nc'}")
        code = FAILED
    except KeyboardInterrupt:
        complain(f"{target}: interrupted; go on with: eisfv run {shlex.quote(str(target))} --resume")
        return FAILED
    for line in lines:
        print(line)
    if said and not quiet and ranks.rank == 0:
        print(said)
    for line in failed if quiet else []:  # else the warnings have told it
        complain(line)
    return FAILED if failed else code


def own_run(directory: Path) -> Path:
    """Return where a case runs when nothing is said: runs/latest in it; a run directory holds its own case."""
    from eisfv.case.case import LATEST

    return directory if (directory / STATUS).is_file() else directory / LATEST
