"""What schedules want of a run as it goes by, and the device at these moments."""

from collections.abc import Iterator, Mapping, Sequence

from eisfv.device.tables import Tables
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry
from eisfv.observers.schedule import Schedule, due
from eisfv.observers.snapshot import Snapshot, between, snapshot
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State

Seen = tuple[Snapshot, tuple[bool, ...]]
"""The device at a moment, and which of the schedules want it."""


class Agenda:
    """Schedules along a protocol of so many steps; `name` is what a checkpoint calls it."""

    def __init__(self, name: str, schedules: Sequence[Schedule], tables: Tables, steps: int) -> None:
        self.name, self.schedules, self.tables, self.steps = name, schedules, tables, steps
        self.number = 0
        self.pulse = False

    def begin(self, step: Step, state: State) -> tuple[bool, ...]:
        """Enter a protocol step; return which schedules want its start, as they may the start of the run."""
        self.pulse = step.pulse
        return tuple(self.number == 0 and schedule.at_start() for schedule in self.schedules)

    def accept(self, accepted: Accepted) -> Iterator[Seen]:
        """Give the wanted moments of an accepted step."""
        after, until = accepted.start.offset, accepted.end.offset
        at_end = tuple(accepted.over and s.at_end(self.pulse, self.number + 1 == self.steps) for s in self.schedules)
        for offset, wanted in due(self.schedules, accepted.start.start, after, until):
            if offset < until:
                share = (offset - after) / accepted.h
                yield between(self.tables, accepted, share, offset), wanted
            else:
                at_end = tuple(one or other for one, other in zip(wanted, at_end, strict=True))
        if any(at_end):
            yield snapshot(self.tables, accepted.end), at_end

    def end(self) -> None:
        """Leave the protocol step."""
        self.number += 1

    def save(self) -> Mapping[str, Entry]:
        """Return where it stands, by names of its own."""
        return {f"{self.name} number": self.number}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        """Go back to where it stood, inside a protocol step or between two."""
        self.number = int(saved[f"{self.name} number"])
        if step is not None:
            self.pulse = step.pulse
