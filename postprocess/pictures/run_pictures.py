"""plots/*: what a run did at its terminals, inside the stack, and to the conductance pulse by pulse."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.result import ResultError, Run
from eisfv.result.file_names import PLOT_FILES, PLOTS

from .bode import draw_bode
from .noise import draw_noise
from .nyquist import draw_nyquist
from .profiles import draw_profiles
from .pulses_picture import draw_pulses
from .section import animate_section, draw_quantity, draw_sections, names_of_sections
from .spike_pairs import draw_spike_pairs
from .style import STYLE, save, styled
from .terminals_picture import draw_terminals
from .voltammogram import draw_voltammogram

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_run(run: Run, ending: str = "png", style: Path | None = None) -> list[Path]:
    """Draw every picture the run has data for and return their paths. Raises ResultError, StyleError.

    ending  of the files, one of `FORMATS`
    style   a style file of matplotlib, on top of the shared style
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    written = []
    with mpl.rc_context(styled(style)):
        for name in PLOT_FILES:
            figure = Figure(layout="constrained")
            if drawn(run, name, figure):
                written.append(save(figure, (run.path / PLOTS / name).with_suffix(f".{ending}")))
        return [*written, *draw_sections(run, ending)]


def drawn(run: Run, name: str, figure: "Figure") -> bool:
    """Draw one of `PLOT_FILES`, under its title; False when there is nothing to draw."""
    drawings: tuple[Callable[[Run, Figure], bool], ...] = (
        draw_terminals,
        draw_profiles,
        draw_pulses,
        draw_voltammogram,
        draw_spike_pairs,
        draw_nyquist,
        draw_bode,
        draw_noise,
    )
    if not drawings[PLOT_FILES.index(name)](run, figure):
        return False
    if run.title:
        figure.suptitle(run.title, fontsize=10)
    return True


def picture(run: Run, what: str) -> "Figure":
    """Return a picture as a figure: "terminals", "profiles", "pulses"; a quantity of a section at its last field time.

    Raises ResultError where the run has no such picture.
    """
    import matplotlib as mpl

    from .figure import ShownFigure

    files = {Path(name).stem: name for name in PLOT_FILES}
    quantities = names_of_sections(run)
    known = ", ".join((*files, *quantities))
    with mpl.rc_context(STYLE):
        figure = ShownFigure(layout="constrained" if what in files else None)
        if what in files and drawn(run, files[what], figure):
            return figure
        if what in quantities:
            draw_quantity(run, what, figure)
            return figure
    fault = "has nothing to draw of this run" if what in files else f"is no picture of this run; there are {known}"
    raise ResultError(f'{run.path}: "{what}" {fault}')


def animate_run(run: Run, variable: str | None = None) -> Path:
    """Write the animation of a section's quantity, by default the filling of the hosts. Raises ResultError."""
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        return animate_section(run, variable)
