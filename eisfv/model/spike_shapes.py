"""What a neuron does to its line when it fires: shapes through corners, in time from the firing, zero outside.

    name          corners (t, V)                                                              symmetric in time
    biphasic      (-arm, 0) (-edge/2, -peak) (edge/2, peak) (arm, 0)                            odd
    triangle      (-arm, 0) (0, peak) (arm, 0)                                                  even
    spike_tail    a spike of -peak, `width` long, then a tail from tail_peak that falls to 0 within `tail`
    hat           peak while |t| < centre, flank_peak out to |t| = flank                        even
    lobes         -peak at -outer < t < -inner, peak at inner < t < outer                       odd
    piecewise     through times and levels as they are given

`edge` is how long a jump takes; it is centred on the time at which the table has the jump.
"""

from itertools import pairwise
from typing import Annotated, Literal, Self, TypeVar

import numpy as np
from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic.dataclasses import dataclass

from eisfv.model.curve_points import check_ascending, check_one_for_each
from eisfv.model.fields import AtLeastTwo, Tagged, Time, Unit, Voltage
from eisfv.model.record import RECORD, Record, refuse

Corners = tuple[tuple[float, float], ...]
AnyTime = Annotated[float, Unit("time", "any")]
AShape = TypeVar("AShape", bound=Record)


@dataclass(frozen=True, config=RECORD)
class Biphasic(Record):
    """An arm down to -peak (V) before the firing, an arm from peak after it (s)."""

    shape: Literal["biphasic"] = Field(default="biphasic", kw_only=True)
    peak: Voltage
    arm: Time
    edge: Time

    @model_validator(mode="after")
    def _fits(self) -> Self:
        return _ordered(self, (0.5 * self.edge, "half the edge"), (self.arm, "arm"))

    def corners(self) -> Corners:
        return ((-self.arm, 0.0), *_jump(0.0, self.edge, -self.peak, self.peak), (self.arm, 0.0))


@dataclass(frozen=True, config=RECORD)
class Triangle(Record):
    """Up to peak (V) at the firing and down again, an arm (s) each."""

    shape: Literal["triangle"] = Field(default="triangle", kw_only=True)
    peak: Voltage
    arm: Time

    def corners(self) -> Corners:
        return ((-self.arm, 0.0), (0.0, float(self.peak)), (self.arm, 0.0))


@dataclass(frozen=True, config=RECORD)
class SpikeTail(Record):
    """-peak (V) over `width` (s) before the firing, then from tail_peak (default: peak) down within `tail` (s)."""

    shape: Literal["spike_tail"] = Field(default="spike_tail", kw_only=True)
    peak: Voltage
    width: Time
    edge: Time
    tail: Time
    tail_peak: Voltage | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _ordered(self, (self.edge, "edge"), (self.width, "width"))
        return _ordered(self, (0.5 * self.edge, "half the edge"), (self.tail, "tail"))

    def corners(self) -> Corners:
        top = self.peak if self.tail_peak is None else self.tail_peak
        down = _jump(-self.width, self.edge, 0.0, -self.peak)
        return (*down, *_jump(0.0, self.edge, -self.peak, float(top)), (float(self.tail), 0.0))


@dataclass(frozen=True, config=RECORD)
class Hat(Record):
    """peak (V) over |t| < centre (s), flank_peak (V) from there to |t| = flank."""

    shape: Literal["hat"] = Field(default="hat", kw_only=True)
    peak: Voltage
    centre: Time
    flank_peak: Voltage
    flank: Time
    edge: Time

    @model_validator(mode="after")
    def _fits(self) -> Self:
        return _two_jumps(self, self.edge, (self.centre, "centre"), (self.flank, "flank"))

    def corners(self) -> Corners:
        peak, low = float(self.peak), float(self.flank_peak)
        return _both_ways(1.0, *_jump(self.centre, self.edge, peak, low), *_jump(self.flank, self.edge, low, 0.0))


@dataclass(frozen=True, config=RECORD)
class Lobes(Record):
    """-peak (V) before and peak after the firing, both from |t| = inner to outer (s)."""

    shape: Literal["lobes"] = Field(default="lobes", kw_only=True)
    peak: Voltage
    inner: Time
    outer: Time
    edge: Time

    @model_validator(mode="after")
    def _fits(self) -> Self:
        return _two_jumps(self, self.edge, (self.inner, "inner"), (self.outer, "outer"))

    def corners(self) -> Corners:
        peak = float(self.peak)
        return _both_ways(-1.0, *_jump(self.inner, self.edge, 0.0, peak), *_jump(self.outer, self.edge, peak, 0.0))


@dataclass(frozen=True, config=RECORD)
class Piecewise(Record):
    """Straight lines through times (s, from the firing) and levels (V), which begin and end at zero."""

    shape: Literal["piecewise"] = Field(default="piecewise", kw_only=True)
    times: Annotated[tuple[AnyTime, ...], AtLeastTwo]
    levels: tuple[Voltage, ...]

    @field_validator("times")
    @classmethod
    def _ascends(cls, times: tuple[float, ...]) -> tuple[float, ...]:
        check_ascending(times, '["-80 ms", "0 s", "80 ms"]')
        return times

    @field_validator("levels")
    @classmethod
    def _closed(cls, levels: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        check_one_for_each(levels, info, "times")
        if levels and (levels[0] != 0.0 or levels[-1] != 0.0):
            refuse('must begin and end at "0 V": outside its corners the line is at rest')
        return levels

    def corners(self) -> Corners:
        return tuple(zip(map(float, self.times), map(float, self.levels), strict=True))


Shape = Biphasic | Triangle | SpikeTail | Hat | Lobes | Piecewise
AnyShape = Annotated[Shape, Tagged("shape")]


def level(corners: Corners, time: float) -> float:
    """Return the voltage of a shape at a time from its firing; all shapes begin and end at zero."""
    times, levels = zip(*corners, strict=True)
    return float(np.interp(time, times, levels))


def _jump(time: float, edge: float, before: float, after: float) -> Corners:
    """Return the corners of a jump from a level to another that is centred on a time."""
    return ((time - 0.5 * edge, before), (time + 0.5 * edge, after))


def _both_ways(sign: float, *after: tuple[float, float]) -> Corners:
    """Return the corners after the firing and before it, where the levels are `sign` times as high."""
    return (*((-time, sign * high) for time, high in reversed(after)), *after)


def _two_jumps(shape: AShape, edge: float, near: tuple[float, str], far: tuple[float, str]) -> AShape:
    """Refuse jumps at two times after the firing that do not leave each other, or the firing, room."""
    return _ordered(shape, (0.5 * edge, "half the edge"), near, (far[0] - edge, f"{far[1]} less edge"))


def _ordered(shape: AShape, *lengths: tuple[float, str]) -> AShape:
    """Refuse lengths that do not ascend."""
    for (short, small), (long, large) in pairwise(lengths):
        if not short < long:
            refuse(f"has {large} = {long:g} s, which is not above {small} = {short:g} s; lengthen it")
    return shape
