"""The figures of a case, as its expected.toml describes them; drawn by `eisfv plot CASE` and `eisfv compare CASE`.

[[figure]]
file       where it goes, beside expected.toml: "fig8a.png", or .pdf, .svg
columns    of panels, 1 without it

[[figure.panel]]
x, y       columns of a run's tables, or arithmetic over them (`columns`); what a line does not say itself
log        x | y | both
x_label, y_label  what the axes are called, where the columns' own names do not do
x_range, y_range  their ends, as ["0 h", "4 h"]; numbers where the axis has no unit
and of these at least one
line       [{ label, case, from, select, x, y }]: a run's rows; case: another case's directory, its last run is read;
           from: pulses | terminals | measures | impedance, where the columns alone do not tell; select: which rows
           (`selection`)
points     [{ label, x, y }]: lists of values with units, or of numbers
level      [{ value, label }]: a thin line across
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.errors import EisfvError
from eisfv.postprocess.quantities.quantity import ExpectedError, hint, shown, value_of
from eisfv.postprocess.quantities.run_tables import TABLES
from eisfv.postprocess.quantities.selection import SelectionError, chosen, parse_selection
from eisfv.result import ResultError, Run
from eisfv.text_files import UnreadableError, read_toml

from .columns import expression_of, named, table_of, values_of
from .last_run import last_run
from .line_panels import Axis, Line, Panel, draw_panels
from .style import FORMATS, save, styled

EXPECTED = "expected.toml"
FIGURE, PANEL = ("file", "panel", "columns"), ("x", "y", "log", "x_label", "y_label", "x_range", "y_range")
LINE, POINTS, LEVEL = ("label", "case", "from", "select", "x", "y"), ("label", "x", "y"), ("value", "label")
LOGS = {"": (False, False), "x": (True, False), "y": (False, True), "both": (True, True)}


class FigureError(EisfvError):
    """A figure that cannot be drawn as it is described; the message is one line for the user."""


def draw_figures(case: Path, style: Path | None = None) -> list[Path]:
    """Draw the figures of a case and return their paths; none where it describes none.

    Raises FigureError, ResultError, StyleError.
    """
    described = figures_of(case)
    if not described:
        return []
    import matplotlib as mpl
    from matplotlib.figure import Figure

    written = []
    for place, entry in described:
        check(place, entry, FIGURE, ("file", "panel"))
        file = Path(str(entry["file"]))
        if file.name != str(file) or file.suffix.removeprefix(".") not in FORMATS:
            raise FigureError(f"{place}.file = {shown(entry['file'])}: write a name that ends with .png, .pdf or .svg")
        columns = entry.get("columns", 1)
        if isinstance(columns, bool) or not isinstance(columns, int) or columns < 1:
            raise FigureError(f"{place}.columns = {shown(columns)}: write a whole number from 1 on")
        panels = [panel_of(f"{place}.panel[{k}]", case, one) for k, one in enumerate(tables(place, entry, "panel"))]
        with mpl.rc_context(styled(style)):
            figure = Figure(layout="constrained")
            draw_panels(figure, panels, columns)
            written.append(save(figure, case / file))
    return written


def figures_of(case: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the figures of a case with their places. Raises FigureError."""
    path = case / EXPECTED
    if not path.is_file():
        return []
    try:
        entries = tables(str(path), read_toml(path), "figure")
    except UnreadableError as error:
        raise FigureError(f"{path}: {error}") from None
    return [(f"{path}: figure[{number}]", entry) for number, entry in enumerate(entries)]


