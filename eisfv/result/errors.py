"""What goes wrong with files, told in one line that names the path and a remedy."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eisfv.errors import FAILED, EisfvError
from eisfv.remedies import way

REASONS = {
    errno.ENOSPC: "the disk is full; free some space, then go on (a run with {resume})",
    errno.EDQUOT: "the disk quota is used up; free some space, then go on (a run with {resume})",
    errno.EROFS: "the file system is read-only; choose another place with {out}",
    errno.EACCES: "no permission; choose another place with {out}",
    errno.EPERM: "no permission; choose another place with {out}",
    errno.ENOTDIR: "a part of the path is a file, not a directory; choose another place with {out}",
    errno.EEXIST: "it is a file, not a directory; choose another place with {out}",
    errno.EISDIR: "it is a directory; choose another place with {out}",
    errno.ENOENT: "it does not exist",
    errno.EIO: "the device reports an input/output error",
}


class ResultError(EisfvError):
    """A result that cannot be written or read; the message is one line for the user."""


class StorageError(EisfvError):
    """Results could not be written after the work had begun; the message is one line for the user."""

    exit_code = FAILED


def reason(error: OSError) -> str:
    """Return why an operation on a file failed, in the user's words."""
    number = error.errno
    if number is None:
        # HDF5 hands on the system's error number inside its own message only.
        found = re.search(r"errno = (\d+)", str(error))
        number = int(found.group(1)) if found else None
    if number in REASONS:
        return REASONS[number].format(resume=way("resume"), out=way("out"))
    text = error.strerror or str(error)
    return text.splitlines()[0] if text else type(error).__name__


@contextmanager
def clear_errors(path: Path, doing: str = "write") -> Iterator[None]:
    """Turn an OSError of the body into a ResultError that names `path` (or the file the system names)."""
    try:
        yield
    except OSError as error:
        raise ResultError(f"cannot {doing} {error.filename or path}: {reason(error)}") from error
