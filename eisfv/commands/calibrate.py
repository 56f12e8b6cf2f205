"""`eisfv calibrate`."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED, WRONG_INPUT


def calibrate_command(case: Path, workers: int | None, out: Path | None, *, force: bool, quiet: bool) -> int:
    """Fit, write and print; return the exit code. Raises CaseError, ResultError, NoStartError, BrokenFitError."""
    from eisfv.api import calibrating
    from eisfv.calibration.reading import read_plan

    try:
        with stopped_by_scheduler():
            plan = read_plan(case)
            target = calibrating.out_of(plan, out)
            for path in calibrating.taken(plan, target, force):
                complain(f"{path}: is there already; replace it with --force, or choose another place with --out")
                return WRONG_INPUT
            for line in calibrating.cautions(plan):
                complain(f"warning: {line}")
            command = ["eisfv", *sys.argv[1:]]
            count = workers or calibrating.processors()
            found = calibrating.carried_out(case, plan, target, count, command, complain, quiet)
    except KeyboardInterrupt:
        complain(f"{case}: interrupted; nothing is written")
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
