"""What schedules want of a run as it goes by, and the device at these moments."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import inf

from eisfv.device.tables import Tables
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry
from eisfv.observers.schedule import Due, Schedule, due, rounding
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
        self.at_every = tuple(schedule.every_step for schedule in schedules)
        self.quiet = -inf  # the offset to which nothing but the ends of accepted steps is wanted

    def begin(self, step: Step, state: State) -> tuple[bool, ...]:
        """Enter a protocol step; return which schedules want its start, as they may the start of the run."""
        self.pulse, self.quiet = step.pulse, -inf
        return tuple(self.number == 0 and schedule.at_start() for schedule in self.schedules)

    def accept(self, accepted: Accepted) -> Iterator[Seen]:
        """Give the wanted moments of an accepted step."""
        after, until = accepted.start.offset, accepted.end.offset
        at_end = tuple(accepted.over and s.at_end(self.pulse, self.number + 1 == self.steps) for s in self.schedules)
        for offset, wanted in self.due(accepted.start.start, after, until):
            if offset < until:
                share = (offset - after) / accepted.h
                yield between(self.tables, accepted, share, offset), wanted
            else:
                at_end = tuple(one or other for one, other in zip(wanted, at_end, strict=True))
        if any(at_end):
            yield snapshot(self.tables, accepted.end), at_end

    def due(self, start: Fraction, after: float, until: float) -> Iterator[Due]:
        """Give what the schedules want in (after, until] of a protocol step. Most accepted steps lie between two
        moments, which are then not sought again."""
        if self.quiet - until > rounding(float(start) + until):
            if any(self.at_every):
                yield Due(until, self.at_every)
            return
        yield from due(self.schedules, start, after, until)
        self.quiet = min((s.ahead(start, until) for s in self.schedules if not s.every_step), default=inf)

    def end(self) -> None:
        """Leave the protocol step."""
        self.number += 1

    def save(self) -> Mapping[str, Entry]:
        """Return where it stands, by names of its own."""
        return {f"{self.name} number": self.number}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        """Go back to where it stood, inside a protocol step or between two."""
        self.number = int(saved[f"{self.name} number"])
        self.quiet = -inf
        if step is not None:
            self.pulse = step.pulse
