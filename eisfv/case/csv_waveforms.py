"""Waveforms from a file beside the case: `value = { waveform = "csv", file = "pulse.csv", column = "V_gate" }`.

time (ms),V_gate (V),V_drain (V)
0,0,0
1,0.5,0.1

The column of times is called "time". Without `column` the file has one more beside it. The points become those of a
piecewise linear waveform, so that a resolved case holds them itself.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eisfv.case.file_tree import protocol_entries, read_csv
from eisfv.case.problems import Key, Problem, did_you_mean, quoted
from eisfv.csv_columns import ColumnsError
from eisfv.errors import EisfvError
from eisfv.units import DIMENSIONS

TIME = "time"
KEYS = ("waveform", "file", "column")
USUAL = {"voltage": "V_gate", "current": "I_gate"}  # the column of an example, by the drive


class NoColumnError(EisfvError):
    """A column that a file does not have; the text reads on after its name."""


def bring_in(tree: Mapping[str, Any], directory: Path) -> list[Problem]:
    """Put the points of every file in its place, of a faulty one a line at zero; return what is wrong with them."""
    found = []
    for place, step in protocol_entries(tree):
        key, value, drive = (*place, "value"), step.get("value"), step.get("drive")
        if not isinstance(value, dict) or value.get("waveform") != "csv" or drive not in tuple(USUAL):
            continue
        step["value"] = {"times": ["0 s", "1 s"], "levels": [f"0 {DIMENSIONS[drive].si}"] * 2}
        read = read_points(value, key, directory, drive, KEYS)
        if isinstance(read, list):
            found += read
        else:
            step["value"] = read
    return found


def read_points(
    value: Mapping[str, Any], key: Key, directory: Path, dimension: str, keys: Sequence[str], *, signed: bool = False
) -> dict[str, list[str]] | list[Problem]:
    """Return the times and levels of the file that a table names, as texts with units, or what is wrong with it.

    keys    that the table may have
    signed  whether times may be below zero
    """
    file, column = value.get("file"), value.get("column")
    unknown = [name for name in value if name not in keys]
    if unknown:
        return [Problem((*key, name), f"is not a known key{did_you_mean(name, keys)}") for name in unknown]
    if file is None:
        return [Problem((*key, "file"), 'is missing; add for example file = "pulse.csv"')]
    if not isinstance(file, str):
        return [Problem((*key, "file"), 'must be text in quotes; write for example "pulse.csv"', file)]
    if not isinstance(column, str | None):
        told = f'must be text in quotes; write for example "{USUAL[dimension]}"'
        return [Problem((*key, "column"), told, column)]
    try:
        return points(directory / file, column, dimension, signed)
    except ColumnsError as error:
        return [Problem((*key, "file"), str(error), file)]
    except NoColumnError as error:
        return [Problem((*key, "column"), str(error), column)]


def points(file: Path, name: str | None, dimension: str, signed: bool) -> dict[str, list[str]]:
    """Return the times and levels of a file as texts with units. Raises ColumnsError, NoColumnError."""
    read = read_csv(file, {TIME: "time", name or USUAL[dimension]: dimension})
    others = [column for column in read.names if column not in ("", TIME)]
    if not others:
        raise ColumnsError(f"has no column beside the time; add one of what is driven, as {USUAL[dimension]}")
    if name is None and len(others) > 1:
        example = f"column = {quoted(others[:1])}"
        raise ColumnsError(f"has the columns {quoted(others)} beside the time; say which with {example}")
    chosen = others[0] if name is None else name
    if chosen not in others:
        raise NoColumnError(f"is not a column of the file{did_you_mean(chosen, others)}")
    curve = read.curve({TIME: "time", chosen: dimension})
    times, levels = curve.columns
    if times.values[0] < 0.0 and not signed:
        raise ColumnsError(f"has a time below zero in line {curve.lines[0]}; let it begin at 0")
    return {"times": list(times.texts), "levels": list(levels.texts)}
