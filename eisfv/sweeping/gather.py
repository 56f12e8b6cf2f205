"""From the shards of a sweep to its table and its traces: one row a point, in the order of the plan.

One process writes, some hundred points at a time, under other names; what is read is replaced when it is whole.
"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from eisfv.extras import require
from eisfv.result import sweep_file_names
from eisfv.result.errors import clear_errors
from eisfv.result.shards import record_at
from eisfv.result.sweep_table import SweepHead
from eisfv.result.sweep_writing import Row, TableWriter, TracePlan, TraceWriter
from eisfv.sweeping.definition import Definition
from eisfv.sweeping.directory import check_begun
from eisfv.sweeping.listing import read_listing
from eisfv.sweeping.locking import locked
from eisfv.sweeping.store import Found, Shards
from eisfv.sweeping.traces import PULSES, TERMINALS

BATCH = 1000  # rows, where traces do not ask for fewer
ARRAYS_AT_ONCE = 64 << 20  # bytes of traces that are held
BATCHES = 100  # of traces at most: each makes one file of every variable
Places = dict[bytes, tuple[Path, int, int]]
"""Where the run of a key lies: file, offset, and what the record is worth."""


def gather(out: Path) -> Path:
    """Gather the points of the last plan that was run in a directory; return the table.

    Points that were not run are rows of status missing. Raises ResultError, MissingPackageError.
    """
    check_begun(out)
    require("sweep", "the table of a sweep")
    with locked(out / sweep_file_names.SHARDS, "its runs are being gathered; wait for that"):
        first, _ = read_listing(out)
        head = replace(SweepHead.of(str(first["head"])), mark=uuid4().hex)
        wanted = Definition(**first["wanted"])
        places, pulses = best_records(out, wanted)
        return written(out, head, first, places, pulses)


def best_records(out: Path, wanted: Definition) -> tuple[Places, int]:
    """Return for every key the record to use, and the largest number of pulses that a run has."""
    places: Places = {}
    pulses = 0
    for found in Shards(out).news():
        worth = worth_of(found, wanted)
        key = bytes.fromhex(found.text["key"])
        # A run that finished twice was the same twice; of two failures the later one is the one to tell.
        if worth and (key not in places or worth > places[key][2] or worth == 1):
            places[key] = (found.path, found.offset, worth)
            pulses = max([pulses, *(shape[0] for name, shape in found.text["arrays"] if name.startswith("pulse_"))])
    return places, pulses


def worth_of(found: Found, wanted: Definition) -> int:
    """Return 2 for a finished run that holds what is wanted, 1 for one that failed, 0 for one of no use."""
    if found.text["state"] == "failed":
        return 1
    return 2 if found.definition.covers(wanted) else 0


def written(out: Path, head: SweepHead, first: Mapping[str, Any], places: Places, pulses: int) -> Path:
    """Write table and traces and put them in their places; return the table."""
    _, points = read_listing(out)
    count = int(first["count"])
    plan = TracePlan(count, int(first["samples"]), pulses, tuple(TERMINALS[h] for h in first["columns"]), PULSES)
    rows = batch_rows(plan) if head.traces else BATCH
    table, traces = out / sweep_file_names.TABLE, out / sweep_file_names.TRACES
    drafts = out / f".{sweep_file_names.TABLE}.tmp", out / f".{sweep_file_names.TRACES}.tmp"
    with clear_errors(out):
        shutil.rmtree(drafts[1], ignore_errors=True)
        with TableWriter(drafts[0], head) as into:
            store = TraceWriter(drafts[1], head, plan, rows) if head.traces else None
            while batch := [row_of(point, places) for point in islice(points, rows)]:
                into.append(batch)
                if store is not None:
                    store.append(batch)
        if store is not None:
            store.end()
            swap(drafts[1], traces)
        else:
            shutil.rmtree(traces, ignore_errors=True)
        drafts[0].replace(table)
    return table


def row_of(point: Mapping[str, Any], places: Places) -> Row:
    """Return the row of a point."""
    number, key, values = int(point["number"]), str(point["key"]), point["values"]
    if not key:
        return Row(number, key, values, {}, {}, "failed", str(point["reason"]), float("nan"), "", {})
    place = places.get(bytes.fromhex(key))
    if place is None:
        return Row(number, key, values, {}, {}, "missing", "", float("nan"), "", {})
    text, arrays = record_at(place[0], place[1])
    outputs, errors = (
        {name: float("nan") if value is None else float(value) for name, value in text.get(kind, {}).items()}
        for kind in ("outputs", "errors")
    )
    wall = float("nan") if text["wall"] is None else text["wall"]
    return Row(number, key, values, outputs, errors, text["state"], text["reason"], wall, text["host"], arrays)


def batch_rows(plan: TracePlan) -> int:
    """Return how many rows of traces are held and written at once."""
    each = 8 * max(1, plan.samples * (1 + len(plan.columns)) + plan.pulses * len(PULSES))
    return max(1, min(BATCH * 10, ARRAYS_AT_ONCE // each), -(-plan.count // BATCHES))


def swap(draft: Path, place: Path) -> None:
    """Put a directory in the place of another one, which is removed."""
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    draft.rename(place)
    shutil.rmtree(old, ignore_errors=True)
