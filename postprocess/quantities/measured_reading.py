"""Measured curves beside the quantities of an expected.toml: columns of a csv file with their errors.

[[curve]]
name       what it is; no two entries of a file alike
data       csv file, from this file's place; its header names columns and units: "t (s),U (V),dU (mV)"
from       terminals | pulses | impedance: between its frequencies on a straight line; best take those of the file
x, y       headers in that table, or arithmetic over them
error      of each y, one standard deviation: "3 mV", a number where y has no unit, { factor = 1.05 } for a share of y,
           or the name of a column of the file
kind       calibrated | predicted | exact, as of a quantity
and where wanted
columns    ["t", "U"]: which columns of the file are x and y; without it the first two
source     where the data are from: the heading of the picture; without it "measured"
residuals  linear | log
weight     name of a column of plain numbers: a residual counts so many times
window     ["10 s", "1 h"]: points with x in it count, both ends included
select     which rows of the run, as of a quantity; without it all. x goes one way in them.
case       another case directory, from this file's: its last run is read instead
note       text for the report
statement, repeats  as of a quantity

Their residuals are those of `measured`.
"""

from collections.abc import Mapping, Sequence
from math import log, nan
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.csv_columns import ColumnsError, read_table
from eisfv.units import DIMENSION_OF, DIMENSIONS, NUMBER

from .expressions import Expression, ExpressionError, parse_expression
from .measured import Measured
from .prefixes import header_unit
from .quantity import ExpectedError, Quantity, hint, shown, value_of
from .selection import SelectionError, parse_selection

KEYS = ("name", "data", "from", "x", "y", "error", "kind")
OPTIONAL = ("columns", "source", "residuals", "weight", "window", "select", "case", "note", "statement", "repeats")
NO_TEXT = ("error", "columns", "window")
TABLES = ("terminals", "pulses", "impedance")
RESIDUALS = ("linear", "log")
MEASURED = "measured"
USUAL = {"t": "time", "U": "voltage"}  # columns of an example
CONFIDENCE = 0.95


def measured_of(path: Path, number: int, entry: Any, kinds: tuple[str, ...]) -> Measured:
    """Return an entry `[[curve]]` of the expected.toml at `path`. Raises ExpectedError."""
    place = f"{path}: curve[{number}]"
    if not isinstance(entry, dict):
        raise ExpectedError(f"{place} is not a table")
    _check_keys(place, entry, kinds)
    x, y = (_expression(f"{place}.{key}", entry[key]) for key in "xy")
    text = entry.get("select", "all")
    try:
        select = parse_selection(text, entry["from"])
        if select.at is not None:
            raise SelectionError("is a single value, and a curve needs rows")
    except SelectionError as error:
        raise ExpectedError(f'{place}.select = "{text}" {error}') from None
    file = path.parent / entry["data"]
    points = _Points(place, file, entry, (x, y))
    bare = Quantity(
        name=entry["name"],
        unit="",
        label="error bars",
        table=entry["from"],
        column=y,
        against=x,
        region="",
        select=select,
        reduce="curve",
        share=nan,
        toward="",
        ratio_to="",
        note=entry.get("note", ""),
        value=_limit(int(np.count_nonzero(points.weight))),
        bound="at most",
        kind=entry["kind"],
        source=entry.get("source", MEASURED),
        case=entry.get("case", ""),
        statement=entry.get("statement", ""),
        repeats=entry.get("repeats", ""),
    )
    columns = (points.x, points.y, points.error, points.width, points.weight)
    return Measured(bare, file, *columns, points.log, points.units)


