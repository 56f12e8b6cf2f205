"""How far a run is, told after every accepted step."""

import time as clock
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eisfv.model.protocol import Protocol
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.running.time_left import TimeLeft
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State


@dataclass(frozen=True)
class Progress:
    """How far a run is. time, duration in simulated s; pulse counts from 1; wall in s, before a resume too; left: s of
    wall time, None where nothing tells it."""

    time: float
    duration: float
    pulse: int
    pulses: int
    wall: float
    left: float | None = None


EVERY = 0.2  # s of wall time between two looks at what is left

Report = Callable[[Progress], None]


class Teller(Onlooker):
    """The observer that tells of the progress. wall: what the run has taken, before a resume too, s."""

    def __init__(self, protocol: Protocol, report: Report, time_left: TimeLeft | None = None) -> None:
        self.time_left = time_left or TimeLeft(protocol)
        self.duration, self.pulses, self.report = protocol.duration, protocol.pulses, report
        self.pulse = 0
        self.due = 0.0
        self.left: float | None = None  # when last looked at
        self.start, self.before = clock.monotonic(), 0.0

    @property
    def wall(self) -> float:
        return self.before + clock.monotonic() - self.start

    def begin(self, step: Step, state: State) -> None:
        self.pulse += step.pulse
        self.time_left.begin(step)

    def accept(self, accepted: Accepted) -> None:
        self.time_left.accept(accepted)
        end, wall = accepted.end, self.wall
        if accepted.settled and not wall < self.due:  # the steps of a batch come at once
            self.due, self.left = wall + EVERY, self.time_left.seconds(end.offset)
        left = None if self.left is None else max(0.0, self.left - (wall - self.due + EVERY))
        self.report(Progress(end.time, self.duration, self.pulse, self.pulses, wall, left))

    def end(self, step: Step, state: State) -> None:
        self.time_left.end()
        self.duration -= step.duration - state.offset  # of a step that ended before its time

    def save(self) -> Mapping[str, Entry]:
        return {"wall": self.wall, "progress pulse": self.pulse, "progress duration": self.duration}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.before, self.pulse = float(saved["wall"]), int(saved["progress pulse"])
        self.duration = float(saved["progress duration"])
        self.time_left.resume(int(saved["step number"]), step)
