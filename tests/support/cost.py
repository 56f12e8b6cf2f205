"""What reading costs, in sound cases: an absolute time would be one of the machine."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from eisfv.case import load
from support.small_case import write_case


@cache
def sound_case() -> float:
    """Return the CPU time (s) of reading a sound case, the least of five."""
    with TemporaryDirectory() as place:
        case = write_case(Path(place))
        load(case)  # imports what reading needs
        return min(cost(case) for _ in range(5))


def cost(case: Path) -> float:
    """Return the CPU time (s) of reading a case."""
    start = process_time()
    load(case)
    return process_time() - start
