"""Shapes of spikes from a file beside the case: `pre = { shape = "csv", file = "spike.csv", column = "V_pre" }`.

time (ms),V_pre (V)
-80,0
-1,-6.5
1,6.5
80,0

Times count from the firing and may be negative; the line begins and ends at 0 V. The points become those of a
`piecewise` shape.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eisfv.case.csv_waveforms import read_points
from eisfv.case.file_tree import protocol_entries, table
from eisfv.case.problems import Key, Problem
from eisfv.units import parse

KEYS = ("shape", "file", "column")
NAMES = ("pre", "post", "third")


def bring_in(tree: Mapping[str, Any], directory: Path) -> list[Problem]:
    """Put the points of every file in its place, of a faulty one a line at zero; return what is wrong with them."""
    found: list[Problem] = []
    for key, holder in places(tree):
        name = str(key[-1])
        value = holder[name]
        read = read_points(value, key, directory, "voltage", KEYS, signed=True)
        if not isinstance(read, list):
            ends = [parse(read["levels"][k], "voltage") for k in (0, -1)]
            if any(ends):
                told = f"begins at {ends[0]:g} V and ends at {ends[1]:g} V; a spike begins and ends at 0 V"
                read = [Problem((*key, "file"), told, value["file"])]
        if isinstance(read, list):
            found += read
            read = {"times": ["0 s", "1 s"], "levels": ["0 V", "0 V"]}
        holder[name] = {"shape": "piecewise", **read}
    return found


def places(tree: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Give every shape that is a file: its key and the table that has it."""
    holders: list[tuple[Key, dict[str, Any]]] = [(("spikes",), table(tree, "spikes"))]
    holders += [(key, entry) for key, entry in protocol_entries(tree) if entry.get("drive") == "spikes"]
    for key, holder in holders:
        for name in NAMES:
            value = holder.get(name)
            if isinstance(value, dict) and value.get("shape") == "csv":
                yield (*key, name), holder
