"""Waveforms from a file beside the case: `value = { waveform = "csv", file = "pulse.csv", column = "V_gate" }`.

time (ms),V_gate (V),V_drain (V)
0,0,0
1,0.5,0.1

The column of times is called "time". Without `column` the file has one more beside it. The points become those of a
piecewise linear waveform, so that a resolved case holds them itself.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from eisfv.case.csv_columns import Columns, CsvError, read_columns
from eisfv.case.file_tree import rows
from eisfv.case.problems import Key, Problem, did_you_mean, quoted
from eisfv.units import parse

TIME = "time"
KEYS = ("waveform", "file", "column")
UNIT = {"voltage": "V", "current": "A"}  # of what a drive is


def bring_in(tree: Mapping[str, Any], directory: Path) -> list[Problem]:
    """Put the points of every file in its place, of a faulty one a line at zero; return what is wrong with them."""
    found = []
    for key, step in steps(tree):
        value, drive = step["value"], step.get("drive")
        if not isinstance(drive, str) or drive not in UNIT:
            continue
        step["value"] = {"times": ["0 s", "1 s"], "levels": [f"0 {UNIT[drive]}"] * 2}
        unknown = [name for name in value if name not in KEYS]
        file = value.get("file")
        if unknown:
            found += [Problem((*key, name), f"is not a known key{did_you_mean(name, KEYS)}") for name in unknown]
        elif not isinstance(file, str) or not isinstance(value.get("column", ""), str):
            found.append(Problem((*key, "file"), 'is missing; add for example file = "pulse.csv"'))
        else:
            try:
                step["value"] = points(read_columns(directory / file), value.get("column"), drive)
            except CsvError as error:
                found.append(Problem((*key, error.key or "file"), str(error), value.get(error.key or "file")))
    return found


def steps(tree: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Give every entry of the protocol and of the measures that has its waveform from a file, with the key of that."""
    waiting: list[tuple[Key, dict[str, Any]]] = [(("protocol", i), row) for i, row in enumerate(rows(tree, "protocol"))]
    waiting += [(("measure", i), row) for i, row in enumerate(rows(tree, "measure"))]
    while waiting:
        key, entry = waiting.pop(0)
        value = entry.get("value")
        if isinstance(value, dict) and value.get("waveform") == "csv":
            yield (*key, "value"), entry
        waiting += [((*key, "steps", i), row) for i, row in enumerate(rows(entry, "steps"))]


def points(columns: Columns, name: str | None, dimension: str) -> dict[str, list[str]]:
    """Return the times and levels of a file as texts with units. Raises CsvError."""
    others = [column for column in columns.units if column != TIME]
    if TIME not in columns.units:
        raise CsvError(f'has the columns {quoted(others)} and none named "{TIME}"')
    if name is None and len(others) != 1:
        raise CsvError(
            f"has the columns {quoted(others)} beside the time; say which with column = {quoted(others[:1])}"
        )
    chosen = others[0] if name is None else name
    if chosen not in others:
        raise CsvError(f"is not a column of the file{did_you_mean(chosen, others)}", "column")
    times = columns.quantities(TIME, "time")
    levels = columns.quantities(chosen, dimension)
    seconds = [parse(text, "time") for text in times]
    for number, (early, late) in zip(columns.lines[1:], pairwise(seconds), strict=True):
        if late <= early:
            raise CsvError(f"has a time in line {number} that is not above the one before; sort it")
    if seconds[0] < 0.0:
        raise CsvError(f"has a time below zero in line {columns.lines[0]}; let it begin at 0")
    return {"times": times, "levels": levels}
