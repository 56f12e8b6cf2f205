"""`eisfv plot`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.commands.common import complain
from eisfv.errors import DONE, WRONG_INPUT

if TYPE_CHECKING:  # it imports NumPy
    from eisfv.postprocess.pictures.chosen_picture import Choice

LOGS = ("x", "y", "both")
FORMATS = ("png", "pdf", "svg")


def plot_command(
    places: Sequence[Path],
    choice: "Choice",
    ending: str,
    style: Path | None,
    out: Path | None,
    animate: bool,
    quantity: str | None,
    pyvista: bool,
) -> int:
    """Draw what is asked for, else all pictures of a run and the figures of its case; return the exit code.

    Raises ResultError, DataError, StyleError, FigureError, ViewError.
    """
    from eisfv.api.places import run_of
    from eisfv.postprocess.pictures.chosen_picture import Choice, plot_chosen
    from eisfv.postprocess.pictures.figures import draw_figures
    from eisfv.postprocess.pictures.pyvista_views import draw_views
    from eisfv.postprocess.pictures.run_pictures import animate_run, plot_run
    from eisfv.result import read

    chosen = choice != Choice() or len(places) > 1
    fault = refused(choice.log, ending, chosen, out, animate or pyvista, quantity is not None and not animate)
    if fault:
        complain(fault)
        return WRONG_INPUT
    runs = [read(run_of(place)) for place in places]
    if chosen:
        tell([plot_chosen(runs, choice, ending, style, out)])
        return DONE
    (run,) = runs
    tell(plot_run(run, ending, style))
    if animate:
        tell([animate_run(run, quantity)])
    if pyvista:
        tell(draw_views(run))
    if run_of(places[0]) != places[0]:
        tell(draw_figures(places[0], style))
    return DONE


def refused(log: str, ending: str, chosen: bool, out: Path | None, of_sections: bool, alone: bool) -> str:
    """Return what is wrong with options that do not go together or are not known, "" where nothing is."""
    if log and log not in LOGS:
        return f'--log "{log}" is not one of {", ".join(LOGS)}'
    if ending not in FORMATS:
        return f'--format "{ending}" is not one of {", ".join(FORMATS)}'
    if alone:
        return "--quantity is for the animation: add --animate"
    if chosen and of_sections:
        return "--animate and --pyvista draw a run's section; leave out what chooses columns, and give one run"
    if out is not None and not chosen:
        return "--out is for a single picture: choose its columns with --y"
    if out is not None and out.suffix.removeprefix(".") not in FORMATS:
        return f'--out "{out}" does not end with one of {", ".join(f".{known}" for known in FORMATS)}'
    return ""


def tell(pictures: list[Path]) -> None:
    """Print where pictures are."""
    for picture in pictures:
        print(picture)
