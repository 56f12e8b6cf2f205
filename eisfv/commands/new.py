"""`eisfv new`."""

from pathlib import Path

from eisfv.errors import DONE


def new_case(directory: Path, shipped: str | None) -> int:
    """Make a case from the template, or a copy of a shipped one; return the exit code. Raises CaseError."""
    from eisfv.case import template

    if shipped is None:
        template.write(directory)
    else:
        template.copy(shipped, directory)
    print(f"{directory / 'case.toml'} is there; next:\n  eisfv check {directory}\n  eisfv run {directory}")
    return DONE
