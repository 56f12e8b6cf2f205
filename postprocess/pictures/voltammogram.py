"""voltammogram: current against voltage, where a run is swept for most of its time."""

from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale
from eisfv.result import Run

from .cut_spikes import cut, limits
from .style import STYLES
from .what_was_driven import steps_of, swept_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_voltammogram(run: Run, figure: "Figure") -> bool:
    """Draw the current against the voltage, a line for each step, its start marked; False when nothing was swept."""
    from matplotlib import colormaps

    rows = swept_rows(run, steps_of(run))
    if not rows.size:
        return False
    table = {name: values[rows] for name, values in run.terminals.items()}
    ends = limits(table, "current_A")
    along, along_unit = scale(table["voltage_V"], "V")
    factor, unit = scale(table["current_A"] if ends is None else ends, "A")
    figure.set_size_inches(5.2, 3.8)
    axes = figure.subplots()
    numbers = np.unique(table["step"].astype(int))
    colours = colormaps["viridis"](np.linspace(0.0, 0.85, numbers.size))
    for k, number in enumerate(numbers):
        own = table["step"] == number
        place, values = table["voltage_V"][own] * along, table["current_A"][own] * factor
        label = f"step {number}" if numbers.size <= len(STYLES) else None
        axes.plot(place, values, color=colours[k], linestyle=STYLES[k % len(STYLES)], label=label)
    axes.plot(table["voltage_V"][0] * along, table["current_A"][0] * factor, "o", color="0.1", markersize=4)
    axes.axhline(0.0, color="0.6", linewidth=0.8, zorder=0)
    axes.set_xlabel(f"gate voltage ({along_unit}), from the dot on")
    axes.set_ylabel(f"current ({unit})")
    if ends is not None:
        cut(axes, table["voltage_V"] * along, table["current_A"], ends, factor, "A")
    if 1 < numbers.size <= len(STYLES):
        axes.legend()
    return True
