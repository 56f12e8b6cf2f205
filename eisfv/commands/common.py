"""What the commands share: messages to the user, where runs lie."""

import sys
from pathlib import Path

from eisfv.case.case import LATEST as LATEST


def complain(line: str) -> None:
    """Print one line to the error stream, under mpirun on the first process."""
    from eisfv.solve.ranks import launched_rank

    if launched_rank() == 0:
        print(line, file=sys.stderr)


def run_of(place: Path) -> Path:
    """Return the run directory of a path: itself, or the last run of a case directory."""
    return place / LATEST if (place / "case.toml").is_file() else place
