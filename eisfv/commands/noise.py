"""`eisfv noise`."""

from collections.abc import Sequence
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE


def noise_command(
    place: Path,
    quantity: str,
    pulse: int | None,
    overrides: Sequence[str],
    out: Path | None,
    *,
    force: bool,
    trust: bool,
) -> int:
    """Tell how a quantity of a case's run scatters and write it; return the exit code. Raises EisfvError."""
    from eisfv.api.places import free
    from eisfv.api.programming_noise import FILES, FOLDER, noise_in
    from eisfv.case.loading import load
    from eisfv.case.problems import display
    from eisfv.commands.sensitivity import folder_of

    target = out if out is not None else folder_of(place) / FOLDER
    free(target, FILES, force)
    found = noise_in(load(place, overrides, trust=trust), display(place), quantity, pulse)
    for note in found.notes:
        complain(f"warning: {note}")
    print(found)
    for file in found.write(target, force=force):
        print(file)
    return DONE
