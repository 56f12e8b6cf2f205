"""The protocol of a resolved case, blocks expanded: the steps in the order they were driven."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import nan
from pathlib import Path
from zlib import crc32

import numpy as np

from eisfv.result import ResultError
from eisfv.result.file_names import CASE
from eisfv.units import parse

OPEN_CIRCUIT = "open_circuit"


@dataclass(frozen=True)
class Step:
    """A step of the protocol.

    drive           "voltage", "current" or "open_circuit"
    start, end      s
    times, levels   what the source does: straight lines through times since the start (s) and levels (V or A)
    pulse           whether the run counts it as one
    read            length of the read window at its end, s; 0: none
    waveform        number that tells waveforms apart, equal in all runs; 0 where the level is constant
    spike_interval  s; NaN where there is none
    """

    drive: str
    start: float
    end: float
    times: tuple[float, ...]
    levels: tuple[float, ...]
    pulse: bool
    read: float
    waveform: int = 0
    spike_interval: float = nan

    def stretches(self) -> Iterator[tuple[float, float, float, float]]:
        """Give start, end (s since the step's start) and the level at both, between the corners."""
        duration = self.end - self.start
        corners = sorted({0.0, duration, *(t for t in self.times if 0.0 < t < duration)})
        for early, late in pairwise(corners):
            yield early, late, self.level(early), self.level(late)

    def level(self, t: float) -> float:
        """Return the level at a time since the start."""
        return float(np.interp(t, self.times, self.levels))


@dataclass(frozen=True)
class ProtocolSteps:
    """All steps of a protocol; arrays have one entry a step.

    written  the steps as the case writes them, each once and from time 0
    order    (n) numbers of `written` as they were driven
    """

    written: tuple[Step, ...]
    order: np.ndarray

    def column(self, values: Iterable[float | str]) -> np.ndarray:
        """Return values of the written steps in the order driven."""
        return np.asarray(np.array(list(values))[self.order])

    @cached_property
    def duration(self) -> np.ndarray:
        """Return how long the steps are, s, as the case writes it."""
        return self.column(step.end for step in self.written)

    @cached_property
    def end(self) -> np.ndarray:
        """Return when the steps end, s."""
        return np.cumsum(self.duration)

    @cached_property
    def start(self) -> np.ndarray:
        """Return when the steps start, s."""
        return np.concatenate([[0.0], self.end[:-1]])

    @cached_property
    def drive(self) -> np.ndarray:
        """Return what drives: "voltage", "current" or "open_circuit"."""
        return self.column(step.drive for step in self.written)

    @cached_property
    def pulse(self) -> np.ndarray:
        """Return which steps are pulses."""
        return self.column(step.pulse for step in self.written)

    @cached_property
    def waveform(self) -> np.ndarray:
        """Return the numbers of the waveforms."""
        return self.column(step.waveform for step in self.written)

    @cached_property
    def spike_interval(self) -> np.ndarray:
        """Return the spike intervals, s."""
        return self.column(step.spike_interval for step in self.written)

    @cached_property
    def rest(self) -> np.ndarray:
        """Return in which steps nothing is written: at open circuit or at a constant 0 V, and no pulse."""
        return self.column(rests(step) for step in self.written)

    def steps(self) -> list[Step]:
        """Return every step with its times."""
        placed = zip(self.order.tolist(), self.start.tolist(), self.end.tolist(), strict=True)
        return [replace(self.written[number], start=start, end=end) for number, start, end in placed]


def rests(step: Step) -> bool:
    """Return whether nothing is written in a step."""
    grounded = step.drive == "voltage" and step.waveform == 0 and step.levels == (0.0,)
    return not step.pulse and (step.drive == OPEN_CIRCUIT or grounded)


def protocol_steps(case: Mapping[str, object], run: Path) -> ProtocolSteps:
    """Return the steps of a resolved case. Raises ResultError, naming the file in the run directory."""
    entries: list[Mapping[str, object]] = []
    try:
        order = walked(case["protocol"], entries)
        return ProtocolSteps(tuple(step_of(entry) for entry in entries), order)
    except (KeyError, TypeError, ValueError) as error:
        why = f"the protocol of {run / CASE} cannot be read ({error})"
        raise ResultError(f"{why}; it is not the one eisfv wrote, run the case again") from None


def walked(entries: object, written: list[Mapping[str, object]]) -> np.ndarray:
    """Return the numbers of the steps in the order driven; every step is added to `written` once.

    Raises TypeError, ValueError.
    """
    parts = []
    for entry in tables(entries):
        if "steps" in entry:
            repeat = entry.get("repeat", 1)
            if not isinstance(repeat, int) or repeat < 1:
                raise ValueError(f"repeat = {repeat}")
            parts.append(np.tile(walked(entry["steps"], written), repeat))
        else:
            parts.append(np.array([len(written)]))
            written.append(entry)
    return np.concatenate(parts)


def tables(entries: object) -> Sequence[Mapping[str, object]]:
    """Return a list of tables as what it is. Raises TypeError."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TypeError("steps that are no list of tables")
    return entries


def step_of(entry: Mapping[str, object]) -> Step:
    """Return a step as written, from time 0. Raises KeyError, TypeError, ValueError."""
    drive, duration, interval = str(entry["drive"]), parse(entry["duration"], "time"), entry.get("spike_interval")
    value = None if drive == OPEN_CIRCUIT else entry["value"]
    times, levels = corners(value, drive)
    return Step(
        drive=drive,
        start=0.0,
        end=duration,
        times=times,
        levels=levels,
        pulse=entry.get("pulse") is True,
        read=read_window(entry.get("read"), duration),
        waveform=crc32(f"{drive} {sorted(value.items())}".encode()) if isinstance(value, dict) else 0,
        spike_interval=nan if interval is None else parse(interval, "time"),
    )


def corners(value: object, drive: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the corners of a step's level, s and V or A."""
    if value is None:
        return (0.0,), (0.0,)
    if isinstance(value, dict):
        levels = tuple(parse(level, drive) for level in value["levels"])
        return tuple(parse(time, "time") for time in value["times"]), levels
    return (0.0,), (parse(value, drive),)


def read_window(read: object, duration: float) -> float:
    """Return the length of a step's read window, s; 0 without one."""
    if read is None:
        return 0.0
    return duration if read == "all" else min(duration, parse(str(read).removeprefix("last "), "time"))
