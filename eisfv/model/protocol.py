"""The protocol: steps in the order in which they are driven, blocks of them repeated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from math import inf
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, GetCoreSchemaHandler, Tag, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass, rebuild_dataclass
from pydantic_core import CoreSchema, core_schema

from eisfv.model.fields import Count, Current, NotEmpty, Tagged, Time, Unit, Voltage, YesNo
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Reading, Record, refuse
from eisfv.model.waveforms import AnyWaveform, Constant, Waveform


class ReadWindow:
    """Marks `read`: "all", or "last 5 s"; in Python the length of the last stretch of the step in s."""

    def check(self, value: Any, info: ValidationInfo) -> Quantity:
        if isinstance(value, float) and not isinstance(info.context, Reading):
            return value if isinstance(value, Quantity) else Quantity(value, f"last {value!r} s")
        if value == "all":
            return Quantity(inf, value)
        if not isinstance(value, str) or not value.startswith("last "):
            refuse('must be "all" or a last stretch of the step; write for example "last 5 s"')
        window = Unit("time").read(value.removeprefix("last "))
        return Quantity(window, f"last {window.text}")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.check)


@dataclass(frozen=True, config=RECORD)
class Timed(Record):
    """What every step of a protocol has.

    duration        s
    pulse           counts as a pulse in pulses.csv
    read            the conductance is averaged over this last stretch of the step (s); None: not read
    spike_interval  t_post - t_pre of the pair of spikes that a pulse is (s); for whoever reads the result, not solved
                    with
    """

    duration: Time
    pulse: YesNo = Field(default=False, kw_only=True)
    read: Annotated[float, ReadWindow()] | None = Field(default=None, kw_only=True)
    spike_interval: Annotated[float, Unit("time", "any")] | None = field(default=None, kw_only=True, compare=False)

    @field_validator("read")
    @classmethod
    def _fits_the_step(cls, read: Quantity | None, info: ValidationInfo) -> Quantity | None:
        duration = info.data.get("duration")
        if read is None or duration is None:
            return read
        if duration < read < inf:
            refuse(f'is longer than the step of {duration.text}; write for example "last {duration.text}"')
        return Quantity(min(read, duration), read.text)

    @field_validator("spike_interval")
    @classmethod
    def _is_of_a_pulse(cls, interval: float | None, info: ValidationInfo) -> float | None:
        if interval is not None and info.data.get("pulse") is False:
            refuse("is of a step that is no pulse; add pulse = true, or remove it")
        return interval


@dataclass(frozen=True, config=RECORD)
class OpenCircuitStep(Timed):
    """No current through the terminals."""

    drive: Literal["open_circuit"] = Field(default="open_circuit", kw_only=True)

    @property
    def waveform(self) -> Waveform:
        """Return a current of zero."""
        return Constant(0.0)


@dataclass(frozen=True, config=RECORD)
class VoltageStep(Timed):
    """A voltage source (V), gate minus channel."""

    drive: Literal["voltage"] = Field(default="voltage", kw_only=True)
    value: AnyWaveform[Voltage]

    @property
    def waveform(self) -> Waveform:
        """Return what the source does."""
        return self.value


@dataclass(frozen=True, config=RECORD)
class CurrentStep(Timed):
    """A current source (A), positive from gate to channel inside the device."""

    drive: Literal["current"] = Field(default="current", kw_only=True)
    value: AnyWaveform[Current]

    @property
    def waveform(self) -> Waveform:
        """Return what the source does."""
        return self.value


Step: TypeAlias = OpenCircuitStep | VoltageStep | CurrentStep
AnyStep = Annotated[Step, Tagged("drive")]


@dataclass(frozen=True, config=RECORD)
class Block(Record):
    """Steps driven `repeat` times over; one of them may be a block itself."""

    repeat: Count = Field(default=1, kw_only=True)
    steps: Annotated[tuple["Entry", ...], NotEmpty]


def _block_or_step(value: Any) -> str:
    is_block = isinstance(value, Block) or (isinstance(value, dict) and ("steps" in value or "repeat" in value))
    return "block" if is_block else "step"


Entry = Annotated[Annotated[Block, Tag("block")] | Annotated[AnyStep, Tag("step")], Discriminator(_block_or_step)]
rebuild_dataclass(Block)  # type: ignore[arg-type]


@plain_dataclass(frozen=True)
class Protocol:
    """Steps and blocks one after the other; iterated and counted as they are driven."""

    entries: tuple[Block | Step, ...]

    def __len__(self) -> int:
        return number_of_steps(self.entries)

    def __iter__(self) -> Iterator[Step]:
        for entry in self.entries:
            yield from _driven(entry)

    @property
    def steps(self) -> Iterator[Step]:
        """Give every step once, however often it is driven."""
        for entry in self.entries:
            yield from _written(entry)

    @property
    def duration(self) -> float:
        """Return the simulated time of the whole protocol in s."""
        return sum(_duration(entry) for entry in self.entries)

    @property
    def pulses(self) -> int:
        """Return the number of steps marked as pulses."""
        return sum(_pulses(entry) for entry in self.entries)


def number_of_steps(entries: Iterable[Block | Step]) -> int:
    """Return how many steps are driven, those of blocks as often as they are repeated; None entries count nothing."""
    return sum(_number(entry) for entry in entries)


def _driven(entry: Block | Step) -> Iterator[Step]:
    if not isinstance(entry, Block):
        yield entry
        return
    for _ in range(entry.repeat):
        for inner in entry.steps:
            yield from _driven(inner)


def _written(entry: Block | Step) -> Iterator[Step]:
    if not isinstance(entry, Block):
        yield entry
        return
    for inner in entry.steps:
        yield from _written(inner)


def _number(entry: Block | Step) -> int:
    return entry.repeat * sum(map(_number, entry.steps)) if isinstance(entry, Block) else 1


def _duration(entry: Block | Step) -> float:
    return entry.repeat * sum(map(_duration, entry.steps)) if isinstance(entry, Block) else float(entry.duration)


def _pulses(entry: Block | Step) -> int:
    return entry.repeat * sum(map(_pulses, entry.steps)) if isinstance(entry, Block) else int(entry.pulse)
