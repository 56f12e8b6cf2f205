"""Columns of numbers from a csv file whose header names them and their units.

x (-),U (V)
0.01,2.986
0.02,2.954

Commas, semicolons or tabs between; decimal commas, quotes and a byte order mark are read. Further columns may stand
beside the wanted ones. The first wanted column ascends.
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


def read_columns(path: Path, wanted: Mapping[str, str]) -> Columns:
    """Return columns of a file by name.

    wanted  name of each column and what it measures: a key of `eisfv.units.DIMENSIONS`, or "" for a plain number
    Raises ColumnsError.
    """
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
    if len(lines) > LARGEST_POINTS + 1:
        raise ColumnsError(f"has {len(lines) - 1} points; {LARGEST_POINTS} are enough")
    numbers, units = _header(lines[0][1] if lines else [], wanted)
    rows = [(number, _cells(cells, number, len(lines[0][1]))) for number, cells in lines[1:]]
    comma = _decimal_comma([(number, [cells[n] for n in numbers]) for number, cells in rows])
    columns = []
    for place, unit, (name, dimension) in zip(numbers, units, wanted.items(), strict=True):
        raw = [(number, cells[place].strip().replace(",", "." if comma else ",")) for number, cells in rows]
        texts = tuple(f"{cell} {unit}" if dimension else cell for _, cell in raw)
        values = tuple(_number(t, dimension, number) for t, (number, _) in zip(texts, raw, strict=True))
        columns.append(Column(name, unit, values, texts))
    if len(rows) < 2:
        raise ColumnsError("has fewer than 2 points; write a line for each")
    for (number, _), (early, late) in zip(rows[1:], pairwise(columns[0].values), strict=True):
        if late <= early:
            name = columns[0].name
            raise ColumnsError(
                f"has in line {number} a value of {name} that is not above the one before; let it ascend"
            )
    words = {";": ["semicolons"], "\t": ["tabs"], ",": []}[between] + ["decimal commas"] * comma
    return Columns(tuple(columns), tuple(number for number, _ in rows), " and ".join(words))


def _header(cells: Sequence[str], wanted: Mapping[str, str]) -> tuple[list[int], list[str]]:
    """Return the places and the units of the wanted columns."""
    example = ",".join(f"{name} ({DIMENSIONS[d].example.split(' ', 1)[1] if d else '-'})" for name, d in wanted.items())
    example = f'its first line must name columns and units, for example "{example}"'
    matches = [HEADER.fullmatch(cell.translate(MARKS)) for cell in cells[:MOST_COLUMNS]]
    known = [match[1] if match else "" for match in matches]
    if not any(known) or all(NUMBER.fullmatch(name) for name in known if name):
        raise ColumnsError(f"has no header: {example}")
    places, units = [], []
    for name, dimension in wanted.items():
        if known.count(name) != 1:
            if name in known:
                raise ColumnsError(f'has two columns "{name}"; rename one of them')
            close = get_close_matches(name, known, n=1, cutoff=0.5)
            have = ", ".join(f'"{word[:40]}"' for word in known if word)
            hint = f'did you mean "{close[0]}"?' if close else example
            raise ColumnsError(f'has no column "{name}"; its columns are {have}: {hint}')
        places.append(known.index(name))
        match = matches[places[-1]]
        assert match is not None, "a column that is known has a name"
        unit = (match[2] or "").strip()
        if dimension and unit in NO_UNIT:
            raise ColumnsError(f'has no unit of "{name}" in its header: {example}')
        if not dimension and unit not in NO_UNIT:
            raise ColumnsError(f'has "{name}" in {unit}, which has no unit; write "{name} (-)"')
        units.append(unit)
    return places, units


def _cells(cells: list[str], number: int, count: int) -> list[str]:
    if len(cells) != count:
        raise ColumnsError(f"has {len(cells)} columns in line {number} and {count} in its header")
    return cells


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