def panel_of(place: str, case: Path, entry: Mapping[str, Any]) -> Panel:
    """Return a panel. Raises FigureError, ResultError."""
    check(place, entry, (*PANEL, "line", "points", "level"), ("x", "y"))
    if entry.get("log", "") not in LOGS:
        raise FigureError(f"{place}.log = {shown(entry['log'])} is not one of x, y, both")
    axes = []
    for key, log in zip("xy", LOGS[entry.get("log", "")], strict=True):
        label, unit = named(expression(f"{place}.{key}", entry[key]))
        ends = entry.get(f"{key}_range")
        known = None if ends is None else tuple(values(f"{place}.{key}_range", ends, unit))
        if known is not None and len(known) != 2:
            raise FigureError(f'{place}.{key}_range = {shown(ends)}: write two ends, as ["0 h", "4 h"]')
        axes.append(Axis(str(entry.get(f"{key}_label", label)), unit, log, known))
    x, y = axes
    lines = [line_of(f"{place}.line[{k}]", case, entry, one) for k, one in enumerate(tables(place, entry, "line"))]
    for k, one in enumerate(tables(place, entry, "points")):
        own = f"{place}.points[{k}]"
        check(own, one, POINTS, ("x", "y"))
        at, up = values(f"{own}.x", one["x"], x.unit), values(f"{own}.y", one["y"], y.unit)
        if at.size != up.size:
            raise FigureError(f"{own} has {at.size} values of x and {up.size} of y")
        lines.append(Line(at, up, str(one.get("label", "")), points=True))
    levels = []
    for k, one in enumerate(tables(place, entry, "level")):
        check(f"{place}.level[{k}]", one, LEVEL, ("value",))
        (value,) = values(f"{place}.level[{k}].value", [one["value"]], y.unit)
        levels.append((float(value), str(one.get("label", ""))))
    if not lines:
        raise FigureError(f'{place} draws nothing; give it line = [{{ label = "model" }}] or points')
    return Panel(x, y, lines, levels)


def line_of(place: str, case: Path, panel: Mapping[str, Any], entry: Mapping[str, Any]) -> Line:
    """Return a line of a run. Raises FigureError, ResultError."""
    check(place, entry, LINE, ())
    run = run_of(place, case / str(entry.get("case", ".")))
    x, y = (expression(f"{place}.{key}", entry.get(key, panel[key])) for key in "xy")
    origin = entry.get("from")
    if origin is not None and origin not in TABLES:
        raise FigureError(f"{place}.from = {shown(origin)} is not one of {', '.join(TABLES)}")
    table, columns = table_of(run, [x, y], origin)
    text = str(entry.get("select", "all"))
    try:
        selection = parse_selection(text, table)
        if selection.at is not None:
            raise SelectionError("is a single value, and a line needs rows")
        rows = chosen(selection, columns, next(iter(columns.values())).size)
    except SelectionError as error:
        raise FigureError(f'{place}.select = "{text}" {error}') from None
    return Line(values_of(run, x, columns)[rows], values_of(run, y, columns)[rows], str(entry.get("label", "")))


def run_of(place: str, case: Path) -> Run:
    """Return the last run of a case. Raises FigureError."""
    try:
        return last_run(case)
    except ResultError as error:
        raise FigureError(f"{place}: {error}") from None


def expression(place: str, text: Any) -> Any:
    """Return a column or arithmetic over columns. Raises FigureError."""
    try:
        return expression_of(str(text))
    except ResultError as error:
        raise FigureError(f"{place} = {error}") from None


def values(place: str, listed: Any, unit: str) -> np.ndarray:
    """Return a list of quantities in SI, of numbers where they have no unit. Raises FigureError."""
    if not isinstance(listed, list) or not listed:
        raise FigureError(f"{place} = {shown(listed)}: write a list")
    try:
        return np.array([value_of(place, value, unit) for value in listed])
    except ExpectedError as error:
        raise FigureError(str(error)) from None


def tables(place: str, entry: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return a list of tables, an empty one where there is none. Raises FigureError."""
    listed = entry.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise FigureError(f"{place}.{key} is no list of tables")
    return listed


def check(place: str, entry: Mapping[str, Any], known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    """Refuse keys that are unknown or missing. Raises FigureError."""
    for key in entry:
        if key not in known:
            raise FigureError(
                f"{place}.{key} is not a known key" + (hint(key, known) or f"; there are {', '.join(known)}")
            )
    for key in needed:
        if key not in entry:
            raise FigureError(f"{place}.{key} is missing")
