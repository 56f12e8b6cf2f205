"""The picture of the closure: the run as a broad light line and full marks, the compact model on top of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.extract.measured import Picture
from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, LIGHT
from eisfv.postprocess.quantities.prefixes import scale, time_scale

from .closure import Closure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def overlay(closures: Sequence[Closure]) -> Picture:
    """Return the picture of all windows of a run: conductance against time above, change by pulse below."""
    by = sorted({one.by for one in closures})
    image = png(lambda canvas: draw(canvas, closures), max(7.0, 2.2 * len(closures)), 5.2)
    return Picture(f"The run (broad) and the compact model (thin) by {' and '.join(by)}.", image)


def draw(canvas: "Figure", closures: Sequence[Closure]) -> None:
    """Draw every window in a column of its own."""
    panels = canvas.subplots(2, len(closures), squeeze=False)
    for column, one in enumerate(closures):
        draw_conductance(panels[0, column], one)
        draw_changes(panels[1, column], one)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    canvas.legend(handles, labels, loc="outside upper center", ncols=2)


def draw_conductance(axes: "Axes", one: Closure) -> None:
    """Draw G(t) of the run and of the model, in a window inside a run from its first pulse."""
    factor, unit = scale(one.measured, "S")
    begin = 0.0 if one.pulses[0] == 1 else float(one.time.min())
    times, time_unit = time_scale(float(one.time.max()) - begin)
    order = np.argsort(one.time, kind="stable")
    time = (one.time[order] - begin) * times
    axes.plot(time, one.measured[order] * factor, color=LIGHT, linewidth=3.5, label="run")
    axes.plot(time, one.found[order] * factor, color=DARK, linewidth=1.0, label="compact model")
    axes.set_xlabel(f"time ({time_unit})" if begin == 0.0 else f"from pulse {one.pulses[0]} ({time_unit})")
    axes.set_ylabel(f"conductance ({unit})")
    axes.ticklabel_format(axis="y", useOffset=False)


def draw_changes(axes: "Axes", one: Closure) -> None:
    """Draw the change by every pulse of the run and of the model."""
    from matplotlib.ticker import MaxNLocator

    factor, unit = scale(one.steps, "S")
    axes.plot(one.pulses, one.steps * factor, "s", color=LIGHT, markersize=7.0)
    axes.plot(one.pulses, one.changes * factor, "x", color=DARK, markersize=5.0)
    axes.axhline(0.0, color="0.4", linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.ticklabel_format(axis="x", useOffset=False, style="plain")
    axes.set_xlabel("pulse")
    axes.set_ylabel(f"change per pulse ({unit})")
