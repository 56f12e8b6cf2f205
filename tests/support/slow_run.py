"""The command line with a checkpoint every few steps, that stands still at a step until somebody stops it.

python slow_run.py STEP WORDS...

At its STEP-th pause between two steps the run makes the file `standing` in the working directory and waits: for a
signal, which it then heeds as at any other pause. With STEP 0 it stands before its first checkpoint, with rows written.
"""

import sys
from pathlib import Path

from eisfv.cli import app
from eisfv.running import checkpoint
from support.waiting import until

EVERY = 10  # pauses between checkpoints
FIRST = 3  # the pause at which a run has written rows, and no checkpoint
pause = checkpoint.Checkpoints.pause
passed = 0


def standing_pause(checkpoints: checkpoint.Checkpoints) -> None:
    """Do what a pause between steps does; at the one that is meant, wait first."""
    global passed
    passed += 1
    if passed == (int(sys.argv[1]) or FIRST):
        Path("standing").touch()
        until(lambda: checkpoints.request.made)
    if passed % EVERY == 0:
        checkpoints.write()
    pause(checkpoints)


if __name__ == "__main__":
    checkpoint.Checkpoints.pause = standing_pause
    app(sys.argv[2:])
