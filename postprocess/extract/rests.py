"""The stretches of a run in which nothing is written: open circuit, or the gate held at 0 V; what G(t) does there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.protocol import OPEN_CIRCUIT
from eisfv.postprocess.step_rows import bounds, completed, ends, passed

from .reading import Source


@dataclass(frozen=True)
class Rest:
    """A rest, neighbouring steps of one drive joined.

    source      the run
    begin, stop steps of the protocol in it: begin to stop - 1
    start       s
    length      s; what an unfinished run has of it
    first, last rows of terminals.csv in it: first to last - 1; the first one may be the end of the step before
    after_pulse the step before it was a pulse
    held        how it is held, in words
    """

    source: Source
    begin: int
    stop: int
    start: float
    length: float
    first: int
    last: int
    after_pulse: bool
    held: str

    @property
    def rows(self) -> int:
        """Return the number of its rows."""
        return self.last - self.first

    def trace(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the time since its start, s, and the conductance, S."""
        table, rows = self.source.run.terminals, slice(self.first, self.last)
        passed = np.append(0.0, np.cumsum(self.source.steps.duration[self.begin : self.stop]))
        step = table["step"][rows].astype(int) - 1 - self.begin
        since = np.where(step < 0, 0.0, passed[np.maximum(step, 0)] + table["step_time_s"][rows])
        return since, table["conductance_S"][rows]


def rests_of(source: Source) -> list[Rest]:
    """Return the rests of a run that rows of terminals.csv lie in, in the order of time."""
    steps, table = source.steps, source.run.terminals
    if (
        not table.get("step", np.empty(0)).size
        or "conductance_S" not in table
        or not (table["conductance_S"] > 0.0).any()
    ):
        return []
    code = np.where(steps.rest, np.where(steps.drive == OPEN_CIRCUIT, 1, 2), 0)
    starts = np.flatnonzero(np.diff(np.append(0, code)) != 0)
    stops = np.append(starts[1:], code.size)
    at_end, (own_first, own_last) = ends(table, steps.duration), bounds(table, steps.duration.size)
    before = np.where(starts > 0, at_end[starts - 1], -1)
    first, last = np.where(before >= 0, before, own_first[starts]), own_last[stops - 1]
    over = completed(table, steps.duration)

    def length(begin: int, stop: int) -> float:
        whole = float(steps.duration[begin:stop].sum())
        return whole if over >= stop else min(whole, passed(source.run, steps.duration, begin))

    return [
        Rest(
            source=source,
            begin=int(starts[k]),
            stop=int(stops[k]),
            start=float(steps.start[starts[k]]),
            length=length(starts[k], stops[k]),
            first=int(first[k]),
            last=int(last[k]),
            after_pulse=starts[k] > 0 and bool(steps.pulse[starts[k] - 1]),
            held="at open circuit" if code[starts[k]] == 1 else "at 0 V",
        )
        for k in np.flatnonzero((code[starts] > 0) & (last > first))
    ]


def longest_last(rests: Sequence[Rest]) -> Rest | None:
    """Return the longest of the rests after the last pulse of each run; where no run has pulses, the longest rest.

    A run without pulses beside others that have them is a control: nothing is written there that could be kept.
    """
    after, quiet = [], []
    for source in dict.fromkeys(id(rest.source) for rest in rests):
        own = [rest for rest in rests if id(rest.source) == source]
        pulses = np.flatnonzero(own[0].source.steps.pulse)
        begun = pulses[pulses < own[0].source.run.terminals["step"][-1]]
        if begun.size:
            after.append([rest for rest in own if rest.begin > begun[-1]])
        else:
            quiet.append(own)
    candidates = [rest for own in after or quiet for rest in own]
    return max(candidates, key=lambda rest: rest.length, default=None)


def best_after_pulse(rests: Sequence[Rest]) -> Rest | None:
    """Return the rest after a pulse that has the most rows, the last of equals."""
    return max(reversed([rest for rest in rests if rest.after_pulse]), key=lambda rest: rest.rows, default=None)
