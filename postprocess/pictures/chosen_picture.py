"""A picture of columns that somebody asks for: of one run or several, in a window of time, over measured data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfv.csv_columns import ColumnsError, Table, read_table
from eisfv.errors import EisfvError
from eisfv.postprocess.quantities.expressions import Expression
from eisfv.result import ResultError, Run
from eisfv.result.file_names import CHOSEN_PLOT, PLOTS
from eisfv.units import DIMENSION_OF, DIMENSIONS

from .columns import PULSE, TIME, expression_of, named, table_of, values_of
from .line_panels import Axis, Line, Panel, draw_panels
from .style import save, styled
from .time_window import Window, window_of

USUAL = ("conductance_S", "voltage_V", "current_A")
MEASURED = {"time": "time", "G": "conductance"}  # columns of an example


class DataError(EisfvError):
    """Measured data that cannot be drawn; the message is one line for the user."""


@dataclass(frozen=True)
class Choice:
    """What to draw: x against each of y, names of columns or arithmetic over them; log "x", "y", "both" or "";
    start and end of the window; over: a csv file of measured data."""

    x: str | None = None
    y: Sequence[str] = ()
    log: str = ""
    start: str | None = None
    end: str | None = None
    over: Path | None = None


def plot_chosen(
    runs: Sequence[Run], choice: Choice, ending: str = "png", style: Path | None = None, out: Path | None = None
) -> Path:
    """Draw what is asked for and return the path: `out`, else plots/chosen of the first run.

    Raises ResultError, DataError, StyleError.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    panels = panels_of(runs, choice)
    with mpl.rc_context(styled(style)):
        figure = Figure(layout="constrained")
        draw_panels(figure, panels)
        if len(runs) == 1 and runs[0].title:
            figure.suptitle(runs[0].title, fontsize=10)
        return save(figure, out or (runs[0].path / PLOTS / CHOSEN_PLOT).with_suffix(f".{ending}"))


def panels_of(runs: Sequence[Run], choice: Choice) -> list[Panel]:
    """Return the panels of a choice. Raises ResultError, DataError."""
    asked = [expression_of(text) for text in choice.y or usual(runs, choice.x)]
    x = expression_of(choice.x or default_x(runs[0], asked))
    windows = [window_of(run, choice.start, choice.end) for run in runs]
    data = None if choice.over is None else data_of(choice.over)
    labels = names_of(runs) if len(runs) > 1 or data is not None else [""]
    label, unit = named(x)
    if x.text == TIME and windows[0].since:
        label = f"time since {windows[0].since}"
    along = Axis(label, unit, choice.log in ("x", "both"))
    panels, drawn = [], 0
    for y in asked:
        lines = [line_of(*one, x, y) for one in zip(runs, windows, labels, strict=True)]
        up = Axis(*named(y), choice.log in ("y", "both"))
        over = [] if data is None else measured(data, along, up)
        panels.append(Panel(along, up, lines + over))
        drawn += len(over)
    if data is not None and not drawn:
        wanted = " or ".join(dict.fromkeys(panel.y.unit or "plain numbers" for panel in panels))
        raise DataError(
            f"{data.path}: has no column beside the first that measures {wanted}; name its unit in the header"
        )
    return panels


def usual(runs: Sequence[Run], x: str | None) -> list[str]:
    """Return the columns that are drawn where nobody asks for others."""
    found = [
        name for name in USUAL if name != x and all(np.isfinite(run.terminals.get(name, np.nan)).any() for run in runs)
    ]
    if not found:
        raise ResultError(f"{runs[0].path}: has no rows yet; choose a column with --y")
    return found


def default_x(run: Run, asked: Sequence[Expression]) -> str:
    """Return what columns are drawn against: the time, or of pulses their number. Raises ResultError."""
    table, _ = table_of(run, asked)
    return PULSE if table == "pulses" else TIME


def line_of(run: Run, window: Window, label: str, x: Expression, y: Expression) -> Line:
    """Return a column of a run against another within a window. Raises ResultError."""
    table, columns = table_of(run, [x, y])
    rows = window.rows(table, columns)
    if not rows.size:
        raise ResultError(f"{run.path}: has no rows of {table} in that time")
    along = values_of(run, x, columns)[rows]
    if x.text == TIME:
        along = along - window.origin
    # A line through pulses in another order than they came in would run to and fro.
    apart = table == "pulses" and bool((np.diff(along) <= 0.0).any())
    return Line(along, values_of(run, y, columns)[rows], label, points=apart)


def data_of(path: Path) -> Table:
    """Return measured data. Raises DataError."""
    try:
        return read_table(path, MEASURED)
    except ColumnsError as error:
        raise DataError(f"{path}: {error}") from None


def measured(data: Table, x: Axis, y: Axis) -> list[Line]:
    """Return the columns of a data file that measure what a panel shows, against its first column. Raises DataError."""
    along, up = (DIMENSION_OF.get(axis.unit, "") for axis in (x, y))
    first, *others = data.names
    if not data.measures(0, along):
        wanted = f"measures {along}, as {DIMENSIONS[along].si}" if along else "is a plain number, (1)"
        head = f"{first} ({data.units[0]})" if data.units[0] else first
        raise DataError(f'{data.path}: its first column "{head}" must be what x is, which {wanted}')
    chosen = [name for place, name in enumerate(others, 1) if name and data.measures(place, up)]
    try:
        points, *values = data.columns({first: along} | dict.fromkeys(chosen, up)).columns
    except ColumnsError as error:
        raise DataError(f"{data.path}: {error}") from None
    return [
        Line(
            np.array(points.values),
            np.array(column.values),
            f"{data.path.stem}, {column.name}" if len(chosen) > 1 else data.path.stem,
            points=True,
        )
        for column in values
    ]


def names_of(runs: Sequence[Run]) -> list[str]:
    """Return what runs are called: the case's directory where it tells them apart, else the path."""
    short = [case_name(run.path) for run in runs]
    return [name if short.count(name) == 1 else str(run.path) for name, run in zip(short, runs, strict=True)]


def case_name(path: Path) -> str:
    """Return the name of the case that a run directory lies in, else its own."""
    full = path.absolute()
    return full.parent.parent.name if full.parent.name == "runs" else full.name
