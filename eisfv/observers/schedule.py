"""When something is written: one record for terminals, profiles and fields, and the times it means.

Times are counted from the start of a protocol step: where the step starts is an exact sum of durations, so that what
is asked for late in a long run falls where it should. An offset that differs from the end of an accepted step by
rounding is that end; the next accepted step then leaves it out.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from itertools import count
from math import floor, inf, ulp
from typing import NamedTuple

from eisfv.model.output import WORDS, At, Every, Log, LogTimes, When

ROUNDING = 4.0  # ulp: of a product and a sum


class Moment(NamedTuple):
    """A time since the start of a protocol step, and by how much rounding may have put it off; both in s."""

    offset: float
    off: float


@dataclass(frozen=True)
class Schedule:
    """every_step  at every accepted step
    every  at multiples of so many s since the start of the run, its start among them; None: not
    at     at these times since the start of the run, s, ascending
    words  at moments of the protocol, of WORDS
    log    at times that spread out after the start of every protocol step
    """

    every_step: bool = False
    every: float | None = None
    at: tuple[float, ...] = ()
    words: frozenset[str] = frozenset()
    log: LogTimes | None = None

    def __post_init__(self) -> None:
        if self.every is not None and not self.every > 0.0:
            raise ValueError("every must be positive")
        if list(self.at) != sorted(self.at):
            raise ValueError("at must ascend")
        if unknown := set(self.words) - set(WORDS):
            raise ValueError(f"{sorted(unknown)} are not of {WORDS}")

    def at_start(self) -> bool:
        """Return whether the start of the run is wanted."""
        return self.every_step or self.every is not None or 0.0 in self.at or "start" in self.words

    def at_end(self, pulse: bool, last: bool) -> bool:
        """Return whether the end of a protocol step is wanted, as such."""
        words = self.words
        return "end of step" in words or (pulse and "end of pulse" in words) or (last and "end" in words)

    def moments(self, start: Fraction, after: float, until: float) -> Iterator[Moment]:
        """Give the wanted moments of a protocol step in (after, until], ascending.

        start        of the protocol step since the start of the run, s
        after, until ends of an accepted step as offsets; the end itself stands for what differs from it by rounding
        """
        if self.every_step:
            return iter([Moment(until, rounding(until))])
        absolute = falling(merge(self._regular(start, after), self._listed(start, after)), after, until, float(start))
        return merge(absolute, falling(self.log.offsets(after), after, until)) if self.log else absolute

    def ahead(self, start: Fraction, after: float) -> float:
        """Return the first offset after one that is wanted of its own, not as the end of an accepted step; inf where
        there is none."""
        absolute = beyond(merge(self._regular(start, after), self._listed(start, after)), after, float(start))
        return min(absolute, beyond(self.log.offsets(after), after)) if self.log else absolute

    def _regular(self, start: Fraction, after: float) -> Iterator[float]:
        if self.every is None:
            return
        interval = Fraction(self.every)
        first = floor((start + Fraction(after)) / interval)
        yield from (float(k * interval - start) for k in count(first))

    def _listed(self, start: Fraction, after: float) -> Iterator[float]:
        first = bisect_left(self.at, float(start) + after)
        return (float(Fraction(time) - start) for time in self.at[first:])


def schedule_of(when: When) -> Schedule:
    """Return what an entry of the `[output]` table means."""
    match when:
        case Every():
            return Schedule(every=float(when.every))
        case At():
            times = sorted(float(moment) for moment in when.at if not isinstance(moment, str))
            return Schedule(at=tuple(times), words=frozenset(m for m in when.at if isinstance(m, str)))
        case Log():
            return Schedule(log=when.log)
        case "every step":
            return Schedule(every_step=True)
    return Schedule()


def falling(offsets: Iterable[float], after: float, until: float, start: float = 0.0) -> Iterator[Moment]:
    """Give of ascending offsets those in (after, until] as moments; they are as good as a time since `start` (s)."""
    first, last = rounding(start + after), rounding(start + until)
    for offset in offsets:
        if offset - until > last:
            return
        if offset - after > first:
            yield Moment(offset if until - offset > last else until, rounding(start + offset))


def beyond(offsets: Iterable[float], after: float, start: float = 0.0) -> float:
    """Return the first of ascending offsets that `falling` gives after one; inf where there is none."""
    first = rounding(start + after)
    return next((offset for offset in offsets if offset - after > first), inf)


def rounding(time: float) -> float:
    """Return by how much a time (s) may be off."""
    return ROUNDING * ulp(time)


class Due(NamedTuple):
    """A moment that some of several schedules want. wanted: which of them."""

    offset: float
    wanted: tuple[bool, ...]


def due(schedules: Sequence[Schedule], start: Fraction, after: float, until: float) -> Iterator[Due]:
    """Give what several schedules want in (after, until] of a protocol step, each moment once."""

    def numbered(number: int) -> Iterator[tuple[Moment, int]]:
        return ((moment, number) for moment in schedules[number].moments(start, after, until))

    last: Moment | None = None
    wanted = [False] * len(schedules)
    for moment, number in merge(*(numbered(number) for number in range(len(schedules)))):
        if last is not None and moment.offset - last.offset > max(moment.off, last.off):
            yield Due(last.offset, tuple(wanted))
            last, wanted = None, [False] * len(schedules)
        # The end of an accepted step takes what differs from it by rounding.
        last = moment if last is None or moment.offset == until else last
        wanted[number] = True
    if last is not None:
        yield Due(last.offset, tuple(wanted))
