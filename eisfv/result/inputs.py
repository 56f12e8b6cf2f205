"""What a run was started from: a run that goes on must be given the same, and whole."""

from pathlib import Path

from eisfv.remedies import way
from eisfv.result import file_names
from eisfv.result.checksums import verify
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.status import read_status


def verify_inputs(path: Path) -> None:
    """Raise ResultError where what a run was started from, its case, its drawn mesh or its state, is damaged."""
    status = read_status(path)
    for name in file_names.GIVEN:
        if status is not None and name in status.checksums:
            verify(path / name, status.checksums[name])


def same_case(path: Path, text: str) -> bool:
    """Return whether the case of a run is there and the given one. Raises ResultError where it is another."""
    with clear_errors(path, "read"):
        before = path.read_text() if path.is_file() else None
    if before is not None and before != text:
        old, new = _first_difference(before, text)
        raise ResultError(
            f'{path}: the run was started from another case ("{old}", now "{new}"); '
            f"restore the case, or start over with {way('force')}"
        )
    return before is not None


def _first_difference(before: str, after: str) -> tuple[str, str]:
    old, new = before.splitlines(), after.splitlines()
    length = max(len(old), len(new)) + 1
    old, new = (lines + [""] * (length - len(lines)) for lines in (old, new))
    return next(((a, b) for a, b in zip(old, new, strict=True) if a != b), ("", ""))
