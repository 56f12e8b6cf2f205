"""`eisfv new`."""

from pathlib import Path

from eisfv.errors import DONE


def new_case(directory: Path) -> int:
    """Make a case directory from the template; return the exit code. Raises CaseError."""
    from eisfv.api.looking import new

    print(f"{new(directory)} is there; next:\n  eisfv check {directory}\n  eisfv run {directory}")
    return DONE
