"""Where the runs of a case lie."""

from collections.abc import Iterable
from pathlib import Path

from eisfv.case.case import LATEST
from eisfv.remedies import way
from eisfv.result import ResultError
from eisfv.result.errors import clear_errors


def run_of(place: Path) -> Path:
    """Return the run directory of a path: itself, or the last run of a case directory."""
    return place / LATEST if (place / "case.toml").is_file() else place


def free(folder: Path, names: Iterable[str], force: bool) -> list[Path]:
    """Return where files go in a directory. Raises ResultError where one is there already and may not be replaced."""
    files = [folder / name for name in names]
    with clear_errors(folder):
        for file in files:
            if file.exists() and not force:
                remedy = f"replace it with {way('force')}, or choose another place with {way('out')}"
                raise ResultError(f"{file}: is there already; {remedy}")
    return files
