"""Who may write to a run directory: one process at a time, and never over a finished run unasked."""

import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from eisfv.remedies import way
from eisfv.result import file_names
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.status import Status, read_status


class BusyError(ResultError):
    """Another process is writing to the directory."""


def why_not() -> str:
    """Return why a directory cannot be had."""
    return f"another run is writing to it; wait for it or use another {way('out')}"


def claim(path: Path, *, force: bool) -> int:
    """Make `path` ready for a new run and return its lock. Raises ResultError."""
    with clear_errors(path):
        path.mkdir(parents=True, exist_ok=True)
    handle = lock(path, why_not())
    try:
        if next(file_names.own_files(path), None) is not None:
            if not force:
                raise ResultError(_refusal(path))
            remove_own_files(path)
    except BaseException:
        release(handle)
        raise
    return handle


def claim_unfinished(path: Path) -> int:
    """Return the lock of a directory whose run can go on. Raises ResultError."""
    if not path.is_dir() or next(file_names.own_files(path), None) is None:
        raise ResultError(f"{path}: there is no run to resume; start it without {way('resume')}")
    handle = lock(path, why_not())
    try:
        status = read_status(path)
        if status is not None and status.state == "finished":
            raise ResultError(
                f"{path}: the run is finished, nothing to resume; start over with {way('force')} or use another "
                f"{way('out')}"
            )
    except BaseException:
        release(handle)
        raise
    return handle


def remove_own_files(path: Path, keep: Sequence[str] = ()) -> None:
    """Remove what a run wrote under `path` and nothing else. Raises ResultError."""
    # status.json goes last: while anything is left the directory still counts as a run.
    own = sorted(file_names.own_files(path), key=lambda file: file.name == file_names.STATUS)
    with clear_errors(path, "remove the old run in"):
        for file in own:
            if file.name not in keep:
                file.unlink()
    runs = [path, *file_names.measure_runs(path)]
    folders = [run / name for run in reversed(runs) for name in (file_names.FIELDS, file_names.PLOTS)]
    for folder in (*folders, *runs[1:], path / file_names.MEASURES):
        with suppress(OSError):  # it holds somebody else's files, or is not there
            folder.rmdir()


def _refusal(path: Path) -> str:
    status = read_status(path)
    if status is not None and status.state == "finished":
        return (
            f"{path}: holds a finished run; overwrite it with {way('force')} or choose another place with {way('out')}"
        )
    reached = "" if status is None else f" ({told(status, alive=False)})"
    return (
        f"{path}: holds an unfinished run{reached}; go on with {way('resume')}, start over with {way('force')}, or use "
        f"another {way('out')}"
    )


def told(status: Status, *, alive: bool) -> str:
    """Return in words how far a run is; a run that nobody runs any more was stopped without a word."""
    reached = f"t = {status.simulated_time:.6g} s"
    if status.state == "running" and not alive:
        return f"stopped without a word, at {reached} or later"
    return f"{status.state} at {reached}"


def alive(path: Path) -> bool:
    """Return whether a process is writing to a run directory. Raises ResultError where it cannot be looked at."""
    try:
        release(lock(path, why_not()))
    except BusyError:
        return True
    return False


def lock(path: Path, why_not: str) -> int:
    """Return the lock of a directory. Raises BusyError with `why_not` where another process holds it, ResultError."""
    with clear_errors(path):
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise BusyError(f"{path}: {why_not}") from None
    except OSError:
        pass  # a network file system without locks: it has to go without
    return handle


def release(handle: int) -> None:
    """Give the directory free."""
    with suppress(OSError):
        os.close(handle)
