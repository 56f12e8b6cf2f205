"""What the commands share: messages to the user, where runs lie."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DONE, FAILED, WRONG_INPUT = 0, 1, 2
LATEST = Path("runs") / "latest"


class StoppedError(Exception):
    """A command that has told the user why it stops; carries the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def complain(line: str) -> None:
    """Print one line to the error stream, under mpirun on the first process."""
    from eisfv.solve.ranks import launched_rank

    if launched_rank() == 0:
        print(line, file=sys.stderr)


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn what a user can get wrong into lines and an exit code."""
    from eisfv.case.problems import CaseError
    from eisfv.result import ResultError

    try:
        yield
    except CaseError as error:
        for line in error.lines:
            complain(line)
        raise StoppedError(WRONG_INPUT) from None
    except ResultError as error:
        complain(str(error))
        raise StoppedError(WRONG_INPUT) from None


def run_of(place: Path) -> Path:
    """Return the run directory of a path: itself, or the last run of a case directory."""
    return place / LATEST if (place / "case.toml").is_file() else place
