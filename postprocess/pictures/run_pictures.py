"""plots/*.png: what a run did at its terminals, inside the stack, and to the conductance pulse by pulse."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity, scale, time_scale
from eisfv.result import ResultError, Run
from eisfv.result.errors import clear_errors
from eisfv.result.file_names import PLOT_FILES, PLOTS

from .profiles import draw_profiles
from .section import animate_section, draw_quantity, draw_sections, names_of_sections
from .style import DARK, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHADED_PULSES = 200  # more than these merge into one grey area
TERMINAL_PANELS = (
    ("conductance_S", "S", "channel\nconductance"),
    ("voltage_V", "V", "gate voltage"),
    ("current_A", "A", "current"),
)


def plot_run(run: Run) -> list[Path]:
    """Draw every picture the run has data for and return their paths. Raises ResultError."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    folder = run.path / PLOTS
    with clear_errors(folder):
        folder.mkdir(exist_ok=True)
    written = []
    with mpl.rc_context(STYLE):
        for name in PLOT_FILES:
            figure = Figure(layout="constrained")
            if drawn(run, name, figure):
                with clear_errors(folder / name):
                    # No date, no version: equal runs give equal pictures.
                    figure.savefig(folder / name, metadata={"Software": None})
                written.append(folder / name)
        return [*written, *draw_sections(run)]


def drawn(run: Run, name: str, figure: "Figure") -> bool:
    """Draw one of `PLOT_FILES`, under its title; False when there is nothing to draw."""
    drawings: tuple[Callable[[Run, Figure], bool], ...] = (draw_terminals, draw_profiles, draw_pulses)
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


def draw_terminals(run: Run, figure: "Figure") -> bool:
    """Conductance, gate voltage and current against time; False when there is nothing to draw."""
    table = run.terminals
    panels = [panel for panel in TERMINAL_PANELS if panel[0] in table and np.isfinite(table[panel[0]]).any()]
    if not panels or table["time_s"].size < 2:
        return False
    figure.set_size_inches(7.0, 0.8 + 1.7 * len(panels))
    time_factor, time_unit = time_scale(float(table["time_s"][-1]))
    time = table["time_s"] * time_factor
    all_axes = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
    for axes, (column, unit, label) in zip(all_axes, panels, strict=True):
        factor, name = scale(table[column], unit)
        axes.plot(time, table[column] * factor, color=DARK, linewidth=1.1)
        axes.set_ylabel(f"{label} ({name})")
        _shade_pulses(run, axes, time_factor)
    all_axes[-1].set_xlabel(f"time ({time_unit})")
    all_axes[-1].set_xlim(time[0], time[-1])
    figure.align_ylabels(list(all_axes))
    return True


def _shade_pulses(run: Run, axes: "Axes", time_factor: float) -> None:
    pulses = run.pulses
    if "t_start_s" in pulses and pulses["t_start_s"].size <= SHADED_PULSES:
        for start, end in zip(pulses["t_start_s"], pulses["t_end_s"], strict=True):
            axes.axvspan(start * time_factor, end * time_factor, color="0.87", linewidth=0, zorder=0)


def draw_pulses(run: Run, figure: "Figure") -> bool:
    """Change of the conductance by each pulse, and the conductance after it; False without pulses."""
    table = run.pulses
    if not table or not np.isfinite(table["dG_S"]).any():
        return False
    figure.set_size_inches(7.0, 5.2)
    upper, lower = figure.subplots(2, sharex=True)
    raising = table["amplitude"] > 0.0
    size = 6.0 if raising.size <= 200 else 2.0
    change, change_unit = scale(table["dG_S"], "S")
    level, level_unit = scale(table["G_after_S"], "S")
    lower.plot(table["index"], table["G_after_S"] * level, color="0.75", linewidth=1.0)
    for chosen, marker, face, word in ((raising, "^", DARK, "potentiating"), (~raising, "v", "white", "depressing")):
        if not chosen.any():
            continue
        marks: dict[str, Any] = {
            "marker": marker,
            "markersize": size,
            "markerfacecolor": face,
            "markeredgecolor": DARK,
            "linestyle": "none",
        }
        label = f"{word} pulses ({_amplitudes(run, chosen)})"
        upper.plot(table["index"][chosen], table["dG_S"][chosen] * change, label=label, **marks)
        lower.plot(table["index"][chosen], table["G_after_S"][chosen] * level, **marks)
    upper.axhline(0.0, color="0.4", linewidth=0.8)
    upper.set_ylabel(f"change of conductance\nper pulse, ΔG ({change_unit})")
    lower.set_ylabel(f"conductance\nafter the pulse ({level_unit})")
    lower.set_xlabel("pulse")
    lower.xaxis.get_major_locator().set_params(integer=True)
    upper.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    figure.align_ylabels([upper, lower])
    return True


def _amplitudes(run: Run, chosen: np.ndarray) -> str:
    amplitude, units = run.pulses["amplitude"][chosen], run.pulses["amplitude_unit"][chosen]
    if len(set(units)) > 1:
        return "voltage and current"
    ends = sorted({float(amplitude.min()), float(amplitude.max())}, key=abs)
    return " to ".join(("+" if end > 0.0 else "") + quantity(end, str(units[0]), 3) for end in ends)
