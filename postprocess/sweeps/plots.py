"""plots/*.png of a gathered sweep: lines, maps, parallel coordinates, Sobol indices, scatter.

Without a wish: lines over the only axis, or one line for each of few values of a second; a map over two axes;
parallel coordinates of more axes and of samples; Sobol indices of a saltelli sample; where values scatter from device
to device the distribution of every quantity, its percentiles as a table, and bands of the traces. One picture a
quantity, of the indices one for all.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.pictures.style import STYLE, file_word
from eisfv.result.errors import clear_errors
from eisfv.result.sweep_file_names import PLOTS
from eisfv.result.sweep_table import Sweep, SweepAxis, SweepQuantity, read_sweep

from .coordinates import (
    SweepPlotError,
    axis_named,
    coordinate,
    held,
    plotted_quantity,
    quantity_named,
    varied,
)
from .lines import draw_lines, draw_points
from .map import draw_map
from .parallel import draw_parallel
from .scatter import draw_band, draw_distribution, scatters, shared_times, spreads, write_spreads
from .sobol_plot import draw_sobol, indices_of, sobol_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("line", "map", "parallel", "sobol", "scatter")
LINE, MAP = (6.4, 4.0), (6.0, 4.4)  # inches
NARROWEST, PARALLEL = 6.0, 1.6  # inches: of parallel coordinates, and each of their scales
FEW = 4  # values of a second axis that are told apart at a glance: lines rather than a map


def plot_sweep(out: Path, x: str | None = None, y: str | None = None, kind: str | None = None) -> list[Path]:
    """Draw a gathered sweep and return the paths of what was written.

    x     axis along the picture, by name or column; default: the first that varies, of two the longer
    y     quantity, by name or column; default: every one that a run gives
    kind  one of KINDS; default: what suits the sweep, with x given lines
    Raises SweepPlotError, ResultError.
    """
    if kind is not None and kind not in KINDS:
        raise SweepPlotError(f'"{kind}" is no kind of picture; there are {", ".join(KINDS)}')
    sweep = read_sweep(out)
    quantities = [quantity_named(sweep, y)] if y is not None else list(sweep.head.quantities)
    if not quantities:
        raise SweepPlotError(f"{out}: gathers no quantity; add [[quantity]] to the sweep file")
    along = axis_named(sweep, x) if x is not None else None
    if kind is None:
        kind = "line" if along is not None else suited(sweep)
    if kind == "sobol":
        return draw_indices(sweep, quantities)
    if y is None:
        quantities = given(sweep, quantities)
    if kind == "scatter":
        return draw_scatter(sweep, quantities)
    return [draw_one(sweep, quantity, along, kind) for quantity in quantities]


def suited(sweep: Sweep) -> str:
    """Return the kind of picture that suits a sweep."""
    if scatters(sweep) and sweep.head.method != "saltelli":
        return "scatter"
    if sweep.head.method != "grid":
        return "sobol" if sweep.head.method == "saltelli" else "parallel"
    lengths = [coordinate(sweep, axis).levels.size for axis in varied(sweep)]
    if len(lengths) > 2:
        return "parallel"
    return "map" if len(lengths) == 2 and min(lengths) > FEW else "line"


def given(sweep: Sweep, quantities: Sequence[SweepQuantity]) -> list[SweepQuantity]:
    """Return the quantities that a finished run gives; all of them where none does, so that this is told."""
    found = [
        quantity
        for quantity in quantities
        if np.isfinite(np.asarray(sweep.table[quantity.column], float)[sweep.finished]).any()
    ]
    return found or list(quantities)


def draw_one(sweep: Sweep, quantity: SweepQuantity, along: SweepAxis | None, kind: str) -> Path:
    """Draw one quantity and return where. Raises SweepPlotError, ResultError."""
    shown = plotted_quantity(sweep, quantity)
    failed = np.asarray(sweep.table["status"] == "failed")
    axes = varied(sweep) or list(sweep.head.axes[:1])
    file = f"{kind}_{file_word(quantity.name)}.png"
    if kind == "parallel":
        scales = [coordinate(sweep, axis) for axis in axes]
        width = max(NARROWEST, PARALLEL * (len(axes) + 1))
        return save(
            sweep, file, (width, 4.2), lambda figure: draw_parallel(figure.add_subplot(), scales, shown, failed)
        )
    if sweep.head.method != "grid":
        if kind == "map":
            raise SweepPlotError(
                f"{sweep.path}: a map takes a grid, and this is a {sweep.head.method}; take parallel or line"
            )
        point = coordinate(sweep, along or axes[0])
        return save(sweep, file, LINE, lambda figure: draw_points(figure.add_subplot(), point, shown, failed))
    first, second = pair(sweep, axes, along, kind)
    rows, where = held(sweep, [axis for axis in (first, second) if axis is not None])
    over, other = coordinate(sweep, first), coordinate(sweep, second) if second is not None else None
    if kind == "line":
        return save(
            sweep, file, LINE, lambda figure: draw_lines(figure.add_subplot(), over, other, shown, rows, failed), where
        )
    if other is None:
        raise SweepPlotError(f"{sweep.path}: a map takes two axes, and one varies here; take line")
    up = other
    return save(sweep, file, MAP, lambda figure: draw_map(figure.add_subplot(), over, up, shown, rows, failed), where)


def pair(
    sweep: Sweep, axes: Sequence[SweepAxis], along: SweepAxis | None, kind: str
) -> tuple[SweepAxis, SweepAxis | None]:
    """Return the axis along a picture and the second one, None where there is no other."""
    first = along
    if first is None:
        two = axes[:2]
        longer = kind == "line" and len(two) == 2
        first = max(two, key=lambda axis: coordinate(sweep, axis).levels.size) if longer else two[0]
    others = [axis for axis in axes if axis is not first and not (axis.zipped and axis.zipped == first.zipped)]
    return first, others[0] if others else None


def draw_indices(sweep: Sweep, quantities: Sequence[SweepQuantity]) -> list[Path]:
    """Draw the Sobol indices, write them as a table, and return where. Raises SweepPlotError, ResultError."""
    indices = indices_of(sweep, quantities)
    names = [axis.name for axis in sweep.head.axes]
    table = sweep.path / PLOTS / "sobol.csv"
    size = (LINE[0], 0.9 + 1.9 * len(indices))
    picture = save(sweep, "sobol.png", size, lambda figure: draw_sobol(figure, names, indices))
    with clear_errors(table):
        table.write_text(sobol_table(names, indices), encoding="utf-8")
    return [picture, table]


def draw_scatter(sweep: Sweep, quantities: Sequence[SweepQuantity]) -> list[Path]:
    """Draw distributions and bands, write the percentiles, and return where. Raises SweepPlotError, ResultError."""
    made = []
    for entry in quantities:
        shown = plotted_quantity(sweep, entry)
        devices = int(np.isfinite(shown.values).sum())
        where = f"{devices} devices"
        file = f"scatter_{file_word(entry.name)}.png"
        made.append(save(sweep, file, LINE, partial(draw_distribution, shown=shown), where))
    table = sweep.path / PLOTS / "percentiles.csv"
    with clear_errors(table), table.open("w", encoding="utf-8", newline="") as into:
        write_spreads(into, spreads(sweep))
    return [*made, table, *draw_bands(sweep)]


def draw_bands(sweep: Sweep) -> list[Path]:
    """Draw a band for every trace that is kept, where all devices were written at the same times."""
    traces = sweep.traces
    if traces is None:
        return []
    time = shared_times(np.asarray(traces["time"]))
    if time is None:
        return []
    made = []
    for name in (str(name) for name in traces.data_vars if traces[name].dims == ("run", "sample") and name != "time"):
        values, unit = np.asarray(traces[name])[sweep.finished], str(traces[name].attrs.get("units", ""))
        draw = partial(draw_band, time=time, values=values, name=name, unit=unit)
        made.append(save(sweep, f"band_{file_word(name)}.png", LINE, draw, f"{len(values)} devices"))
    return made


def save(sweep: Sweep, file: str, size: tuple[float, float], draw: Callable[["Figure"], None], where: str = "") -> Path:
    """Draw a picture of a size (inches) under the sweep's title and return where it is. Raises ResultError."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    path = sweep.path / PLOTS / file
    with clear_errors(path.parent):
        path.parent.mkdir(exist_ok=True)
    with mpl.rc_context(STYLE):
        figure = Figure(size, layout="constrained")
        draw(figure)
        figure.suptitle("\n".join(filter(None, (sweep.head.title, where))), fontsize=10)
        with clear_errors(path):
            # No date, no version: equal sweeps give equal pictures.
            figure.savefig(path, metadata={"Software": None})
    return path
