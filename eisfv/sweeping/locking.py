"""One process at a time for a directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eisfv.result.claim import lock, release
from eisfv.result.errors import clear_errors


@contextmanager
def locked(path: Path, why_not: str) -> Iterator[None]:
    """Hold a directory, made where it is not there. Raises BusyError with `why_not` where another process does."""
    with clear_errors(path):
        path.mkdir(parents=True, exist_ok=True)
    handle = lock(path, why_not)
    try:
        yield
    finally:
        release(handle)
