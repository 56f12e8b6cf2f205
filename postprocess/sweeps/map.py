"""A quantity of a sweep over two of its axes, a cell for each run."""

from typing import TYPE_CHECKING

import numpy as np
from eisfv.postprocess.sweeps.labels import short
from eisfv.postprocess.sweeps.view import Coordinate, Drawn, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize

ONE_SIGN, TWO_SIGNS = "viridis", "RdBu_r"
SLIVER = 0.05  # of the larger side: less of the other sign does not make a map of two signs
CONTOURED = 4  # values an axis must have before lines of equal value say more than the cells


def draw_map(axes: "Axes", x: Coordinate, y: Coordinate, shown: Drawn, rows: np.ndarray, failed: np.ndarray) -> None:
    """Draw a cell for each run, as wide as halfway to its neighbours on the axis's own scale.

    rows  which rows to draw. Runs that failed are hatched, runs that gave no value dotted, and where the sweep has no
    run the cell is empty.
    """
    from matplotlib.colors import CenteredNorm, LogNorm, Normalize

    column, row = np.searchsorted(x.levels, x.at[rows]), np.searchsorted(y.levels, y.at[rows])
    values = np.full((y.levels.size, x.levels.size), np.nan)
    values[row, column] = shown.values[rows]
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    two_signs = low < 0.0 < high and min(-low, high) > SLIVER * max(-low, high)
    norm: Normalize = LogNorm(low, high) if shown.log else CenteredNorm() if two_signs else Normalize(low, high)
    colours = TWO_SIGNS if two_signs else ONE_SIGN
    x_edges, y_edges = edges(x.levels, x.log), edges(y.levels, y.log)
    mesh = axes.pcolormesh(x_edges, y_edges, np.ma.masked_invalid(values), norm=norm, cmap=colours, rasterized=True)
    axes.figure.colorbar(mesh, ax=axes, label=shown.label)
    for axis, edge, set_scale in ((x, x_edges, axes.set_xscale), (y, y_edges, axes.set_yscale)):
        if axis.log:
            set_scale("log")
        (axes.set_xlim if axis is x else axes.set_ylim)(edge[0], edge[-1])
    if x.words:
        axes.set_xticks(range(len(x.words)), x.words)
    if y.words:
        axes.set_yticks(range(len(y.words)), y.words)
    axes.set_xlabel(x.label)
    axes.set_ylabel(y.label)
    axes.grid(False)
    contour(axes, x, y, values, norm)
    broken = failed[rows]
    nothing = ~np.isfinite(shown.values[rows]) & ~broken
    notes = []
    for chosen, hatch, word in ((broken, "////", "hatched: failed"), (nothing, "..", "dotted: no value")):
        if chosen.any():
            hatch_cells(axes, x_edges, y_edges, column[chosen], row[chosen], hatch)
            notes.append(f"{word} ({int(chosen.sum())})")
    if notes:
        axes.set_title(", ".join(notes), loc="right", fontsize=8)


def edges(levels: Floats, log: bool) -> Floats:
    """Return the edges of cells around ascending levels: halfway between them, on a log scale in their logarithms."""
    at = np.log(levels) if log else levels
    half = np.diff(at) / 2.0 if at.size > 1 else np.array([0.5])
    found = np.concatenate(([at[0] - half[0]], at[:-1] + half[: at.size - 1], [at[-1] + half[-1]]))
    return np.exp(found) if log else found


def contour(axes: "Axes", x: Coordinate, y: Coordinate, values: Floats, norm: "Normalize") -> None:
    """Add lines of equal value between the centres of the cells."""
    from matplotlib.patheffects import withStroke
    from matplotlib.ticker import LogLocator, MaxNLocator

    finite = values[np.isfinite(values)]
    if min(values.shape) < CONTOURED or x.words or y.words or not finite.size or np.ptp(finite) == 0.0:
        return
    locator = LogLocator(subs=(1.0, 3.0)) if type(norm).__name__ == "LogNorm" else MaxNLocator(6)
    levels = [level for level in locator.tick_values(finite.min(), finite.max()) if finite.min() < level < finite.max()]
    if not levels:
        return
    lines = axes.contour(x.levels, y.levels, np.ma.masked_invalid(values), levels, colors="white", linewidths=0.8)
    texts = axes.clabel(lines, fmt=short, fontsize=7)
    # Dark rims, so that the lines are seen on light cells as well.
    lines.set_path_effects([withStroke(linewidth=1.6, foreground="0.25")])
    for text in texts:
        text.set_path_effects([withStroke(linewidth=1.6, foreground="0.25")])


def hatch_cells(
    axes: "Axes", x_edges: Floats, y_edges: Floats, columns: np.ndarray, rows: np.ndarray, hatch: str
) -> None:
    """Fill cells with a hatch."""
    from matplotlib.patches import Rectangle

    for column, row in zip(columns, rows, strict=True):
        corner = (float(x_edges[column]), float(y_edges[row]))
        width, height = np.diff(x_edges)[column], np.diff(y_edges)[row]
        cell = Rectangle(corner, float(width), float(height), hatch=hatch, facecolor="0.93", edgecolor="0.45", lw=0.0)
        axes.add_patch(cell)
