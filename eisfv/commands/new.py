"""`eisfv new`."""

from pathlib import Path

from eisfv.errors import DONE


def new_case(directory: Path) -> int:
    """Make a case directory from the template; return the exit code. Raises CaseError."""
    from eisfv.case import template

    template.write(directory)
    print(f"{directory / 'case.toml'} is there; next:\n  eisfv check {directory}\n  eisfv run {directory}")
    return DONE
