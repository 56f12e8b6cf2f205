"""Where the runs of a case lie."""

from os import PathLike
from pathlib import Path
from typing import Any

from eisfv.case.case import LATEST as LATEST
from eisfv.errors import EisfvError


def run_of(place: Path) -> Path:
    """Return the run directory of a path: itself, or the last run of a case directory."""
    return place / LATEST if (place / "case.toml").is_file() else place


class PlaceError(EisfvError):
    """What was given is no path."""


def path_of(place: Any) -> Path:
    """Return the path that a function was given. Raises PlaceError."""
    if isinstance(place, str | PathLike):
        return Path(place)
    raise PlaceError(f'{repr(place)[:80]} is no path; give one, as "cases/mg_wo3_pulses"')
