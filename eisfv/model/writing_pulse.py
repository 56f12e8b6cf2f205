"""`[pulse]`: the pulse that writes a device. Protocol files count in it, so that one file suits every device."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Current, Tagged, Text, Time, Voltage
from eisfv.model.record import RECORD, Record, refuse


@dataclass(frozen=True, config=RECORD)
class WritingPulse(Record):
    """What every writing pulse has.

    width  of a pulse                                                                           s
    gap    from its end to where the conductance has been read                                  s
    bias   of the two lines of spike pairs, between spikes; without it `rest`, or 0 V at open circuit. A device whose
           open-circuit voltage is another is charged by it                                         V
    spike  voltage beyond the bias that the two lines of a spike pair reach together; without it the way from the bias
           to `up` of a voltage drive                                                               V
    """

    width: Time
    gap: Time
    spike: Voltage | None = Field(default=None, kw_only=True)
    bias: Voltage | None = Field(default=None, kw_only=True)


@dataclass(frozen=True, config=RECORD)
class VoltagePulse(WritingPulse):
    """A device that a voltage (V) writes: `up` raises its conductance, `down` lowers it. rest: of the source between
    pulses; without it open circuit."""

    drive: Literal["voltage"] = Field(default="voltage", kw_only=True)
    up: Voltage
    down: Voltage
    rest: Voltage | None = Field(default=None, kw_only=True)

    @model_validator(mode="after")
    def _writes(self) -> Self:
        _apart(self)
        return self


@dataclass(frozen=True, config=RECORD)
class CurrentPulse(WritingPulse):
    """A device that a current (A) writes: `up` raises its conductance, `down` lowers it. Between pulses it is at open
    circuit."""

    drive: Literal["current"] = Field(default="current", kw_only=True)
    up: Current
    down: Current

    @model_validator(mode="after")
    def _writes(self) -> Self:
        _apart(self)
        return self


AnyPulse = Annotated[VoltagePulse | CurrentPulse, Tagged("drive")]


def _apart(pulse: "VoltagePulse | CurrentPulse") -> None:
    """Refuse pulses that are none."""
    rest = getattr(pulse, "rest", None) or 0.0
    for name, level in (("up", pulse.up), ("down", pulse.down)):
        if level == rest:
            refuse(f"has {name} where the source rests: no pulse; give it another level")
    if (pulse.up > rest) == (pulse.down > rest):
        refuse("has up and down on one side of where the source rests; give them on either side")


@dataclass(frozen=True, config=RECORD)
class ProtocolFile(Record):
    """The protocol file that has taken the place of a case's own protocol."""

    name: Text
    sha256: Text
