"""`eisfv plot`."""

from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, WRONG_INPUT


def plot_command(place: Path, animate: bool, quantity: str | None, pyvista: bool) -> int:
    """Draw the pictures of a run, when asked an animation and pyvista's views of a section; return the exit code.

    Raises ResultError, ViewError.
    """
    if quantity is not None and not animate:
        complain("--quantity is for the animation: add --animate")
        return WRONG_INPUT
    from eisfv.api.run import open_run

    for picture in open_run(place).pictures(animate, quantity, pyvista):
        print(picture)
    return DONE
