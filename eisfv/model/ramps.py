"""Waveforms at a constant rate: there and back as in a cyclic voltammogram, or to a level and on at it."""

from dataclasses import replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Time, Unit, Whole
from eisfv.model.record import RECORD, Record, refuse

Level = TypeVar("Level", bound=float)
Rate = TypeVar("Rate", bound=float)

MOST_CYCLES = 10_000  # each has its own corners


def _without_direction(rate: float) -> float:
    if rate == 0.0:
        refuse("must be greater than zero: at that rate nothing changes")
    if rate < 0.0:
        refuse("must be greater than zero: from and to say the direction; write it without the sign")
    return rate


VoltageRate = Annotated[float, Unit("voltage per time", "any"), AfterValidator(_without_direction)]
CurrentRate = Annotated[float, Unit("current per time", "any"), AfterValidator(_without_direction)]


@dataclass(frozen=True, config=RECORD)
class Sweep(Record, Generic[Level, Rate]):
    """There and back at a constant rate, cycle after cycle, then constant:

        from -> to -> from,    with a vertex    from -> to -> vertex -> from

    rate  of the change, without its direction    V/s or A/s

    In a file value = { waveform = "sweep", from = "0 V", to = "1 V", rate = "50 mV/s", cycles = 3 }.
    """

    waveform: Literal["sweep"] = Field(default="sweep", kw_only=True)
    from_: Annotated[Level, Field(alias="from")]
    to: Level
    rate: Rate
    vertex: Level | None = Field(default=None, kw_only=True)
    cycles: Annotated[int, Whole(1, "3", MOST_CYCLES)] = Field(default=1, kw_only=True)

    @field_validator("to")
    @classmethod
    def _is_elsewhere(cls, to: float, info: ValidationInfo) -> float:
        if to == info.data.get("from_"):
            refuse("equals from: nothing changes; give another level")
        return to

    @field_validator("vertex")
    @classmethod
    def _is_a_turn(cls, vertex: float | None, info: ValidationInfo) -> float | None:
        for name, key in (("from_", "from"), ("to", "to")):
            if vertex is not None and vertex == info.data.get(name):
                refuse(f"equals {key}; leave it out, or give another level")
        return vertex

    @cached_property
    def cycle(self) -> tuple[tuple[float, float], ...]:
        """Return the corners (s, level) of one cycle, its beginning and end among them."""
        turns = [self.from_, self.to, *([] if self.vertex is None else [self.vertex]), self.from_]
        levels = [float(level) for level in turns]
        times = accumulate((abs(b - a) / self.rate for a, b in pairwise(levels)), initial=0.0)
        return tuple(zip(times, levels, strict=True))

    @property
    def length(self) -> float:
        return self.cycles * self.cycle[-1][0]

    def value(self, t: float) -> float:
        period = self.cycle[-1][0]
        number = min(max(int(t / period), 0), self.cycles - 1)
        since = t - number * period
        for (early, first), (late, last) in pairwise(self.cycle):
            if since <= late:
                return first + max(since - early, 0.0) / (late - early) * (last - first)
        return self.cycle[-1][1]

    def corners(self) -> tuple[float, ...]:
        period = self.cycle[-1][0]
        inner = (number * period + time for number in range(self.cycles) for time, _ in self.cycle[:-1])
        return (*inner, self.length)

    def extreme(self, duration: float) -> float:
        times = (duration, *(time for time, _ in self.cycle))
        return max((self.value(t) for t in times if t <= duration), key=abs)


@dataclass(frozen=True, config=RECORD)
class Ramp(Record, Generic[Level, Rate]):
    """A straight line to a level, that then holds.

    from      where it begins; without it where the source stands when the step begins    V or A
    duration  of the way, or                                                              s
    rate      of the change, without its direction                                        V/s or A/s

    In a file value = { waveform = "ramp", to = "1 V", rate = "50 mV/s" }.
    """

    waveform: Literal["ramp"] = Field(default="ramp", kw_only=True)
    to: Level
    from_: Annotated[Level | None, Field(alias="from")] = Field(default=None, kw_only=True)
    duration: Time | None = Field(default=None, kw_only=True)
    rate: Rate | None = Field(default=None, kw_only=True)

    @field_validator("from_")
    @classmethod
    def _is_elsewhere(cls, level: float | None, info: ValidationInfo) -> float | None:
        if level is not None and level == info.data.get("to"):
            refuse("equals to: nothing changes; give another level")
        return level

    @field_validator("rate")
    @classmethod
    def _alone(cls, rate: float | None, info: ValidationInfo) -> float | None:
        if rate is not None and info.data.get("duration") is not None:
            refuse("does not go with duration, which says it too; remove one of them")
        return rate

    @model_validator(mode="after")
    def _takes_its_time(self) -> Self:
        if self.duration is None and self.rate is None:
            refuse('takes no time; add for example duration = "10 s", or rate = "50 mV/s"')
        return self

    @property
    def length(self) -> float | None:
        if self.duration is not None:
            return float(self.duration)
        return None if self.from_ is None or self.rate is None else abs(self.to - self.from_) / float(self.rate)

    @property
    def begins(self) -> float:
        """Return the level where it begins."""
        if self.from_ is None:
            raise ValueError("a ramp from where the source stands has no value before its step begins")
        return float(self.from_)

    def begun(self, level: Level) -> Self:
        """Return the ramp where the source stands at a level (V or A) as it begins."""
        return self if self.from_ is not None else replace(self, from_=level)

    def value(self, t: float) -> float:
        length = self.length
        if not length or t >= length:
            return float(self.to)
        return self.begins + max(t, 0.0) / length * (self.to - self.begins)

    def corners(self) -> tuple[float, ...]:
        return (self.length,) if self.length else ()

    def extreme(self, duration: float) -> float:
        """Return the value of largest magnitude; `to` where it is not known where the ramp begins."""
        if self.from_ is None:
            return float(self.to)
        return max(self.value(0.0), self.value(duration), key=abs)
