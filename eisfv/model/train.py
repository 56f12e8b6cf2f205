"""Trains of equal pulses with gaps between them: one entry of a protocol, driven as a block of two steps."""

from math import inf
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Count, Current, Frequency, Tagged, Time, Unit, Voltage
from eisfv.model.quantity import Quantity
from eisfv.model.ramps import CurrentRate, VoltageRate
from eisfv.model.read_window import ReadWindow, within
from eisfv.model.record import RECORD, Record, refuse
from eisfv.model.waveforms import AnyWaveform

# What no other entry of a protocol has.
KEYS = ("count", "width", "gap", "frequency", "rest")


@dataclass(frozen=True, config=RECORD)
class Train(Record):
    """What every train has; in a file { drive = "voltage", value = "2 V", width = "10 ms", gap = "1 s", count = 20 }.

    width      of a pulse                                   s
    gap        between two pulses, and after the last; or   s
    frequency  of the pulses                                1/s
    count      how many
    read       the conductance is read in every gap, as that of a step
    """

    width: Time
    gap: Time | None = Field(default=None, kw_only=True)
    frequency: Frequency | None = Field(default=None, kw_only=True)
    count: Count = Field(kw_only=True)
    read: Annotated[float, ReadWindow()] | None = Field(default=None, kw_only=True)

    @field_validator("frequency")
    @classmethod
    def _leaves_a_gap(cls, frequency: float | None, info: ValidationInfo) -> float | None:
        width = info.data.get("width")
        if frequency is None:
            return None
        if info.data.get("gap") is not None:
            refuse("does not go with gap, which says it too; remove one of them")
        if width is not None and 1.0 / frequency <= width:
            refuse(f"leaves no gap: its period of {1.0 / frequency:.6g} s is no longer than the width of {width.text}")
        return frequency

    @field_validator("read")
    @classmethod
    def _fits_the_gap(cls, read: Quantity | None, info: ValidationInfo) -> Quantity | None:
        gap = info.data.get("gap")
        frequency, width = info.data.get("frequency"), info.data.get("width")
        if gap is None and frequency and width:
            gap = 1.0 / frequency - width
        return read if read is None or gap is None or read == inf else within(read, gap)

    @model_validator(mode="after")
    def _has_a_gap(self) -> Self:
        if self.gap is None and self.frequency is None:
            refuse('says no gap; add for example gap = "1 s", or frequency = "1 Hz"')
        return self

    @property
    def pause(self) -> Quantity:
        """Return the gap, s."""
        if isinstance(self.gap, Quantity):
            return self.gap
        assert self.frequency is not None
        return Unit("time").read(f"{1.0 / self.frequency - self.width:.15g} s")


@dataclass(frozen=True, config=RECORD)
class VoltageTrain(Train):
    """Voltage pulses (V), at open circuit between them or at a voltage `rest`."""

    drive: Literal["voltage"] = Field(default="voltage", kw_only=True)
    value: AnyWaveform[Voltage, VoltageRate]
    rest: Voltage | None = Field(default=None, kw_only=True)


@dataclass(frozen=True, config=RECORD)
class CurrentTrain(Train):
    """Current pulses (A), at open circuit between them or at a current `rest`."""

    drive: Literal["current"] = Field(default="current", kw_only=True)
    value: AnyWaveform[Current, CurrentRate]
    rest: Current | None = Field(default=None, kw_only=True)


AnyTrain = Annotated[VoltageTrain | CurrentTrain, Tagged("drive")]


def is_train(value: Any) -> bool:
    """Return whether an entry of a protocol is a train."""
    return isinstance(value, Train) or (isinstance(value, dict) and any(key in value for key in KEYS))
