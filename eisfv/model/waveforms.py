"""What the source does within one protocol step, as a function of the time since its start.

To add a waveform: a record with its own keys, `waveform` as its name, and what `Waveform` has; and a line of the table
at the end. In a case it is then `value = { waveform = "name", ... }`.
"""

from bisect import bisect_left
from itertools import pairwise
from math import exp, ulp
from typing import Annotated, Any, Generic, Literal, Protocol, TypeAlias, TypeVar

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import ArgsKwargs

from eisfv.model.curve_points import check_ascending, check_one_for_each
from eisfv.model.fields import Moment, NotEmpty, Time
from eisfv.model.ramps import Ramp, Sweep
from eisfv.model.record import RECORD, Record, refuse, written
from eisfv.model.sines import HalfSine, Sine

Level = TypeVar("Level", bound=float)
Rate = TypeVar("Rate", bound=float)

CLOSEST = 5e3  # ulp of the later corner: what lies between is then wrong by a ten-thousandth at most


class Waveform(Protocol):
    """Value in V or A at a time (s) from the start of the step, the times where it is not smooth, and the value of
    largest magnitude within [0, duration]. length (s): how long a step lasts that does not say it, None where it must.
    """

    @property
    def length(self) -> float | None: ...

    def value(self, t: float) -> float: ...

    def corners(self) -> tuple[float, ...]: ...

    def extreme(self, duration: float) -> float: ...


@dataclass(frozen=True, config=RECORD)
class Constant(Record, Generic[Level]):
    """The same level all the time; in a file the level alone: value = "0.5 V"."""

    waveform: Literal["constant"] = Field(default="constant", kw_only=True)
    level: Level

    @model_validator(mode="before")
    @classmethod
    def _a_level_alone(cls, value: Any) -> Any:
        return value if isinstance(value, dict | ArgsKwargs) else {"level": value}

    def written(self) -> Any:
        return written(self.level)

    @property
    def length(self) -> None:
        return None

    def value(self, t: float) -> float:
        return float(self.level)

    def corners(self) -> tuple[float, ...]:
        return ()

    def extreme(self, duration: float) -> float:
        return float(self.level)


@dataclass(frozen=True, config=RECORD)
class PiecewiseLinear(Record, Generic[Level]):
    """Straight lines through (time, level); constant before the first and after the last point.

    In a file value = { times = ["0 s", "1 ms"], levels = ["0 V", "1 V"] }.
    """

    waveform: Literal["piecewise_linear"] = Field(default="piecewise_linear", kw_only=True)
    times: Annotated[tuple[Moment, ...], NotEmpty]
    levels: tuple[Level, ...]

    @field_validator("times")
    @classmethod
    def _ascends(cls, times: tuple[float, ...]) -> tuple[float, ...]:
        check_ascending(times, '["0 s", "1 ms", "2 ms"]')
        for early, late in pairwise(times):
            if late - early < CLOSEST * ulp(late):
                apart = f"has corners {late - early:.3g} s apart at {late:.6g} s, too late to tell their distance"
                refuse(f"{apart}; let a step of the protocol begin before them and count from there")
        return times

    @field_validator("levels")
    @classmethod
    def _as_many_as_times(cls, levels: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        check_one_for_each(levels, info, "times")
        return levels

    def written(self) -> Any:
        return {"times": written(self.times), "levels": written(self.levels)}

    @property
    def length(self) -> float | None:
        return float(self.times[-1]) or None

    def value(self, t: float) -> float:
        times, levels = self.times, self.levels
        k = bisect_left(times, t)
        if k in (0, len(times)):
            return float(levels[0] if k == 0 else levels[-1])
        share = (t - times[k - 1]) / (times[k] - times[k - 1])
        return levels[k - 1] + share * (levels[k] - levels[k - 1])

    def corners(self) -> tuple[float, ...]:
        return self.times

    def extreme(self, duration: float) -> float:
        times = (0.0, *self.times, duration)
        return max((self.value(t) for t in times if t <= duration), key=abs)


@dataclass(frozen=True, config=RECORD)
class Exponential(Record, Generic[Level]):
    """An exponential ramp: from `start` at the beginning of the step toward `end`, the rest falling by 1/e in every
    time constant `tau` (s).

    In a file value = { waveform = "exponential", start = "0 V", end = "1 V", tau = "1 ms" }.
    """

    waveform: Literal["exponential"] = Field(default="exponential", kw_only=True)
    start: Level
    end: Level
    tau: Time

    @property
    def length(self) -> None:
        return None

    def value(self, t: float) -> float:
        return float(self.end + (self.start - self.end) * exp(-t / self.tau))

    def corners(self) -> tuple[float, ...]:
        return ()

    def extreme(self, duration: float) -> float:
        return max(self.value(0.0), self.value(duration), key=abs)


def waveform(value: Any) -> str:
    """Return the name of a waveform: what `waveform` says, and without it a text is a constant, a table a curve."""
    if isinstance(value, dict):
        return str(value.get("waveform", "piecewise_linear"))
    return getattr(value, "waveform", "constant")


AnyWaveform: TypeAlias = Annotated[
    Annotated[Constant[Level], Tag("constant")]
    | Annotated[PiecewiseLinear[Level], Tag("piecewise_linear")]
    | Annotated[HalfSine[Level], Tag("half_sine")]
    | Annotated[Exponential[Level], Tag("exponential")]
    | Annotated[Sweep[Level, Rate], Tag("sweep")]
    | Annotated[Ramp[Level, Rate], Tag("ramp")]
    | Annotated[Sine[Level], Tag("sine")],
    Discriminator(waveform),
]
