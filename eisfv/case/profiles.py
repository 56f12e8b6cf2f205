"""Values along a section from a file beside the case: two columns with a header that names their units.

x (um),exchange_current (uA/cm^2)
0,0.1
20,0.05
"""

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from eisfv.case.file_tree import rows, table, there
from eisfv.case.problems import Key, Problem, display
from eisfv.errors import EisfvError
from eisfv.text_files import UnreadableError, read_text
from eisfv.units import UnitError, parse

DIMENSION = {"exchange_current": "current density", "stern_capacitance": "capacitance per area"}
EXAMPLE = {"exchange_current": "uA/cm^2", "stern_capacitance": "uF/cm^2"}
COLUMN = re.compile(r"\s*(\w+)\s*\(([^()]+)\)\s*")

LARGEST_POINTS = 20_000  # a section has some hundred columns


class ProfileError(EisfvError):
    """A file that is no profile; the text reads on after the file's name in the case."""


def along_x(tree: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Give the place of every value of an interface that may vary along x, and the table that holds it."""
    for index, interface in enumerate(rows(tree, "device", "interface")):
        key: Key = ("device", "interface", index)
        laws: list[tuple[Key, Any]] = [((*key, name), interface.get(name)) for name in ("ion", "electron")]
        laws += [((*key, "species", name), law) for name, law in table(interface, "species").items()]
        for place, law in laws:
            if isinstance(law, dict) and "exchange_current" in law:
                yield (*place, "exchange_current"), law
        if "stern_capacitance" in interface:
            yield (*key, "stern_capacitance"), interface


def bring_in(tree: Mapping[str, Any], directory: Path) -> list[Problem]:
    """Put the points of every profile's file in its place; return the references that lead to none."""
    found = []
    for key, holder in along_x(tree):
        name = str(key[-1])
        value = holder[name]
        if not isinstance(value, dict) or list(value) != ["profile"] or not isinstance(value["profile"], str):
            continue
        try:
            holder[name] = points(directory / value["profile"], name)
        except ProfileError as error:
            found.append(Problem((*key, "profile"), str(error), value["profile"]))
    return found


def points(file: Path, name: str) -> dict[str, list[str]]:
    """Return the x and the values of a file as texts with units; name of the second column. Raises ProfileError."""
    if not there(file):
        raise ProfileError(f"does not exist: there is no file {display(file)}")
    try:
        text = read_text(file)
    except UnreadableError as error:
        raise ProfileError(f"{error}; write it with two columns of numbers") from None
    try:  # spreadsheets put quotes around what they like
        lines = [(number, cells) for number, cells in enumerate(csv.reader(text.splitlines()), 1) if any(cells)]
    except csv.Error as error:
        raise ProfileError(f"is no table with commas between ({error})") from None
    if len(lines) > LARGEST_POINTS + 1:
        raise ProfileError(f"has {len(lines) - 1} points; {LARGEST_POINTS} are enough")
    header = f'its first line must name columns and units, for example "x (um),{name} ({EXAMPLE[name]})"'
    columns = [COLUMN.fullmatch(cell) for cell in lines[0][1]] if lines else []
    if len(columns) != 2 or columns[0] is None or columns[1] is None:
        raise ProfileError(f"has no header: {header}")
    if (columns[0][1], columns[1][1]) != ("x", name):
        raise ProfileError(f"has the columns {columns[0][1]} and {columns[1][1]}: {header}")
    units = (columns[0][2], columns[1][2])
    found: dict[str, list[str]] = {"x": [], "value": []}
    for number, cells in lines[1:]:
        if len(cells) != 2:
            raise ProfileError(f"has {len(cells)} columns in line {number}; write x and {name}, with a comma between")
        for column, cell, unit, dimension in zip(found, cells, units, ("length", DIMENSION[name]), strict=True):
            found[column].append(_quantity(f"{cell.strip()} {unit}", dimension, number))
    if len(found["x"]) < 2:
        raise ProfileError("has fewer than 2 points; give the two ends of the interface at least")
    x = [parse(text, "length") for text in found["x"]]
    for (number, _), (early, late) in zip(lines[2:], pairwise(x), strict=True):
        if late <= early:
            raise ProfileError(f"has an x in line {number} that is not above the one before; let x ascend")
    return found


def _quantity(text: str, dimension: str, number: int) -> str:
    try:
        value = parse(text, dimension)
    except UnitError as error:
        raise ProfileError(f'has "{text}" in line {number}, which {error.reason}') from None
    if value < 0.0 and dimension != "length":
        raise ProfileError(f'has "{text}" in line {number}, which must not be negative')
    return text
