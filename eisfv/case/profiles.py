"""Values along a section from a file beside the case: two columns with a header that names their units.

x (um),exchange_current (uA/cm^2)
0,0.1
20,0.05
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eisfv.case.file_tree import read_csv, rows, table
from eisfv.case.problems import Key, Problem
from eisfv.csv_columns import ColumnsError

DIMENSION = {"exchange_current": "current density", "stern_capacitance": "capacitance per area"}


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
        except ColumnsError as error:
            found.append(Problem((*key, "profile"), str(error), value["profile"]))
    return found


def points(file: Path, name: str) -> dict[str, list[str]]:
    """Return the x and the values of a file as texts with units; name of the second column. Raises ColumnsError."""
    wanted = {"x": "length", name: DIMENSION[name]}
    read = read_csv(file, wanted).curve(wanted)
    x, value = read.columns
    for level, text, number in zip(value.values, value.texts, read.lines, strict=True):
        if level < 0.0:
            raise ColumnsError(f'has "{text}" in line {number}, which must not be negative')
    return {"x": list(x.texts), "value": list(value.texts)}
