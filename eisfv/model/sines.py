"""Waveforms that are parts of a sine."""

from math import pi, sin
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Frequency, Time, Whole
from eisfv.model.record import RECORD, Record

Level = TypeVar("Level", bound=float)

MOST_CYCLES = 1000  # more of them are steps of a repeated block


@dataclass(frozen=True, config=RECORD)
class HalfSine(Record, Generic[Level]):
    """Half a period of a sine: amplitude sin(pi t / width) until `width` (s), then zero.

    In a file value = { waveform = "half_sine", amplitude = "1 V", width = "1 ms" }.
    """

    waveform: Literal["half_sine"] = Field(default="half_sine", kw_only=True)
    amplitude: Level
    width: Time

    @property
    def length(self) -> float:
        return float(self.width)

    def value(self, t: float) -> float:
        return float(self.amplitude * sin(pi * t / self.width)) if 0.0 < t < self.width else 0.0

    def corners(self) -> tuple[float, ...]:
        return (float(self.width),)

    def extreme(self, duration: float) -> float:
        return self.value(min(0.5 * self.width, duration))


@dataclass(frozen=True, config=RECORD)
class Sine(Record, Generic[Level]):
    """Whole periods of a sine: offset + amplitude sin(2 pi frequency t), then the offset.

    In a file value = { waveform = "sine", amplitude = "10 mV", offset = "1 V", frequency = "10 Hz", cycles = 5 }.
    """

    waveform: Literal["sine"] = Field(default="sine", kw_only=True)
    amplitude: Level
    frequency: Frequency
    offset: Level | None = Field(default=None, kw_only=True)
    cycles: Annotated[int, Whole(1, "5", MOST_CYCLES)] = Field(default=1, kw_only=True)

    @property
    def length(self) -> float:
        return self.cycles / float(self.frequency)

    def value(self, t: float) -> float:
        wave = self.amplitude * sin(2.0 * pi * self.frequency * t) if 0.0 < t < self.length else 0.0
        return float((self.offset or 0.0) + wave)

    def corners(self) -> tuple[float, ...]:
        return (self.length,)

    def extreme(self, duration: float) -> float:
        quarters = (0.25 / self.frequency, 0.75 / self.frequency)
        return max((self.value(t) for t in (0.0, *quarters, duration) if t <= duration), key=abs)
