"""How far a run is: status.json."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from eisfv.result.atomic import write_atomic
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.file_names import STATUS

State = Literal["running", "finished", "failed", "interrupted"]
STATES: tuple[State, ...] = ("running", "finished", "failed", "interrupted")


@dataclass(frozen=True)
class Status:
    """simulated_time in s; pid and host tell whose run it is; message is why it ended."""

    state: State
    simulated_time: float = 0.0
    message: str = ""
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=platform.node)


def write_status(root: Path, status: Status) -> None:
    """Replace status.json. Raises ResultError."""
    entries = asdict(status)
    entries["simulated_time_s"] = entries.pop("simulated_time")
    write_atomic(root / STATUS, (json.dumps(entries, indent=2) + "\n").encode())


def read_status(root: Path) -> Status | None:
    """Return the status of a run directory; None when it holds none. Raises ResultError."""
    path = root / STATUS
    with clear_errors(path, "read"):
        if not path.is_file():
            return None
        text = path.read_text()
    try:
        entries = json.loads(text)
        entries["simulated_time"] = float(entries.pop("simulated_time_s"))
        status = Status(**entries)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ResultError(f"{path}: is not the status of a run ({error})") from error
    if status.state not in STATES:
        raise ResultError(f'{path}: unknown state "{status.state}"')
    return status
