"""Files that are either the old one or the new one, whole, whenever the machine stops."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from eisfv.result.errors import clear_errors


def temporary(path: Path) -> Path:
    """Return the name a file has while it is written."""
    return path.with_name(f".{path.name}.tmp")


def synchronise(path: Path) -> None:
    """Wait until a file's, or a directory's, content is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the temporary name to write to; on success it takes the place of `path`, on failure it is removed.

    Raises ResultError.
    """
    draft = temporary(path)
    with clear_errors(path):
        try:
            yield draft
            synchronise(draft)
            draft.replace(path)
            synchronise(path.parent)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def write_atomic(path: Path, data: bytes) -> None:
    """Write a whole file at once. Raises ResultError."""
    with replacing(path) as draft:
        draft.write_bytes(data)
