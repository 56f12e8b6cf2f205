"""Where the runs of a case lie."""

from pathlib import Path

from eisfv.case.case import LATEST


def run_of(place: Path) -> Path:
    """Return the run directory of a path: itself, or the last run of a case directory."""
    return place / LATEST if (place / "case.toml").is_file() else place
