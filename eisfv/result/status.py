"""How far a run is: status.json."""

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from eisfv.result.atomic import write_atomic
from eisfv.result.checksums import Mark, damaged, sealed, unsealed
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.file_names import STATUS

State = Literal["running", "finished", "failed", "interrupted"]
STATES: tuple[State, ...] = ("running", "finished", "failed", "interrupted")


@dataclass(frozen=True)
class Status:
    """simulated_time in s; pid and host tell whose run it is; message is why it ended.

    checksums  by name, of the files that do not change any more: of a run that goes on those it was started from
    """

    state: State
    simulated_time: float = 0.0
    message: str = ""
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=platform.node)
    checksums: Mapping[str, Mark] = field(default_factory=dict, hash=False)


def state_left(error: BaseException) -> State:
    """Return the state in which an exception leaves a run that has not ended."""
    return "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"


def write_status(root: Path, status: Status) -> None:
    """Replace status.json. Raises ResultError."""
    entries = asdict(status)
    entries["simulated_time_s"] = entries.pop("simulated_time")
    write_atomic(root / STATUS, sealed(entries))


def read_status(root: Path) -> Status | None:
    """Return the status of a run directory; None when it holds none. Raises ResultError."""
    path = root / STATUS
    with clear_errors(path, "read"):
        if not path.is_file():
            return None
    entries = unsealed(path)
    try:
        entries["checksums"] = {name: Mark(*map(int, mark)) for name, mark in entries.get("checksums", {}).items()}
        entries["simulated_time"] = float(entries.pop("simulated_time_s"))
        status = Status(**entries)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(path, f"it is not the status of a run: {error}") from error
    if status.state not in STATES:
        raise ResultError(f'{path}: unknown state "{status.state}"')
    return status
