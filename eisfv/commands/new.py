"""`eisfv new`."""

from pathlib import Path

from eisfv.errors import DONE


def new_case(directory: Path, shipped: str | None) -> int:
    """Make a case from the template, or a copy of a shipped one; return the exit code. Raises CaseError."""
    from eisfv.api.looking import new

    print(f"{new(directory, shipped)} is there; next:\n  eisfv check {directory}\n  eisfv run {directory}")
    return DONE
