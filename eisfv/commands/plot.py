"""`eisfv plot`."""

from pathlib import Path

from eisfv.api.places import run_of
from eisfv.commands.common import complain
from eisfv.errors import DONE, WRONG_INPUT


def plot_command(place: Path, animate: bool, quantity: str | None, pyvista: bool) -> int:
    """Draw the pictures of a run, when asked an animation and pyvista's views of a section; return the exit code.

    Raises ResultError, ViewError.
    """
    if quantity is not None and not animate:
        complain("--quantity is for the animation: add --animate")
        return WRONG_INPUT
    from eisfv.postprocess.pictures.pyvista_views import draw_views
    from eisfv.postprocess.pictures.run_pictures import animate_run, plot_run
    from eisfv.result import read

    run = read(run_of(place))
    tell(plot_run(run))
    if animate:
        tell([animate_run(run, quantity)])
    if pyvista:
        tell(draw_views(run))
    return DONE


def tell(pictures: list[Path]) -> None:
    """Print where pictures are."""
    for picture in pictures:
        print(picture)
