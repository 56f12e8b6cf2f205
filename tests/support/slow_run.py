"""The command line with pauses between the steps and a checkpoint every few of them, for tests that stop it.

python slow_run.py SECONDS_PER_STEP WORDS...
"""

import sys
import time

from eisfv.cli import app
from eisfv.running import case_run

pause = case_run.CaseRun.pause


def slow_pause(run: case_run.CaseRun) -> None:
    """Wait, then do what a pause between steps does."""
    time.sleep(float(sys.argv[1]))
    pause(run)


if __name__ == "__main__":
    case_run.CHECKPOINT_EVERY = 5 * float(sys.argv[1])
    case_run.CaseRun.pause = slow_pause  # type: ignore[assignment,method-assign]
    app(sys.argv[2:])
