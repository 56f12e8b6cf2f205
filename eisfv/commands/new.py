"""`eisfv new`."""

from pathlib import Path

from eisfv.commands.common import DONE, StoppedError, user_errors


def new_case(directory: Path) -> int:
    """Make a case directory from the template; return the exit code."""
    from eisfv.case import template

    try:
        with user_errors():
            template.write(directory)
    except StoppedError as stopped:
        return stopped.code
    print(f"{directory / 'case.toml'} is there; next:\n  eisfv check {directory}\n  eisfv run {directory}")
    return DONE
