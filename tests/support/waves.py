"""A waveform that no table lists, and records with what their own validation would refuse."""

from copy import copy
from dataclasses import dataclass
from math import pi, sin
from typing import Any, TypeVar

from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant

Made = TypeVar("Made")


@dataclass(frozen=True)
class Sine:
    """A wave of so many periods in a duration (s), smooth from end to end."""

    level: float
    waves: float
    duration: float

    def value(self, t: float) -> float:
        return self.level * sin(2.0 * pi * self.waves * t / self.duration)

    def corners(self) -> tuple[float, ...]:
        return ()

    def extreme(self, duration: float) -> float:
        return self.level


@dataclass(frozen=True)
class Jump:
    """A level that comes at half the duration (s) without saying so: what no waveform may do."""

    level: float
    duration: float

    def value(self, t: float) -> float:
        return self.level if t > 0.5 * self.duration else 0.0

    def corners(self) -> tuple[float, ...]:
        return ()

    def extreme(self, duration: float) -> float:
        return self.level


def sine_step(waves: float, level: float = 1.0, duration: float = 1e-3) -> VoltageStep:
    """Return a pulse of a voltage that waves."""
    return driven_by(Sine(level, waves, duration), duration)


def driven_by(source: Any, duration: float) -> VoltageStep:
    """Return a pulse of any waveform, V."""
    return with_fields(VoltageStep(duration, Constant(0.0), pulse=True), value=source)


def with_fields(record: Made, **values: Any) -> Made:
    """Return a record with other values, whatever its validation says of them."""
    made = copy(record)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made
