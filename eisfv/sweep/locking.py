"""One process at a time for a directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eisfv.result.claim import BusyError
from eisfv.result.errors import clear_errors


@contextmanager
def locked(path: Path, why_not: str) -> Iterator[None]:
    """Hold a directory, made where it is not there. Raises BusyError with `why_not` where another process does."""
    with clear_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"{path}: {why_not}") from None
        except OSError:
            pass  # a network file system without locks: the user has to see to it
        yield
    finally:
        os.close(handle)
