"""spike_pairs: change of the conductance against the interval between the spikes of two neurons."""

from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale, time_scale
from eisfv.result import Run

from .style import DARK
from .what_was_driven import spike_intervals, steps_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_spike_pairs(run: Run, figure: "Figure") -> bool:
    """Draw the change by every pair and the mean at each interval; False without a curve of them."""
    intervals = spike_intervals(run, steps_of(run))
    chosen = np.isfinite(intervals)
    if not chosen.any():
        return False
    intervals, change = intervals[chosen], run.pulses["dG_S"][: chosen.size][chosen]
    along, along_unit = time_scale(float(np.abs(intervals).max()))
    factor, unit = scale(change, "S")
    figure.set_size_inches(5.2, 3.6)
    axes = figure.subplots()
    at, number = np.unique(intervals, return_inverse=True)
    mean = np.bincount(number, change) / np.bincount(number)
    axes.axhline(0.0, color="0.6", linewidth=0.8)
    axes.axvline(0.0, color="0.6", linewidth=0.8)
    axes.plot(at * along, mean * factor, color="0.6", linewidth=0.9)
    axes.plot(intervals * along, change * factor, "o", color=DARK)
    axes.set_xlabel(f"interval, t_post \N{MINUS SIGN} t_pre ({along_unit})")
    axes.set_ylabel(f"change of conductance by a pair, ΔG ({unit})")
    return True
