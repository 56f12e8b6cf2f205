"""The protocol: steps in the order in which they are driven, blocks of them repeated."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass as plain_dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
)
from pydantic.dataclasses import dataclass, rebuild_dataclass

from eisfv.model.fields import Count, NotEmpty
from eisfv.model.impedance import Impedance
from eisfv.model.record import RECORD, Record, refuse
from eisfv.model.steps import AnyStep, CurrentStep, OpenCircuitStep, Step, VoltageStep, waveforms_of
from eisfv.model.train import AnyTrain, CurrentTrain, VoltageTrain, is_train

LARGEST_STEPS = 1e9  # blocks repeated: a day of nothing but starting steps


@dataclass(frozen=True, config=RECORD)
class Block(Record):
    """Steps driven `repeat` times over; one of them may be a block itself."""

    repeat: Count = Field(default=1, kw_only=True)
    steps: Annotated[tuple["Entry", ...], NotEmpty]


def _pulses_and_gaps(train: VoltageTrain | CurrentTrain) -> Block:
    """Return what a train means."""
    kind = VoltageStep if isinstance(train, VoltageTrain) else CurrentStep
    gap: Step = OpenCircuitStep(train.pause, read=train.read)
    if train.rest is not None:
        # Constant(...) would lose how it was written
        level: Any = waveforms_of(train.drive).validate_python(train.rest)
        gap = kind(train.pause, level, read=train.read)
    pulse = kind(train.width, train.value, pulse=True)
    return Block((pulse, gap), repeat=train.count)


def _kind(value: Any) -> str:
    if isinstance(value, Block) or (isinstance(value, dict) and ("steps" in value or "repeat" in value)):
        return "block"
    return "train" if is_train(value) else "step"


if TYPE_CHECKING:
    Entry = Block | Step | Impedance  # a train is a block as soon as it is read
else:
    Entry = Annotated[
        Annotated[Block, Tag("block")]
        | Annotated[AnyTrain, AfterValidator(_pulses_and_gaps), Tag("train")]
        | Annotated[AnyStep, Tag("step")],
        Discriminator(_kind),
    ]
# Its fields name Entry, which is known from here on; pydantic's decorator hides from mypy what its stub asks for.
rebuild_dataclass(Block)  # type: ignore[arg-type]


@plain_dataclass(frozen=True)
class Protocol:
    """Steps and blocks one after the other; iterated and counted as they are driven. Spectra among them, `placed`, are
    no steps: they drive nothing."""

    entries: tuple[Block | Step | Impedance, ...]

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
    def placed(self) -> Iterator[tuple[int, Impedance]]:
        """Give every spectrum as often as it is taken, with the number of steps driven before it."""
        yield from _placed(self.entries, 0)

    @property
    def spectra(self) -> Iterator[Impedance]:
        """Give every spectrum once, however often it is taken."""
        yield from _spectra(self.entries)

    @property
    def duration(self) -> float:
        """Return the simulated time of the whole protocol in s."""
        return sum(_duration(entry) for entry in self.entries)

    @property
    def pulses(self) -> int:
        """Return the number of steps marked as pulses."""
        return sum(_pulses(entry) for entry in self.entries)


def can_be_driven(entries: tuple[Block | Step | Impedance, ...]) -> tuple[Block | Step | Impedance, ...]:
    """Refuse more steps than a run can take, and none at all."""
    steps = number_of_steps(entries)
    if steps == 0:
        refuse('has spectra and drives nothing; put { drive = "open_circuit", duration = "1 s" } before them')
    if steps > LARGEST_STEPS:
        refuse(f"drives {float(min(steps, 10**300)):.3g} steps; a run has {LARGEST_STEPS:.0e} at most, repeat fewer")
    return entries


def number_of_steps(entries: Iterable[Block | Step | Impedance]) -> int:
    """Return how many steps are driven, those of blocks as often as they are repeated; None entries count nothing."""
    return sum(_number(entry) for entry in entries)


def _driven(entry: Block | Step | Impedance) -> Iterator[Step]:
    if not isinstance(entry, Block):
        if not isinstance(entry, Impedance):
            yield entry
        return
    for _ in range(entry.repeat):
        for inner in entry.steps:
            yield from _driven(inner)


def _written(entry: Block | Step | Impedance) -> Iterator[Step]:
    if not isinstance(entry, Block):
        if not isinstance(entry, Impedance):
            yield entry
        return
    for inner in entry.steps:
        yield from _written(inner)


def _placed(entries: Iterable[Block | Step | Impedance], before: int) -> Iterator[tuple[int, Impedance]]:
    for entry in entries:
        if isinstance(entry, Impedance):
            yield before, entry
        elif isinstance(entry, Block) and next(_spectra(entry.steps), None) is not None:
            once = sum(map(_number, entry.steps))
            for k in range(entry.repeat):
                yield from _placed(entry.steps, before + k * once)
        before += _number(entry)


def _spectra(entries: Iterable[Block | Step | Impedance]) -> Iterator[Impedance]:
    for entry in entries:
        if isinstance(entry, Block):
            yield from _spectra(entry.steps)
        elif isinstance(entry, Impedance):
            yield entry


def _number(entry: Block | Step | Impedance) -> int:
    if isinstance(entry, Block):
        return entry.repeat * sum(map(_number, entry.steps))
    return int(not isinstance(entry, Impedance))


def _duration(entry: Block | Step | Impedance) -> float:
    if isinstance(entry, Block):
        return entry.repeat * sum(map(_duration, entry.steps))
    return 0.0 if isinstance(entry, Impedance) else float(entry.duration)


def _pulses(entry: Block | Step | Impedance) -> int:
    if isinstance(entry, Block):
        return entry.repeat * sum(map(_pulses, entry.steps))
    return 0 if isinstance(entry, Impedance) else int(entry.pulse)
