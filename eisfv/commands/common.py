"""What the commands share: messages to the user."""

import sys
from time import sleep

FIRST_PROCESS_TAKES = 60.0  # s, at most, to say what this process found as well


def complain(line: str) -> None:
    """Print one line to the error stream, under mpirun on the first process."""
    from eisfv.solve.ranks import launched_rank

    if launched_rank() == 0:
        print(line, file=sys.stderr)


def complain_last(line: str) -> None:
    """Print the line that a process ends with, before mpirun knows that one of them has failed.

    Before MPI has begun mpirun kills all processes as soon as one ends, so the first one, which tells the line, must be
    the one. Where it has not failed, this process tells it in its place. Once MPI has begun they end together.
    """
    from eisfv.solve.ranks import launched_rank

    if launched_rank() > 0 and "mpi4py.MPI" not in sys.modules:
        sleep(FIRST_PROCESS_TAKES)
        print(line, file=sys.stderr)
    else:
        complain(line)
