"""The outcomes of a fit's runs, kept on disk as they come in: a fit that was stopped goes on from them.

A run is known by its case and overrides, by what is made of it, by its mesh and by the version of eisfv; a changed
case, or a quantity read otherwise, finds nothing. A fit is the same from the same outcomes, so it need not be kept.
"""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.calibration.outcome import Outcome
from eisfv.calibration.plan import Entry
from eisfv.postprocess.quantities.expected import Quantity
from eisfv.postprocess.quantities.measured import Measured
from eisfv.result.errors import clear_errors

FILE = "outcomes.jsonl"


class Journal:
    """Outcomes by the key of their run, each a line of a file. Raises ResultError where it cannot be written."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE
        self.known: dict[str, Outcome] = dict(_lines(self.path))
        self.had = len(self.known)

    def add(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome."""
        self.known[key] = outcome
        with clear_errors(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, _written(outcome)]) + "\n")
            file.flush()
            os.fsync(file.fileno())


def key_of(*parts: Any) -> str:
    """Return the key of what a run is known by."""
    return sha256(repr(parts).encode()).hexdigest()


def taken(path: Path, entry: Entry) -> tuple[Any, ...]:
    """Return what an entry takes from a run."""
    q: Quantity = entry.quantity if isinstance(entry, Measured) else entry
    against = "" if q.against is None else q.against.text
    points = entry.x.tolist() if isinstance(entry, Measured) else []
    said = (q.table, q.column.text, against, q.region, q.select.text, q.reduce, q.share, q.toward, q.at, q.nth)
    return (str(path), entry.name, *said, points)


def _lines(path: Path) -> list[tuple[str, Outcome]]:
    """Return what a journal holds; a last line that was cut short is none."""
    if not path.is_file():
        return []
    found = []
    with clear_errors(path):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for line in lines:
        try:
            key, kept = json.loads(line)
            outcome = _read(kept)
            if not outcome.failure:  # it may have been for want of space
                found.append((str(key), outcome))
        except (ValueError, TypeError, KeyError):
            continue
    if lines and not lines[-1].endswith("\n"):
        with clear_errors(path), path.open("a", encoding="utf-8") as file:
            file.write("\n")
    return found


def _written(outcome: Outcome) -> dict[str, Any]:
    def pairs(of: Mapping[tuple[Path, str], Any]) -> list[Any]:
        return [[str(path), name, np.asarray(value).tolist()] for (path, name), value in of.items()]

    return {
        "values": pairs(outcome.values),
        "errors": pairs(outcome.errors),
        "failure": outcome.failure,
        "curves": pairs(outcome.curves),
    }


def _read(kept: Mapping[str, Any]) -> Outcome:
    values, errors = ({(Path(p), n): float(v) for p, n, v in kept[name]} for name in ("values", "errors"))
    curves = {(Path(p), n): np.array(v) for p, n, v in kept["curves"]}
    return Outcome(values, errors, str(kept["failure"]), curves)