class _Points:
    """The points of an entry's file. Raises ExpectedError."""

    def __init__(self, place: str, file: Path, entry: Mapping[str, Any], axes: tuple[Expression, Expression]) -> None:
        self.place, self.file = place, file
        self.log = entry.get("residuals") == "log"
        try:
            self.table = read_table(file, USUAL)
            names = self.names(entry)
            own = [self.dimension(name, axis) for name, axis in zip(names, axes, strict=True)]
            wanted = dict(zip(names, own, strict=True))
            error, weight = entry["error"], entry.get("weight")
            named = isinstance(error, str) and (error in self.table.names or not NUMBER.match(error))
            for key, name, dimension in (("error", error if named else None, own[1]), ("weight", weight, "")):
                if name in wanted:
                    raise ExpectedError(f'{place}.{key} = "{name}" is another column of the curve; name its own')
                if name is not None:
                    wanted[name] = dimension
            found = {c.name: np.array(c.values) for c in self.table.columns(wanted).columns}
        except ColumnsError as fault:
            raise ExpectedError(f"{place}.data: {file} {fault}") from None
        self.units = (DIMENSIONS[own[0]].si if own[0] else "", DIMENSIONS[own[1]].si if own[1] else "")
        self.x, self.y = found[names[0]], found[names[1]]
        self.weight = np.ones(self.x.size) if weight is None else found[weight]
        self.error, self.width = self.errors(error, found[error] if named else None)
        self.keep(entry.get("window"))
        self.check()

    def names(self, entry: Mapping[str, Any]) -> list[str]:
        """Return which columns of the file are x and y."""
        names = entry.get("columns", [name for name in self.table.names if name][:2])
        if not isinstance(names, list) or len(names) != 2 or not all(isinstance(name, str) for name in names):
            raise ExpectedError(f'{self.place}.columns = {shown(names)}: write two names, as ["t", "U"]')
        if names[0] == names[1]:
            raise ExpectedError(f"{self.place}.columns = {shown(names)}: x and y are the same column")
        return names

    def dimension(self, name: str, axis: Expression) -> str:
        """Return what a column is to measure: as the table's own has it, of arithmetic what its header says."""
        own = DIMENSION_OF.get(header_unit(axis.text), "") if axis.is_column else ""
        if own or name not in self.table.names:
            return own
        place = self.table.names.index(name)
        known = next((known for known in DIMENSIONS if self.table.measures(place, known)), "")
        if known and axis.is_column:
            wanted = f'name it with its unit, as "voltage_V", or write "{name} (-)" in {self.file}'
            raise ExpectedError(f'{self.place}: "{axis.text}" is no column with a unit, and "{name}" has one; {wanted}')
        return known

    def errors(self, error: Any, of_column: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return the error bars (n), and the width (n) that residuals are measured by."""
        if isinstance(error, dict):
            factor: Any = error.get("factor")
            if set(error) != {"factor"} or not _number(factor) or not factor > 1.0:
                raise ExpectedError(f"{self.place}.error = {shown(error)}: write {{ factor = 1.05 }}, above 1")
            bars = (factor - 1.0) * np.abs(self.y)
            return bars, np.full(self.y.size, log(factor)) if self.log else bars
        if of_column is None:
            of_column = np.full(self.y.size, value_of(f"{self.place}.error", error, self.units[1]))
        if not (of_column > 0.0).all():
            raise ExpectedError(f"{self.place}.error is not above zero everywhere; a point without error says all")
        return of_column, of_column / np.abs(self.y) if self.log and self.y.all() else of_column

    def keep(self, window: Any) -> None:
        """Leave the points in the window."""
        if window is None:
            return
        if not isinstance(window, list) or len(window) != 2:
            raise ExpectedError(f'{self.place}.window = {shown(window)}: write two ends, as ["10 s", "1 h"]')
        low, high = (value_of(f"{self.place}.window", end, self.units[0]) for end in window)
        if not low < high:
            raise ExpectedError(f"{self.place}.window = {shown(window)}: write the smaller end first")
        inside = (self.x >= low) & (self.x <= high)
        if not inside.any():
            ends = f"{self.x.min():.4g} to {self.x.max():.4g} {self.units[0]}".rstrip()
            raise ExpectedError(f"{self.place}.window leaves no point of {self.file}, which goes from {ends}")
        for name in ("x", "y", "error", "width", "weight"):
            setattr(self, name, getattr(self, name)[inside])

    def check(self) -> None:
        """Refuse points that no residual can be taken of."""
        if self.log and not ((self.y > 0.0).all() or (self.y < 0.0).all()):
            raise ExpectedError(f'{self.place}: y is zero or changes its sign, which residuals = "log" do not bear')
        if not self.width.all():
            raise ExpectedError(f"{self.place}.error: is zero where y is; write one in the unit of y")
        if (self.weight < 0.0).any() or not self.weight.any():
            raise ExpectedError(f"{self.place}.weight: weights are not negative, and not all of them zero")


def json_schema(kinds: tuple[str, ...]) -> dict[str, Any]:
    """Return the JSON schema of a `[[curve]]`, for editors."""
    words: dict[str, Any] = {key: {"type": "string"} for key in (*KEYS, *OPTIONAL)}
    factor = {"type": "object", "properties": {"factor": {"type": "number"}}, "additionalProperties": False}
    pair = {"type": "array", "minItems": 2, "maxItems": 2}
    words |= {
        "from": {"enum": list(TABLES)},
        "kind": {"enum": list(kinds)},
        "residuals": {"enum": list(RESIDUALS)},
        "error": {"anyOf": [{"type": "number"}, {"type": "string"}, factor]},
        "columns": pair | {"items": {"type": "string"}},
        "window": pair | {"items": {"type": ["string", "number"]}},
    }
    return {"type": "object", "properties": words, "required": list(KEYS), "additionalProperties": False}


def _check_keys(place: str, entry: Mapping[str, Any], kinds: Sequence[str]) -> None:
    for key, value in entry.items():
        if key not in (*KEYS, *OPTIONAL):
            raise ExpectedError(f"{place}.{key} is not a known key" + hint(key, (*KEYS, *OPTIONAL)))
        if key not in NO_TEXT and (not isinstance(value, str) or not value.strip()):
            raise ExpectedError(f"{place}.{key} = {shown(value)}: write a text")
    for key in KEYS:
        if key not in entry:
            raise ExpectedError(f"{place}.{key} is missing")
    for key, allowed in (("from", TABLES), ("kind", kinds), ("residuals", RESIDUALS)):
        if key in entry and entry[key] not in allowed:
            raise ExpectedError(f"{place}.{key} = {shown(entry[key])} is not one of {', '.join(allowed)}")


def _limit(count: int) -> float:
    """Return the root mean square that 95 % of draws of so many residuals stay below."""
    from scipy.special import chdtri

    return float(np.sqrt(chdtri(count, 1.0 - CONFIDENCE) / count))


def _expression(place: str, text: str) -> Expression:
    try:
        return parse_expression(text)
    except ExpressionError as error:
        raise ExpectedError(f'{place} = "{text}" {error}') from None


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
