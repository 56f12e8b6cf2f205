"""The steps of a protocol: what is driven, how long, and what is read."""

from dataclasses import field
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Current, Energy, Tagged, Time, Unit, Voltage, YesNo
from eisfv.model.impedance import Impedance
from eisfv.model.quantity import Quantity
from eisfv.model.ramps import CurrentRate, VoltageRate
from eisfv.model.read_window import ALL, ReadWindow, within
from eisfv.model.record import RECORD, Record, refuse
from eisfv.model.until import Until
from eisfv.model.waveforms import AnyWaveform, Constant, Waveform


@dataclass(frozen=True, config=RECORD)
class Timed(Record):
    """What every step of a protocol has.

    duration        s; in a file it may be left out where the waveform has a length of its own
    until           ends the step earlier; it is then its time limit
    pulse           counts as a pulse in pulses.csv
    read            the conductance is averaged over this last stretch of the step (s); None: not read
    spike_interval  t_post - t_pre of the pair of spikes that a pulse is (s)
    between_lines   what its lines drive through their divider past the gate (J); both for whoever reads the result
    """

    duration: Time
    pulse: YesNo = Field(default=False, kw_only=True)
    read: Annotated[float, ReadWindow()] | None = Field(default=None, kw_only=True)
    spike_interval: Annotated[float, Unit("time", "any")] | None = field(default=None, kw_only=True, compare=False)
    between_lines: Energy | None = field(default=None, kw_only=True, compare=False)
    until: Until | None = Field(default=None, kw_only=True)

    @model_validator(mode="before")
    @classmethod
    def _lasts_as_long_as_its_waveform(cls, table: Any, info: ValidationInfo) -> Any:
        if not isinstance(table, dict) or "duration" in table or not isinstance(table.get("value"), dict):
            return table
        try:
            length = waveforms_of(str(table.get("drive"))).validate_python(table["value"], context=info.context).length
        except ValidationError:
            length = 1.0  # never seen: the value's own faults are told
        return table if length is None else table | {"duration": f"{repr(length).removesuffix('.0')} s"}

    @field_validator("read")
    @classmethod
    def _fits_the_step(cls, read: Quantity | None, info: ValidationInfo) -> Quantity | None:
        duration = info.data.get("duration")
        if read is None or duration is None:
            return read
        return within(read, duration)

    @field_validator("spike_interval", "between_lines")
    @classmethod
    def _is_of_a_pulse(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and info.data.get("pulse") is False:
            refuse("is of a step that is no pulse; add pulse = true, or remove it")
        return value

    @field_validator("until")
    @classmethod
    def _leaves_the_read(cls, until: Until | None, info: ValidationInfo) -> Until | None:
        read = info.data.get("read")
        if until is not None and read is not None and read.text != ALL:
            refuse(
                f'does not go with read = "{read.text}", as its end is not known before; read = "all", or read later'
            )
        return until


@dataclass(frozen=True, config=RECORD)
class OpenCircuitStep(Timed):
    """No current through the terminals."""

    drive: Literal["open_circuit"] = Field(default="open_circuit", kw_only=True)

    @field_validator("until")
    @classmethod
    def _can_be(cls, until: Until | None) -> Until | None:
        if until is not None and until.current is not None:
            refuse("waits for a current, and none flows at open circuit; remove it")
        return until

    @property
    def waveform(self) -> Waveform:
        """Return a current of zero."""
        return Constant(0.0)


@dataclass(frozen=True, config=RECORD)
class VoltageStep(Timed):
    """A voltage source (V), gate minus channel."""

    drive: Literal["voltage"] = Field(default="voltage", kw_only=True)
    value: AnyWaveform[Voltage, VoltageRate]

    @property
    def waveform(self) -> Waveform:
        """Return what the source does."""
        return self.value


@dataclass(frozen=True, config=RECORD)
class CurrentStep(Timed):
    """A current source (A), positive from gate to channel inside the device."""

    drive: Literal["current"] = Field(default="current", kw_only=True)
    value: AnyWaveform[Current, CurrentRate]

    @property
    def waveform(self) -> Waveform:
        """Return what the source does."""
        return self.value


Step: TypeAlias = OpenCircuitStep | VoltageStep | CurrentStep
AnyStep = Annotated[Step | Impedance, Tagged("drive")]


@lru_cache(maxsize=2)
def waveforms_of(drive: str) -> TypeAdapter[Waveform]:
    """Return what makes the waveforms of a drive."""
    return TypeAdapter(AnyWaveform[Current, CurrentRate] if drive == "current" else AnyWaveform[Voltage, VoltageRate])
