"""Charging spikes that would flatten a signal: where an axis ends instead, and what the picture says of it.

A spike is what a step shows within its first part alone. It is cut where it reaches out of what all steps show
afterwards by more than that spans itself; a pulse is a step of its own and is never cut.
"""

from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.postprocess.step_rows import lasted
from eisfv.result.table_reading import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIRST_PART = 0.05  # of a step's duration: spikes are over after it
FLATTENED = 3.0  # times the span of the signal: what the whole must span for a spike to be cut
MARGIN = 0.2  # of that span, left free on either side


def limits(table: Table, column: str) -> tuple[float, float] | None:
    """Return the ends of the axis of a column of terminals where spikes are cut, in SI; None where none is."""
    if "step_time_s" not in table:
        return None
    step, within, values = table["step"].astype(int), table["step_time_s"], table[column]
    numbers, durations = lasted(table)
    own = durations[np.searchsorted(numbers, step)]
    signal = values[(within >= FIRST_PART * own) & (within > 0.0) & np.isfinite(values)]
    if not signal.size:
        return None
    low, high = float(signal.min()), float(signal.max())
    span = high - low
    if not span > 0.0 or np.nanmax(values) - np.nanmin(values) < FLATTENED * span:
        return None
    return low - MARGIN * span, high + MARGIN * span


def cut(
    axes: "Axes", place: np.ndarray, values: np.ndarray, ends: tuple[float, float], factor: float, unit: str
) -> None:
    """End the axis, mark the places of what is cut at its edges and say how far it goes.

    place  (rows) on the axis along; values (rows) and ends in SI, factor to the axis; unit of the values in SI
    """
    low, high = ends
    axes.set_ylim(low * factor, high * factor)
    words = []
    for beyond, edge, marker in ((values > high, high, "^"), (values < low, low, "v")):
        if not beyond.any():
            continue
        starts = np.flatnonzero(np.diff(beyond.astype(int), prepend=0) == 1)
        axes.plot(place[starts], np.full(starts.size, edge * factor), marker, color="0.1", markersize=4, clip_on=False)
        far = int(np.argmax(np.where(beyond, np.abs(values - edge), -1.0)))
        count = f"{starts.size} spikes" if starts.size > 1 else "a spike"
        words.append(f"{count} to {quantity(float(values[far]), unit, 3)}")
    axes.set_title("cut at the marks: " + ", ".join(words), loc="right", fontsize=7.5, pad=5.0)
