"""Temporary directories of runs whose process was killed."""

import os
import platform
import shutil
import stat
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir


def temporary_prefix(out: Path) -> str:
    """Return how the temporary directories of this process begin, for a sweep's directory."""
    return f"{common_prefix(out)}{os.getpid()}-"


def common_prefix(out: Path) -> str:
    """Return how the temporary directories of all processes begin, for a sweep's directory."""
    # A process number means something on its machine, and in a container there, alone.
    numbers = Path("/proc/self/ns/pid")
    where = f"{out.resolve()} {platform.node()} {numbers.stat().st_ino if numbers.exists() else 0}"
    return f"eisfv-sweep-{sha256(where.encode()).hexdigest()[:8]}-"


def remove_leftovers(out: Path) -> int:
    """Remove what processes of a sweep that are no more have left on this machine; return how many."""
    removed = 0
    for place in Path(gettempdir()).glob(common_prefix(out) + "*-*"):
        process = place.name.removeprefix(common_prefix(out)).partition("-")[0]
        if process.isdigit() and not alive(int(process)) and own(place):
            shutil.rmtree(place, ignore_errors=True)
            removed += 1
    return removed


def own(place: Path) -> bool:
    """Return whether a place is a directory of this user; anybody may put something beside it, a link too."""
    found = place.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def alive(process: int) -> bool:
    """Return whether there is a process of a number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
