"""`eisfv info`."""

from pathlib import Path

from eisfv.errors import DONE, FAILED


def info_command(place: Path | None) -> int:
    """Print what is known of a run, or of this installation; return the exit code: 1 where a file is damaged.

    Raises ResultError.
    """
    from eisfv.api.looking import installation, seen

    lines, whole = (installation(), True) if place is None else seen(place)
    for line in lines:
        print(line)
    return DONE if whole else FAILED
