"""Columns of numbers from a csv file whose header names them and their units.

x (-),U (V)
0.01,2.986
0.02,2.954

Commas, semicolons or tabs between; decimal commas, quotes and a byte order mark are read. Further columns, of texts
too, may stand beside the wanted ones.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from math import isfinite
from pathlib import Path

from eisfv.errors import EisfvError
from eisfv.text_files import UnreadableError, read_text
from eisfv.units import DIMENSIONS, MARKS, NUMBER, UnitError, parse

HEADER = re.compile(r"\s*([^()]+?)\s*(?:\(([^()]*)\))?\s*")
NO_UNIT = ("", "-", "1")
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d*(?:[eE][+-]?\d+)?\s*")
LARGEST_POINTS = 20_000  # a titration has some hundred; the kernels search their knots
MOST_COLUMNS = 100


class ColumnsError(EisfvError):
    """A file that has not the wanted columns; the text reads on after the file's name."""


@dataclass(frozen=True)
class Column:
    """One column of a file. values in SI, or plain numbers; texts as a case writes them: "2.986 V", "0.01"."""

    name: str
    unit: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """The wanted columns in their order, the line of the file of each point, and what the file was found to be written
    with: "" for points and commas."""

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    found: str


@dataclass(frozen=True)
class Table:
    """A file as it is written: names and units of its columns, "" where there is none; rows of cells with their lines
    in the file; the mark between cells."""

    path: Path
    names: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    between: str

    def columns(self, wanted: Mapping[str, str]) -> Columns:
        """Return columns by name.

        wanted  name of each column and what it measures: a key of `eisfv.units.DIMENSIONS`, or "" for a plain number
        Raises ColumnsError.
        """
        places = self._places(wanted)
        comma = _decimal_comma([(number, [cells[n] for n in places]) for number, cells in self.rows])
        columns = []
        for place, (name, dimension) in zip(places, wanted.items(), strict=True):
            cells = [row[place].strip() for _, row in self.rows]
            if comma:
                cells = [cell.replace(",", ".") for cell in cells]
            unit = self.units[place]
            texts = tuple(f"{cell} {unit}" if dimension else cell for cell in cells)
            values = tuple(_number(t, dimension, number) for t, (number, _) in zip(texts, self.rows, strict=True))
            columns.append(Column(name, unit, values, texts))
        words = {";": ["semicolons"], "\t": ["tabs"], ",": []}[self.between] + ["decimal commas"] * comma
        return Columns(tuple(columns), tuple(number for number, _ in self.rows), " and ".join(words))

    def curve(self, wanted: Mapping[str, str]) -> Columns:
        """Return columns whose first one ascends over two points or more, by name as `columns`. Raises ColumnsError."""
        if len(self.rows) > LARGEST_POINTS:
            raise ColumnsError(f"has {len(self.rows)} points; {LARGEST_POINTS} are enough")
        read = self.columns(wanted)
        if len(read.lines) < 2:
            raise ColumnsError("has fewer than 2 points; write a line for each")
        first = read.columns[0]
        for number, (early, late) in zip(read.lines[1:], pairwise(first.values), strict=True):
            if late <= early:
                raise ColumnsError(
                    f"has in line {number} a value of {first.name} that is not above the one before; let it ascend"
                )
        return read

    def measures(self, place: int, dimension: str) -> bool:
        """Return whether the column at a place has a unit of a dimension, "" of plain numbers."""
        unit = self.units[place]
        if not dimension or unit in NO_UNIT:
            return not dimension and unit in NO_UNIT
        try:
            parse(f"1 {unit}", dimension)
        except UnitError:
            return False
        return True

    def _places(self, wanted: Mapping[str, str]) -> list[int]:
        """Return the places of the wanted columns, each with a unit where it needs one and none where not."""
        places = []
        for name, dimension in wanted.items():
            if self.names.count(name) > 1:
                raise ColumnsError(f'has two columns "{name}"; rename one of them')
            if name not in self.names:
                close = get_close_matches(name, self.names, n=1, cutoff=0.5)
                have = ", ".join(f'"{word[:40]}"' for word in self.names if word)
                hint = f'did you mean "{close[0]}"?' if close else _header_like(wanted)
                raise ColumnsError(f'has no column "{name}"; its columns are {have}: {hint}')
            places.append(self.names.index(name))
            unit = self.units[places[-1]]
            if dimension and unit in NO_UNIT:
                raise ColumnsError(f'has no unit of "{name}" in its header: {_header_like(wanted)}')
            if not dimension and unit not in NO_UNIT:
                raise ColumnsError(f'has "{name}" in {unit}, which has no unit; write "{name} (-)"')
        return places


def read_table(path: Path, usual: Mapping[str, str]) -> Table:
    """Return the table of a file; usual: columns such a file has, as in `Table.columns`. Raises ColumnsError."""
    try:
        text = read_text(path)
    except UnreadableError as error:
        raise ColumnsError(f"{error}; write it with columns of numbers") from None
    first = text.lstrip().partition("\n")[0]
    between = next((mark for mark in ";\t" if mark in first), ",")
    try:  # spreadsheets put quotes around what they like
        parsed = csv.reader(text.splitlines(), delimiter=between)
        lines = [(number, cells) for number, cells in enumerate(parsed, 1) if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ColumnsError(f"is no table with commas between ({error})") from None
    header = lines[0][1] if lines else []
    matches = [HEADER.fullmatch(cell.translate(MARKS)) for cell in header[:MOST_COLUMNS]]
    names = tuple(match[1] if match else "" for match in matches)
    if all(NUMBER.fullmatch(name) for name in names if name):
        raise ColumnsError(f"has no header: {_header_like(usual)}")
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            raise ColumnsError(f"has {len(cells)} columns in line {number} and {len(header)} in its header")
    if len(lines) < 2:
        raise ColumnsError("has a header and no numbers; write a line for each point")
    units = tuple((match[2] or "").strip() if match else "" for match in matches)
    return Table(path, names, units, tuple(lines[1:]), between)


def _header_like(wanted: Mapping[str, str]) -> str:
    """Return what a header is, with these columns as the example."""
    example = ",".join(f"{name} ({DIMENSIONS[d].example.split(' ', 1)[1] if d else '-'})" for name, d in wanted.items())
    return f'its first line must name columns and units, for example "{example}"'


def _decimal_comma(rows: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Return whether the numbers have decimal commas; refuse a file that has both marks."""
    comma = any(DECIMAL_COMMA.fullmatch(cell) for _, cells in rows for cell in cells)
    for number, cells in rows if comma else ():
        for cell in cells:
            if "." in cell:
                raise ColumnsError(
                    f'has "{cell.strip()}" in line {number} and decimal commas elsewhere; write one mark'
                )
    return comma


def _number(text: str, dimension: str, number: int) -> float:
    if dimension:
        try:
            return parse(text, dimension)
        except UnitError as error:
            raise ColumnsError(f'has "{text}" in line {number}, which {error.reason}') from None
    match = NUMBER.fullmatch(text.translate(MARKS))
    if match is None or match[2].strip() or not isfinite(value := float(match[1])):
        raise ColumnsError(f'has "{text}" in line {number}, which is not a finite number')
    return value
