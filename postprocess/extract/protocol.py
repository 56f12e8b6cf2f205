"""The steps of a resolved case in the order they were driven, blocks expanded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from zlib import crc32

import numpy as np

from eisfv.result import ResultError
from eisfv.result.file_names import CASE
from eisfv.units import UnitError, parse

DIMENSION = {"voltage": "voltage", "current": "current"}


@dataclass(frozen=True)
class Steps:
    """All steps of a protocol; arrays of one entry a step.

    start, end  s
    duration    s, as the case writes it
    drive       "voltage", "current" or "open_circuit"
    pulse       whether it is one
    value       V or A of a constant source; NaN of a curve, and at open circuit
    curve       number that tells waveforms apart, equal in all runs; 0 where the value is constant
    interval    spike interval, s; NaN where there is none
    """

    start: np.ndarray
    end: np.ndarray
    duration: np.ndarray
    drive: np.ndarray
    pulse: np.ndarray
    value: np.ndarray
    curve: np.ndarray
    interval: np.ndarray

    @property
    def rest(self) -> np.ndarray:
        """Return whether nothing is written in a step: at open circuit or at 0 V, and no pulse."""
        idle = (self.drive == "open_circuit") | ((self.drive == "voltage") & (self.value == 0.0))
        return np.asarray(idle & ~self.pulse)


@dataclass(frozen=True)
class Leaf:
    """A step as the case writes it, its columns as in `Steps`."""

    duration: float
    drive: str
    pulse: bool
    value: float
    curve: int
    interval: float


def steps_of(case: Mapping[str, object], run: Path) -> Steps:
    """Return the steps of a resolved case. Raises ResultError, naming the file in the run directory."""
    try:
        written, order = in_order(case["protocol"])
        leaves = [leaf(entry) for entry in written]
    except (KeyError, TypeError, ValueError, UnitError) as error:
        why = f"the protocol of {run / CASE} cannot be read ({error})"
        raise ResultError(f"{why}; it is not the one eisfv wrote, run the case again") from None
    columns = {field.name: np.array([getattr(leaf, field.name) for leaf in leaves])[order] for field in fields(Leaf)}
    end = np.cumsum(columns["duration"])
    return Steps(start=np.concatenate([[0.0], end[:-1]]), end=end, **columns)


def in_order(entries: object) -> tuple[list[Mapping[str, object]], np.ndarray]:
    """Return the steps as they are written, and their numbers in the order driven. Raises TypeError, ValueError."""
    written: list[Mapping[str, object]] = []
    return written, ordered(entries, written)


def ordered(entries: object, written: list[Mapping[str, object]]) -> np.ndarray:
    """Return the numbers of the steps in the order driven; every step is added to `written` once."""
    parts = []
    for entry in entries_of(entries):
        if "steps" in entry:
            repeat = entry.get("repeat", 1)
            if not isinstance(repeat, int) or repeat < 1:
                raise ValueError(f"repeat = {repeat}")
            parts.append(np.tile(ordered(entry["steps"], written), repeat))
        else:
            parts.append(np.array([len(written)]))
            written.append(entry)
    return np.concatenate(parts)


def entries_of(entries: object) -> Sequence[Mapping[str, object]]:
    """Return a list of tables as what it is. Raises TypeError."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TypeError("steps that are no list of tables")
    return entries


def leaf(entry: Mapping[str, object]) -> Leaf:
    """Return a step as written. Raises KeyError, ValueError, UnitError."""
    drive, value, interval = str(entry["drive"]), entry.get("value"), entry.get("spike_interval")
    constant = isinstance(value, str) and drive in DIMENSION
    return Leaf(
        duration=parse(entry["duration"], "time"),
        drive=drive,
        pulse=entry.get("pulse") is True,
        value=parse(value, DIMENSION[drive]) if constant else float("nan"),
        curve=crc32(f"{drive} {sorted(value.items())}".encode()) if isinstance(value, dict) else 0,
        interval=float("nan") if interval is None else parse(interval, "time"),
    )
