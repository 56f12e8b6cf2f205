"""The command line with pauses between the steps and a checkpoint every few of them, for tests that stop it.

python slow_run.py SECONDS_PER_STEP WORDS...
"""

import sys
import time

import eisfv.run
from eisfv.cli import app

pause = eisfv.run.CaseRun.pause


def slow_pause(run: eisfv.run.CaseRun) -> None:
    """Wait, then do what a pause between steps does."""
    time.sleep(float(sys.argv[1]))
    pause(run)


if __name__ == "__main__":
    eisfv.run.CHECKPOINT_EVERY = 5 * float(sys.argv[1])
    eisfv.run.CaseRun.pause = slow_pause  # type: ignore[assignment,method-assign]
    app(sys.argv[2:])
