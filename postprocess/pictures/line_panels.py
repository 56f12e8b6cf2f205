"""Panels of lines and points against a common kind of axes: what `eisfv plot --y` and a case's own figures draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale, time_scale

from .plain_ticks import plain_ticks
from .style import STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = ("o", "s", "^", "v", "D", "x")


@dataclass(frozen=True)
class Axis:
    """label; unit of the values in SI, "" of plain numbers; ends in SI, None: as the values have it."""

    label: str
    unit: str
    log: bool = False
    ends: tuple[float, float] | None = None


@dataclass(frozen=True)
class Line:
    """Values in SI with what they are called; points: marks instead of a line."""

    x: np.ndarray
    y: np.ndarray
    label: str = ""
    points: bool = False


@dataclass(frozen=True)
class Panel:
    """Lines with their axes; levels: values of y with a word each, as thin lines across."""

    x: Axis
    y: Axis
    lines: Sequence[Line]
    levels: Sequence[tuple[float, str]] = field(default=())


def draw_panels(figure: "Figure", panels: Sequence[Panel], columns: int = 1) -> None:
    """Draw panels row by row; in a single column their common axis along once. A style may set the size."""
    import matplotlib as mpl

    columns = min(columns, len(panels))
    rows = -(-len(panels) // columns)
    if figure.get_size_inches().tolist() == list(mpl.rcParamsDefault["figure.figsize"]):
        one = (6.4, 3.9 if rows == 1 else 0.8 + 1.9 * rows)
        figure.set_size_inches(*((4.0 * columns, 3.2 * rows) if columns > 1 else one))
    common = columns == 1 and len({panel.x for panel in panels}) == 1
    grid = figure.subplots(rows, columns, squeeze=False, sharex="col" if common else False)
    for number, axes in enumerate(grid.ravel()):
        if number >= len(panels):
            axes.set_axis_off()
            continue
        draw_panel(axes, panels[number], along=not common or number == rows - 1)
        if axes.get_legend_handles_labels()[1] and not (common and number):
            axes.legend()
    for column in grid.T:
        figure.align_ylabels(list(column))


def draw_panel(axes: "Axes", panel: Panel, along: bool) -> None:
    """Draw one panel; along: its axis along is named."""
    import matplotlib as mpl

    colours = mpl.rcParams["axes.prop_cycle"].by_key().get("color", ["0.1"])
    fx, unit_x = factor_of(panel.x, [line.x for line in panel.lines])
    levels = np.array([level for level, _ in panel.levels])
    fy, unit_y = factor_of(panel.y, [line.y for line in panel.lines])
    for log, set_scale in ((panel.x.log, axes.set_xscale), (panel.y.log, axes.set_yscale)):
        if log:
            set_scale("log")
    marked = all(line.points or line.x.size <= FEW for line in panel.lines)
    lines = points = 0
    for line in panel.lines:
        if line.points:
            style: dict[str, Any] = {"color": colours[points % len(colours)], "markerfacecolor": "white"}
            mark = MARKS[points % len(MARKS)]
            axes.plot(line.x * fx, line.y * fy, mark, label=line.label, zorder=3, **style)
            points += 1
            continue
        style = {"color": colours[lines % len(colours)], "linestyle": STYLES[lines % len(STYLES)]}
        if marked:
            style |= {"marker": MARKS[lines % len(MARKS)], "markersize": 4}
        axes.plot(line.x * fx, line.y * fy, label=line.label, **style)
        lines += 1
    for level, (_, words) in zip(levels * fy, panel.levels, strict=True):
        axes.axhline(level, color="0.55", linewidth=0.8, linestyle=(0, (4, 2)))
        axes.annotate(
            words, (0.99, level), (0, -2), xycoords=("axes fraction", "data"), textcoords="offset points", **TOLD
        )
    for ends, factor, set_ends in ((panel.x.ends, fx, axes.set_xlim), (panel.y.ends, fy, axes.set_ylim)):
        if ends is not None:
            set_ends(ends[0] * factor, ends[1] * factor)
    for own, factor, axis, values in (
        (panel.x, fx, axes.xaxis, [line.x for line in panel.lines]),
        (panel.y, fy, axes.yaxis, [line.y for line in panel.lines]),
    ):
        if own.log:
            plain_ticks(axis, factor * np.concatenate([np.ravel(v) for v in (own.ends or (), *values)]))
    if along:
        axes.set_xlabel(with_unit(panel.x.label, unit_x))
    axes.set_ylabel(with_unit(panel.y.label, unit_y))


OVER_DECADES = ("s", "Hz")  # read off a logarithmic axis without a prefix, as every paper has them
FEW = 60  # points of a line that are marked, all lines of a panel or none
TOLD: Any = {"ha": "right", "va": "top", "fontsize": 7.5, "color": "0.3"}


def factor_of(axis: Axis, values: Sequence[np.ndarray]) -> tuple[float, str]:
    """Return the factor from SI to an axis, and its unit."""
    known = np.concatenate([np.ravel(v) for v in values] or [np.empty(0)])
    if axis.ends is not None:
        known = np.array(axis.ends)
    if axis.log and axis.unit not in OVER_DECADES:
        known = known[known > 0.0]
        return scale([float(np.sqrt(known.min() * known.max()))] if known.size else [], axis.unit)
    if axis.unit == "s" and not axis.log:
        return time_scale(float(np.nanmax(np.abs(known), initial=0.0)))
    return (1.0, axis.unit) if axis.unit in OVER_DECADES and axis.log else scale(known, axis.unit)


def with_unit(label: str, unit: str) -> str:
    """Return a label with its unit."""
    return f"{label} ({unit})" if unit else label
