"""A quantity of a sweep against one axis, a line for each value of a second one."""

from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.pictures.plain_ticks import plain_ticks
from eisfv.postprocess.pictures.style import DARK

from .coordinates import Coordinate, PlottedQuantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMED_LINES = 8  # more are told by a colour bar
COLOURS = "viridis"
LIGHTEST = 0.9  # of the colour map: what lies above is lost on white


def draw_lines(
    axes: "Axes", x: Coordinate, series: Coordinate | None, y: PlottedQuantity, rows: np.ndarray, failed: np.ndarray
) -> None:
    """Draw values over x, joined in the order of x; runs that failed as crosses on the x axis.

    rows  which rows to draw; failed: rows whose run failed
    """
    lines = list(series.levels) if series is not None else [None]
    colours = line_colours(len(lines))
    for level, colour in zip(lines, colours, strict=True):
        mine = rows if series is None or level is None else rows & (series.at == level)
        order = np.flatnonzero(mine)[np.argsort(x.at[mine], kind="stable")]
        label = series.text(level) if series is not None and level is not None else None
        axes.plot(x.at[order], y.values[order], "o-", color=colour, markersize=3.5, linewidth=1.1, label=label)
    finish(axes, x, y, x.at[rows & failed])
    if series is None:
        return
    if len(lines) <= NAMED_LINES:
        axes.legend(title=series.name.replace("_", " "), loc="center left", bbox_to_anchor=(1.0, 0.5))
    else:
        colour_bar(axes, series)


def draw_points(axes: "Axes", x: Coordinate, y: PlottedQuantity, failed: np.ndarray) -> None:
    """Draw the runs of a sample as points over x."""
    axes.plot(x.at, y.values, "o", color=DARK, markersize=3.5, alpha=0.6, markeredgewidth=0.0)
    finish(axes, x, y, x.at[failed])


def finish(axes: "Axes", x: Coordinate, y: PlottedQuantity, failed: np.ndarray) -> None:
    """Set scales and labels, and mark the runs that failed."""
    if x.log:
        axes.set_xscale("log")
    if y.log:
        axes.set_yscale("log")
        plain_ticks(axes.yaxis, y.values)
    if x.words:
        axes.set_xticks(range(len(x.words)), x.words)
    axes.set_xlabel(x.label)
    axes.set_ylabel(y.label)
    if failed.size:
        axes.plot(failed, np.zeros_like(failed), "kx", transform=axes.get_xaxis_transform(), clip_on=False)
        axes.set_title(f"× {failed.size} of the runs failed", loc="right", fontsize=8)


def line_colours(count: int) -> list[tuple[float, float, float, float]]:
    """Return colours in the order of the lines, each darker or lighter than the last."""
    import matplotlib as mpl

    if count == 1:
        return [mpl.colors.to_rgba(DARK)]
    return [mpl.colormaps[COLOURS](LIGHTEST * k / (count - 1)) for k in range(count)]


def colour_bar(axes: "Axes", series: Coordinate) -> None:
    """Tell the lines of many values apart by a bar; its steps are the values, not their distances."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm, ListedColormap

    count = series.levels.size
    norm = BoundaryNorm(np.arange(count + 1) - 0.5, count)
    bar = axes.figure.colorbar(ScalarMappable(norm, ListedColormap(line_colours(count))), ax=axes, label=series.label)
    shown = np.unique(np.linspace(0, count - 1, min(count, NAMED_LINES)).round().astype(int))
    bar.set_ticks(
        shown.tolist(), labels=[series.text(float(series.levels[k])).removesuffix(series.unit) for k in shown]
    )
    bar.minorticks_off()
