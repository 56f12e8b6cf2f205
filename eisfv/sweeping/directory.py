"""Whose a directory is: a sweep writes into its own or an empty one and gathers from its own."""

from pathlib import Path

from eisfv.remedies import way
from eisfv.result import ResultError, sweep_file_names
from eisfv.result.atomic import temporary
from eisfv.result.errors import clear_errors


def is_sweep(out: Path) -> bool:
    """Return whether a sweep was begun in a directory."""
    points = out / sweep_file_names.POINTS
    began = points.exists() or temporary(points).exists()
    return began or any((out / sweep_file_names.SHARDS).glob(f"*{sweep_file_names.SHARD}"))


def check_free(out: Path) -> None:
    """Refuse a directory with something else in it: a sweep replaces its table and traces. Raises ResultError."""
    with clear_errors(out, "read"):
        names = sorted(path.name for path in out.iterdir() if path.name[0] != ".") if out.is_dir() else []
        if names and not is_sweep(out):
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            raise ResultError(f"{out}: holds {names[0]}{more}, and no sweep; choose another place with {way('out')}")


def check_begun(out: Path) -> None:
    """Refuse a directory in which no sweep was begun. Raises ResultError."""
    with clear_errors(out, "read"):
        if not is_sweep(out):
            missing = f"holds no sweep (it has no {sweep_file_names.POINTS})"
            raise ResultError(f"{out}: {missing}; run the sweep first, or name its file or its directory")
