"""The protocol of a resolved case as a list of steps: what the source does, from when to when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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
        times, levels = self.times, self.levels
        if t <= times[0]:
            return levels[0]
        for k in range(1, len(times)):
            if t <= times[k]:
                share = (t - times[k - 1]) / (times[k] - times[k - 1])
                return levels[k - 1] + share * (levels[k] - levels[k - 1])
        return levels[-1]


def steps_of(case: Mapping[str, Any]) -> list[Step]:
    """Return every step of a resolved case's protocol in the order of time."""
    steps: list[Step] = []
    time = 0.0
    for entry in entries(case["protocol"]):
        duration = parse(entry["duration"], "time")
        times, levels = course(entry)
        steps.append(
            Step(
                entry["drive"], time, time + duration, times, levels, bool(entry.get("pulse")), window(entry, duration)
            )
        )
        time += duration
    return steps


def entries(listed: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give the single steps of blocks within blocks."""
    for entry in listed:
        if "steps" in entry:
            for _ in range(int(entry.get("repeat", 1))):
                yield from entries(entry["steps"])
        else:
            yield entry


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
