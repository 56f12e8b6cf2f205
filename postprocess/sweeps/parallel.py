"""Every run of a sweep as a line across all its axes, coloured by a quantity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from eisfv.postprocess.sweeps.labels import short
from eisfv.postprocess.sweeps.view import Coordinate, Drawn, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = "viridis"
NAMED = 7  # levels of an axis that are all written; of more the ends and what lies between


def draw_parallel(axes: "Axes", axes_drawn: Sequence[Coordinate], shown: Drawn, failed: np.ndarray) -> None:
    """Draw one vertical scale an axis and one of the quantity at the right, and a line a run, the largest on top.

    Runs that failed end at the last axis, in grey and broken.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LogNorm, Normalize

    scales = [(axis.at, axis.log) for axis in axes_drawn]
    heights = np.stack([*(share(at, at, log) for at, log in scales)], axis=1)
    given = np.isfinite(shown.values)
    height = share(shown.values, shown.values, shown.log)
    order = np.flatnonzero(given)[np.argsort(height[given], kind="stable")]
    finite = shown.values[given]
    norm = (LogNorm if shown.log else Normalize)(finite.min(), finite.max())
    places = np.arange(len(scales) + 1.0)
    lines = [np.column_stack((places, (*heights[row], height[row]))) for row in order]
    thin = 0.4 if order.size > 300 else 0.8
    drawn = LineCollection(lines, cmap=COLOURS, norm=norm, linewidths=thin, alpha=0.8)
    drawn.set_array(shown.values[order])
    axes.add_collection(drawn)
    if failed.any():
        stubs = [np.column_stack((places[:-1], heights[row])) for row in np.flatnonzero(failed)]
        axes.add_collection(LineCollection(stubs, colors="0.6", linestyles="dashed", linewidths=thin, zorder=1))
        axes.set_title(f"dashed: failed ({int(failed.sum())})", loc="right", fontsize=8)
    for place, axis in zip(places, axes_drawn, strict=False):
        ruler(axes, place, axis)
    axes.set(xlim=(-0.15, places[-1] + 0.05), ylim=(-0.04, 1.04))
    axes.set_xticks(places, [*(axis.label for axis in axes_drawn), shown.label])
    axes.tick_params(axis="x", length=0, pad=8)
    axes.set_yticks([])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    for place in places:
        axes.axvline(place, 0.0, 1.0, color="0.3", linewidth=0.9, zorder=3)
    axes.figure.colorbar(ScalarMappable(norm, COLOURS), ax=axes, label=shown.label)


def share(values: Floats, among: Floats, log: bool) -> Floats:
    """Return how far values lie from the smallest to the largest of some, 0.5 where these are all the same."""
    finite = among[np.isfinite(among)]
    low, high = float(finite.min()), float(finite.max())
    if high == low:
        return np.where(np.isfinite(values), 0.5, np.nan)
    if log:
        return np.asarray(np.log(values / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


def ruler(axes: "Axes", place: float, axis: Coordinate) -> None:
    """Write values of an axis beside its line."""
    levels = axis.levels
    if levels.size > NAMED:
        between = [
            levels[0] * (levels[-1] / levels[0]) ** k if axis.log else levels[0] + np.ptp(levels) * k
            for k in (0.25, 0.5, 0.75)
        ]
        levels = np.array([levels[0], *between, levels[-1]])
    for level, height in zip(levels, share(levels, axis.at, axis.log), strict=True):
        text = axis.words[int(level)] if axis.words else short(level)
        axes.annotate(
            text,
            (place, float(height)),
            xytext=(-3, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=7,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.5},
            zorder=4,
        )
