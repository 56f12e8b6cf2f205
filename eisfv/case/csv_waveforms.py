"""Waveforms from a file beside the case: `value = { waveform = "csv", file = "pulse.csv", column = "V_gate" }`.

time (ms),V_gate (V),V_drain (V)
0,0,0
1,0.5,0.1

The column of times is called "time". Without `column` the file has one more beside it. The points become those of a
piecewise linear waveform, so that a resolved case holds them itself.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eisfv.case.file_tree import protocol_entries, read_csv
from eisfv.case.problems import Problem, did_you_mean, quoted
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
        unknown = [name for name in value if name not in KEYS]
        file, column = value.get("file"), value.get("column")
        if unknown:
            found += [Problem((*key, name), f"is not a known key{did_you_mean(name, KEYS)}") for name in unknown]
        elif file is None:
            found.append(Problem((*key, "file"), 'is missing; add for example file = "pulse.csv"'))
        elif not isinstance(file, str):
            found.append(Problem((*key, "file"), 'must be text in quotes; write for example "pulse.csv"', file))
        elif not isinstance(column, str | None):
            told = f'must be text in quotes; write for example "{USUAL[drive]}"'
            found.append(Problem((*key, "column"), told, column))
        else:
            try:
                step["value"] = points(directory / file, column, drive)
            except ColumnsError as error:
                found.append(Problem((*key, "file"), str(error), file))
            except NoColumnError as error:
                found.append(Problem((*key, "column"), str(error), column))
    return found


def points(file: Path, name: str | None, dimension: str) -> dict[str, list[str]]:
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
    if times.values[0] < 0.0:
        raise ColumnsError(f"has a time below zero in line {curve.lines[0]}; let it begin at 0")
    return {"times": list(times.texts), "levels": list(levels.texts)}
