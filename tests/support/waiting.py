"""Waiting for what another process does: for the event itself, however long the machine takes."""

import subprocess
import time
from collections.abc import Callable
from typing import Any

# s; a test that hangs ends by it, no test passes or fails by it. A machine that is busy takes minutes for a run of one.
PATIENCE = 900.0


def until(happened: Callable[[], object], process: subprocess.Popen[Any] | None = None) -> None:
    """Return when something has happened; AssertionError when the process that is to do it has ended without."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert process is None or process.poll() is None or happened(), f"{process.args} ended before"
        assert time.monotonic() < deadline
        time.sleep(0.005)
