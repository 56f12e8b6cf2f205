"""The protocol: steps in the order they are driven, blocks of them repeated."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from eisfv.drive.waveforms import Constant, Waveform

Drive = Literal["voltage", "current", "open_circuit"]


@dataclass(frozen=True)
class Step:
    """One stretch of time with one kind of drive.

    waveform  source value in V (voltage) or A (current); open circuit ignores it
    pulse     counts as a pulse in pulses.csv
    read      the conductance is averaged over this last stretch of the step (s); None: not read
    """

    drive: Drive
    duration: float
    waveform: Waveform = field(default_factory=lambda: Constant(0.0))
    pulse: bool = False
    read: float | None = None


@dataclass(frozen=True)
class Block:
    """Steps driven `repeat` times over."""

    steps: tuple[Step, ...]
    repeat: int = 1


@dataclass(frozen=True)
class Protocol:
    """Blocks one after the other."""

    blocks: tuple[Block, ...]

    def __len__(self) -> int:
        return sum(block.repeat * len(block.steps) for block in self.blocks)

    def __iter__(self) -> Iterator[Step]:
        for block in self.blocks:
            for _ in range(block.repeat):
                yield from block.steps

    @property
    def duration(self) -> float:
        """Return the simulated time of the whole protocol in s."""
        return sum(block.repeat * sum(step.duration for step in block.steps) for block in self.blocks)

    @property
    def pulses(self) -> int:
        """Return the number of steps marked as pulses."""
        return sum(block.repeat * sum(step.pulse for step in block.steps) for block in self.blocks)
