"""`eisfv calibrate`."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED


def calibrate_command(case: Path, workers: int | None, out: Path | None, *, force: bool, quiet: bool) -> int:
    """Fit, write and print; return the exit code. Raises CaseError, ResultError, NoStartError, BrokenFitError."""
    from eisfv.api.calibrating import carried_out

    command = ["eisfv", *sys.argv[1:]]
    remedy = "replace it with --force, or choose another place with --out"
    try:
        with stopped_by_scheduler():
            found = carried_out(case, workers, out, command, complain, force=force, quiet=quiet, remedy=remedy)
    except KeyboardInterrupt:
        complain(f"{case}: interrupted; called again it goes on from the runs it has made")
        return FAILED
    if not quiet:
        print(found)
        print(*found.files, sep="\n")
    return DONE if found.converged else FAILED


@contextmanager
def stopped_by_scheduler() -> Iterator[None]:
    """Let SIGTERM stop a fit as Ctrl-C does."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
