"""How far a run is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a run is. time, duration in simulated s; pulse counts from 1; wall in s."""

    time: float
    duration: float
    pulse: int
    pulses: int
    wall: float


Report = Callable[[Progress], None]
