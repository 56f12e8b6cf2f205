"""`eisfv impedance`."""

from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE


def impedance_command(
    place: Path, frequencies: str, at: str | None, out: Path | None, *, noise: bool, force: bool
) -> int:
    """Take the spectrum of a run, write it and print where; return the exit code. Raises EisfvError."""
    from eisfv.api.impedance import FOLDER, impedance
    from eisfv.api.places import run_of

    found = impedance(place, frequencies, noise=noise, at=at, tell=complain)
    for note in found.notes:
        complain(f"warning: {note}")
    for file in found.write(out if out is not None else run_of(place) / FOLDER, force=force):
        print(file)
    return DONE
