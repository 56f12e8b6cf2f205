"""`eisfv sensitivity`."""

from collections.abc import Sequence
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE


def sensitivity_command(
    place: Path,
    quantity: str,
    pulse: int | None,
    overrides: Sequence[str],
    scatter: Path | None,
    out: Path | None,
    *,
    force: bool,
    trust: bool,
) -> int:
    """Rank the parameters of a case, write them and print where; return the exit code. Raises EisfvError."""
    from eisfv.api.linear_spread import scattering
    from eisfv.api.places import free
    from eisfv.api.sensitivity import FOLDER, PICTURE, TABLE, found_in
    from eisfv.case.loading import load
    from eisfv.case.problems import display

    target = out if out is not None else folder_of(place) / FOLDER
    free(target, (TABLE, PICTURE), force)
    if scatter is not None:
        scattering(scatter)  # before the work, not after it
    found = found_in(load(place, overrides, trust=trust), display(place), quantity, pulse)
    for note in found.notes:
        complain(f"warning: {note}")
    print(found)
    if scatter is not None:
        for line in found.spread_lines(scatter):
            print(line)
    for file in found.write(target, force=force):
        print(file)
    return DONE


def folder_of(place: Path) -> Path:
    """Return the directory of a case, however it was named."""
    return place if place.is_dir() else place.parent
