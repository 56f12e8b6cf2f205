"""`eisfv calibrate`."""

import sys
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED


def calibrate_command(case: Path, workers: int | None, out: Path | None, *, force: bool, quiet: bool) -> int:
    """Fit, write and print; return the exit code. Raises CaseError, ResultError, NoStartError, BrokenFitError."""
    from eisfv.api.calibrating import carried_out
    from eisfv.running.stop_request import StopRequest

    command = ["eisfv", *sys.argv[1:]]
    try:
        with StopRequest() as request, request.at_once():  # what is made lies in the journal
            found = carried_out(case, workers, out, command, complain, force=force, quiet=quiet)
    except KeyboardInterrupt:
        complain(f"{case}: interrupted; called again it goes on from the runs it has made")
        return FAILED
    if not quiet:
        print(found)
        print(*found.files, sep="\n")
    return DONE if found.converged else FAILED
