"""The command line with pauses between the steps and a checkpoint every few of them, for tests that stop it.

python slow_run.py SECONDS_PER_STEP WORDS...
"""

import sys
import time

from eisfv.cli import app
from eisfv.running import checkpoint

pause = checkpoint.Checkpoints.pause


def slow_pause(checkpoints: checkpoint.Checkpoints) -> None:
    """Wait, then do what a pause between steps does."""
    time.sleep(float(sys.argv[1]))
    pause(checkpoints)


if __name__ == "__main__":
    checkpoint.EVERY = 5 * float(sys.argv[1])
    checkpoint.Checkpoints.pause = slow_pause  # type: ignore[assignment,method-assign]
    app(sys.argv[2:])
