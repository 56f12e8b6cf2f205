"""The protocol of a resolved case as a list of steps: what the source does, from when to when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from eisfv.postprocess.extract.protocol import in_order

from eisfv.units import parse


@dataclass(frozen=True)
class Step:
    """A step of the protocol: drive "voltage", "current" or "open_circuit"; start and stop in s; straight lines
    through (times since the start, levels) in V or A; pulse: one that the run counts; read: s, 0: none."""

    drive: str
    start: float
    stop: float
    times: tuple[float, ...]
    levels: tuple[float, ...]
    pulse: bool
    read: float

    def stretches(self) -> Iterator[tuple[float, float, float, float]]:
        """Give start, stop (s since the step's start) and the level at both, between the corners."""
        duration = self.stop - self.start
        corners = sorted({0.0, duration, *(t for t in self.times if 0.0 < t < duration)})
        for early, late in pairwise(corners):
            yield early, late, self.level(early), self.level(late)

    def level(self, t: float) -> float:
        """Return the level at a time since the start."""
        return float(np.interp(t, self.times, self.levels))


def steps_of(case: Mapping[str, Any]) -> list[Step]:
    """Return every step of a resolved case's protocol in the order of time."""
    written, order = in_order(case["protocol"])
    known = [step_of(entry) for entry in written]
    steps: list[Step] = []
    time = 0.0
    for number in order.tolist():
        one = known[number]
        steps.append(replace(one, start=time, stop=time + one.stop))
        time += one.stop
    return steps


def step_of(entry: Mapping[str, Any]) -> Step:
    """Return a step as written, from time 0."""
    duration = parse(entry["duration"], "time")
    times, levels = course(entry)
    return Step(entry["drive"], 0.0, duration, times, levels, bool(entry.get("pulse")), window(entry, duration))


def course(entry: Mapping[str, Any]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the corners of a step's level, s and V or A."""
    if entry["drive"] == "open_circuit":
        return (0.0,), (0.0,)
    value = entry["value"]
    if isinstance(value, Mapping):
        levels = tuple(parse(level, entry["drive"]) for level in value["levels"])
        return tuple(parse(time, "time") for time in value["times"]), levels
    return (0.0,), (parse(value, entry["drive"]),)


def window(entry: Mapping[str, Any], duration: float) -> float:
    """Return the length of a step's read window, s; 0 without one."""
    text = entry.get("read")
    if text is None:
        return 0.0
    return duration if text == "all" else min(duration, parse(text.removeprefix("last "), "time"))
