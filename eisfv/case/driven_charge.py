"""The charge that the currents of a protocol drive, walked and never expanded, and where it first passes a bound.

A block that is driven n times brings n times its charge, and the highest it stands at is that of its first pass or of
its last: a train of a million pulses costs what one does. After a source of voltage, or a step that waits for
something, what has flown is not known: the walk ends there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from eisfv.case.problems import Key
from eisfv.model.driven import corners
from eisfv.model.impedance import Impedance
from eisfv.model.protocol import Block
from eisfv.model.ramps import Ramp
from eisfv.model.steps import CurrentStep, OpenCircuitStep, Step
from eisfv.model.waveforms import Constant

PIECES, LEAST = 256, 2  # of a waveform in all, and between two corners: Simpson's rule, exact where it is straight
ROUNDED = 1.0 + 1e-9  # what ends on a bound is not past it


class UnknownChargeError(Exception):
    """What has flown is not known from here on."""


@dataclass(frozen=True)
class Crossing:
    """Where the charge first passes a bound: the step with its key, how many times the blocks around it, from the
    outermost, had been driven of how many, and the time (s) at which that step begins."""

    key: Key
    step: Step
    passes: tuple[tuple[int, int], ...]
    time: float


def charge(step: Step) -> float:
    """Return the charge (C) that a step drives; `UnknownChargeError` where it does not say it itself."""
    if isinstance(step, OpenCircuitStep) and step.until is None:
        return 0.0
    if not isinstance(step, CurrentStep) or step.until is not None or isinstance(step.value, Ramp):
        raise UnknownChargeError
    if isinstance(step.value, Constant):
        return float(step.value.value(0.0) * step.duration)
    total, value = 0.0, step.waveform.value
    ends = [0.0, *corners(step)]
    pieces = max(LEAST, PIECES // len(ends))
    for start, stop in pairwise(ends):
        h = (stop - start) / pieces
        for k in range(pieces):
            a = start + k * h
            total += h / 6.0 * (value(a) + 4.0 * value(a + 0.5 * h) + value(a + h))
    return total


def reach(entry: Any) -> tuple[float, float, float]:
    """Return the charge of an entry, and the lowest and the highest that it comes to at the ends of steps, C."""
    if isinstance(entry, Impedance):
        return 0.0, 0.0, 0.0
    if not isinstance(entry, Block):
        total = charge(entry)
        return total, min(0.0, total), max(0.0, total)
    net, low, high = 0.0, 0.0, 0.0
    for inner in entry.steps:
        total, lowest, highest = reach(inner)
        low, high, net = min(low, net + lowest), max(high, net + highest), net + total
    earlier = (entry.repeat - 1) * net
    return entry.repeat * net, min(low, earlier + low), max(high, earlier + high)


def widest_swing(entries: Sequence[Any]) -> float:
    """Return the widest swing (C) of the charge between two steps that do not say what they drive."""
    widest = driven = lowest = highest = 0.0
    for entry in entries:
        try:
            net, low, high = reach(entry)
        except UnknownChargeError:
            driven = lowest = highest = 0.0
            if isinstance(entry, Block):
                widest = max(widest, widest_swing(entry.steps))
            continue
        lowest, highest, driven = min(lowest, driven + low), max(highest, driven + high), driven + net
        widest = max(widest, highest - lowest)
    return widest


def crossing(entries: Sequence[Any], bound: float, key: Key = ("protocol",)) -> Crossing | None:
    """Return where the charge first goes past a bound (C), upwards where it is positive, or None."""
    try:
        return next(_crossings(entries, abs(bound), 1.0 if bound > 0.0 else -1.0, key, 0.0, 0.0, ()), None)
    except UnknownChargeError:
        return None


def _crossings(
    entries: Sequence[Any],
    bound: float,
    sign: float,
    key: Key,
    driven: float,
    time: float,
    passes: tuple[tuple[int, int], ...],
) -> Iterator[Crossing]:
    """Yield the first crossing of entries that begin with a charge (C), counted along `sign`, at a time (s)."""
    for index, entry in enumerate(entries):
        net, low, high = reach(entry)
        once, most = (net, high) if sign > 0.0 else (-net, -low)
        if driven + most > ROUNDED * bound:
            here = (*key, index)
            if not isinstance(entry, Block):
                yield Crossing(here, entry, passes, time)
                return
            gained, peak = once / entry.repeat, most - max(0.0, once - once / entry.repeat)
            number = max(0, ceil((bound - driven - peak) / gained)) if gained > 0.0 else 0
            number = min(number, entry.repeat - 1)
            lasted = _duration(entry) / entry.repeat
            yield from _crossings(
                entry.steps,
                bound,
                sign,
                (*here, "steps"),
                driven + number * gained,
                time + number * lasted,
                (*passes, (number, entry.repeat)),
            )
            return
        driven, time = driven + once, time + _duration(entry)


def _duration(entry: Any) -> float:
    if isinstance(entry, Impedance):
        return 0.0
    if not isinstance(entry, Block):
        return float(entry.duration)
    return entry.repeat * sum(map(_duration, entry.steps))
