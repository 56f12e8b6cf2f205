"""What the commands share: messages to the user."""

import sys


def complain(line: str) -> None:
    """Print one line to the error stream, under mpirun on the first process."""
    from eisfv.solve.ranks import launched_rank

    if launched_rank() == 0:
        print(line, file=sys.stderr)
