"""The protocol of a resolved case, blocks expanded: the steps in the order they were driven."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import nan
from typing import NamedTuple
from zlib import crc32

import numpy as np

from eisfv.model.driven import corners
from eisfv.model.impedance import Impedance
from eisfv.model.protocol import Block, Protocol
from eisfv.model.steps import Step
from eisfv.model.waveforms import Constant, Waveform

OPEN_CIRCUIT = "open_circuit"
# Where a waveform is asked whether it is straight: at no simple share of a period that would hide a wave.
SHARES = tuple(k * 0.618034 % 1.0 for k in range(1, 6))
ROUNDING = 1e-9  # of a waveform's largest level: what a straight line may miss


class Stretch(NamedTuple):
    """What a source does between two corners: from early to late (s since the step's start) and from first to last
    (V or A); straight: along a line."""

    early: float
    late: float
    first: float
    last: float
    straight: bool


@dataclass(frozen=True)
class DrivenStep:
    """A step of the protocol as it was driven.

    start  s; rounded, late in a run by more than a short step lasts
    """

    written: Step
    start: float

    @property
    def duration(self) -> float:
        """Return how long it lasts, s."""
        return float(self.written.duration)

    @property
    def end(self) -> float:
        """Return when it ends, s, rounded as the start is."""
        return self.start + self.duration

    @property
    def drive(self) -> str:
        """Return what drives: "voltage", "current" or "open_circuit"."""
        return self.written.drive

    @property
    def source(self) -> Waveform:
        """Return what the source does against the time since the start, V or A."""
        return self.written.waveform

    @property
    def pulse(self) -> bool:
        """Return whether the run counts it as a pulse."""
        return self.written.pulse

    @property
    def read(self) -> float:
        """Return the length of the read window at its end, s; 0: none."""
        return float(self.written.read or 0.0)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Return what the source does between its corners."""
        miss = ROUNDING * abs(self.source.extreme(self.duration))
        ends = pairwise([0.0, *corners(self.written)])
        return tuple(stretch(self.source, early, late, miss) for early, late in ends)


def stretch(source: Waveform, early: float, late: float, miss: float) -> Stretch:
    """Return what a source does from early to late; straight where it misses the line by no more than `miss`."""
    first, last = source.value(early), source.value(late)
    straight = all(
        abs(source.value(early + share * (late - early)) - (first + share * (last - first))) <= miss for share in SHARES
    )
    return Stretch(early, late, first, last, straight)


def begins(steps: Sequence[DrivenStep]) -> list[float]:
    """Return when steps that follow one another begin, s after the first of them, and when the last one ends."""
    return [0.0, *accumulate(step.duration for step in steps)]


@dataclass(frozen=True)
class ProtocolSteps:
    """All steps of a protocol; arrays have one entry a step.

    written  the steps as the case writes them, each once
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
        return self.column(float(step.duration) for step in self.written)

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
        """Return numbers that tell waveforms apart, equal in all runs; 0 where the level is constant."""
        return self.column(number_of(step) for step in self.written)

    @cached_property
    def spike_interval(self) -> np.ndarray:
        """Return the spike intervals, s; NaN where there is none."""
        intervals = (step.spike_interval for step in self.written)
        return self.column(nan if interval is None else float(interval) for interval in intervals)

    @cached_property
    def rest(self) -> np.ndarray:
        """Return in which steps nothing is written: at open circuit or at 0 V, and no pulse."""
        return self.column(rests(step) for step in self.written)

    def steps(self) -> list[DrivenStep]:
        """Return every step with its times."""
        placed = zip(self.order.tolist(), self.start.tolist(), strict=True)
        return [DrivenStep(self.written[number], start) for number, start in placed]


def number_of(step: Step) -> int:
    """Return a number that tells the waveform of a step from others."""
    return 0 if isinstance(step.waveform, Constant) else crc32(f"{step.drive} {step.waveform!r}".encode())


def rests(step: Step) -> bool:
    """Return whether nothing is written in a step."""
    grounded = step.drive == "voltage" and step.waveform.extreme(step.duration) == 0.0
    return not step.pulse and (step.drive == OPEN_CIRCUIT or grounded)


def protocol_steps(entries: Sequence[Block | Step | Impedance]) -> ProtocolSteps:
    """Return the steps of a case's protocol."""
    return ProtocolSteps(tuple(Protocol(tuple(entries)).steps), driven(entries, 0))


def driven(entries: Sequence[Block | Step | Impedance], first: int) -> np.ndarray:
    """Return the numbers of the steps in the order driven; `first` is that of the first one."""
    parts = []
    for entry in entries:
        if isinstance(entry, Block):
            once = driven(entry.steps, first)
            parts.append(np.tile(once, entry.repeat))
            first = int(once.max(initial=first - 1)) + 1
        elif not isinstance(entry, Impedance):
            parts.append(np.array([first]))
            first += 1
    return np.concatenate([np.empty(0, int), *parts])
