"""`eisfv new`."""

from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE


def new_case(directory: Path, shipped: str | None) -> int:
    """Make a case from the template, or a copy of a shipped one; return the exit code. Raises CaseError."""
    from eisfv.api.looking import LOOKS_AT
    from eisfv.case import shipped as shipped_cases
    from eisfv.case import template

    if shipped is None:
        template.write(directory)
    else:
        for other in shipped_cases.copy(shipped, directory):
            complain(f"note: {directory}: {LOOKS_AT.format(other)}")
    print(f"{directory / 'case.toml'} is there; next:\n  eisfv check {directory}\n  eisfv run {directory}")
    return DONE
