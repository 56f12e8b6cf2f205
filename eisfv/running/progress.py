"""How far a run is, told after every accepted step."""

import time as clock
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eisfv.model.protocol import Protocol, Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State


@dataclass(frozen=True)
class Progress:
    """How far a run is. time, duration in simulated s; pulse counts from 1; wall in s, before a resume too."""

    time: float
    duration: float
    pulse: int
    pulses: int
    wall: float


Report = Callable[[Progress], None]


class Teller(Onlooker):
    """The observer that tells of the progress. wall: what the run has taken, before a resume too, s."""

    def __init__(self, protocol: Protocol, report: Report) -> None:
        self.duration, self.pulses, self.report = protocol.duration, protocol.pulses, report
        self.pulse = 0
        self.start, self.before = clock.monotonic(), 0.0

    @property
    def wall(self) -> float:
        return self.before + clock.monotonic() - self.start

    def begin(self, step: Step, state: State) -> None:
        self.pulse += step.pulse

    def accept(self, accepted: Accepted) -> None:
        self.report(Progress(accepted.end.time, self.duration, self.pulse, self.pulses, self.wall))

    def end(self, step: Step, state: State) -> None:
        self.duration -= step.duration - state.offset  # of a step that ended before its time

    def save(self) -> Mapping[str, Entry]:
        return {"wall": self.wall, "progress pulse": self.pulse, "progress duration": self.duration}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.before, self.pulse = float(saved["wall"]), int(saved["progress pulse"])
        self.duration = float(saved["progress duration"])
