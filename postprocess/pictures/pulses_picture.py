"""pulses: change of the conductance by each pulse, the conductance after it, the energy it took."""

from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity, scale
from eisfv.result import Run

from .section_quantities import over_decades
from .style import DARK, WARM

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LARGE_MARKS = 200  # pulses; more than these have small ones
MARKS = 2000  # pulses; more than these have points, and a thin line for the conductance, which marks would fill


def draw_pulses(run: Run, figure: "Figure") -> bool:
    """Draw the pulses of a run; False without pulses."""
    table = run.pulses
    if not table or not np.isfinite(table["dG_S"]).any():
        return False
    figure.set_size_inches(7.0, 6.4)
    change, level, energy = figure.subplots(3, sharex=True, height_ratios=(3.0, 3.0, 2.0))
    line = {"color": "0.75", "linewidth": 1.0} if table["index"].size <= MARKS else {"color": DARK, "linewidth": 0.3}
    level.plot(table["index"], table["G_after_S"] * scale(table["G_after_S"], "S")[0], **line)
    words = [
        draw_marks(change, run, table["dG_S"], "S", "change of conductance\nper pulse, ΔG"),
        draw_marks(level, run, table["G_after_S"], "S", "conductance\nafter the pulse", lined=True),
        draw_energy(energy, run),
    ]
    for axes, label in zip((change, level, energy), words, strict=True):
        axes.set_ylabel(label)
    change.axhline(0.0, color="0.4", linewidth=0.8)
    energy.set_xlabel("pulse")
    energy.xaxis.get_major_locator().set_params(integer=True)
    larger = 1.0 if table["index"].size <= MARKS else 8.0
    change.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2, markerscale=larger)
    figure.align_ylabels([change, level, energy])
    return True


def draw_energy(axes: "Axes", run: Run) -> str:
    """Draw the energy of each pulse, over decades its size alone; return the label."""
    values = run.pulses["energy_J"]
    size = np.abs(values[np.isfinite(values)])
    if size.size and over_decades(size.min(), size.max()):
        axes.set_yscale("log")
        plain = bool((values > 0.0).all())
        return draw_marks(axes, run, np.abs(values), "J", "energy\nof a pulse" if plain else "|energy|\nof a pulse")
    axes.axhline(0.0, color="0.4", linewidth=0.8)
    return draw_marks(axes, run, values, "J", "energy\nof a pulse")


def draw_marks(axes: "Axes", run: Run, values: np.ndarray, unit: str, label: str, lined: bool = False) -> str:
    """Draw a value of each pulse, pulses up and down with marks of their own; return the label with its unit.

    lined  has a line, which is enough for many pulses
    """
    number, raising = run.pulses["index"], run.pulses["amplitude"] > 0.0
    factor, name = scale(values, unit)
    for chosen, marker, face, word in ((raising, "^", DARK, "potentiating"), (~raising, "v", "white", "depressing")):
        if not chosen.any() or (lined and raising.size > MARKS):
            continue
        marks: dict[str, Any] = {
            "marker": marker,
            "markersize": 6.0 if raising.size <= LARGE_MARKS else 2.0,
            "markerfacecolor": face,
            "markeredgecolor": DARK,
            "linestyle": "none",
        }
        if raising.size > MARKS:
            colour = DARK if marker == "^" else WARM
            marks |= {"marker": ".", "markersize": 1.0, "markerfacecolor": colour, "markeredgecolor": colour}
        axes.plot(number[chosen], values[chosen] * factor, label=f"{word} pulses ({amplitudes(run, chosen)})", **marks)
    return f"{label} ({name})"


def amplitudes(run: Run, chosen: np.ndarray) -> str:
    """Return from where to where the amplitudes of some pulses go."""
    amplitude, units = run.pulses["amplitude"][chosen], run.pulses["amplitude_unit"][chosen]
    if len(set(units)) > 1:
        return "voltage and current"
    ends = sorted({float(amplitude.min()), float(amplitude.max())}, key=abs)
    return " to ".join(("+" if end > 0.0 else "") + quantity(end, str(units[0]), 3) for end in ends)
