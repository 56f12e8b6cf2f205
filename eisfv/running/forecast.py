"""How long a run will take, told once where it is more than ten minutes.

What is left is counted in protocol steps, a step that is driven again and again as one kind. A kind costs the least
wall time that one of its steps took here, for the first ones also start the machinery; a kind not seen yet costs the
mean of those seen. A step of no such kind goes by its own pace: the wall time over the simulated time in the later half
of what has passed, because steps grow while a device comes to rest.

The run is judged after half a minute, and again whenever twice the time has passed: a short one is over by then, and a
long one that looked short at first is told later. Compilation, half a minute at most, is over as well.
"""

import time as clock
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice

from eisfv.model.protocol import Protocol, Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.stepping.integrate import Accepted
from eisfv.stepping.state import State

FIRST = 30.0  # s of wall time before a run is judged
LONG = 600.0  # s, what is worth telling


class Forecast(Onlooker):
    """The observer that tells the wall time a long run has left. now: a clock, s."""

    def __init__(self, protocol: Protocol, tell: Callable[[str], None], now: Callable[[], float] = clock.monotonic):
        self.protocol, self.tell, self.now = protocol, tell, now
        self.left = Counter(map(id, protocol))  # the steps of a repeated block are the same objects
        self.cost: dict[int, float] = {}
        self.done = 0
        self.start, self.due = now(), FIRST
        self.began, self.ends, self.kind = self.start, 0.0, 0
        self.whole = False  # whether the step was seen from its beginning
        self.mark: tuple[float, float] | None = None  # wall time and simulated time
        self.told = False

    def begin(self, step: Step, state: State) -> None:
        self.began, self.ends, self.kind = self.now(), state.time + step.duration, id(step)
        self.whole, self.mark = True, None

    def accept(self, accepted: Accepted) -> None:
        if self.told:
            return
        now = self.now()
        wall = now - self.start
        if wall >= self.due and (self.mark is not None or self.kind in self.cost):
            self.judge(now, accepted.end.time)
        elif self.mark is None and wall >= 0.5 * self.due:
            self.mark = now, accepted.end.time

    def end(self, step: Step, state: State) -> None:
        spent = self.now() - self.began
        if self.whole:
            self.cost[id(step)] = min(spent, self.cost.get(id(step), spent))
        self.left[id(step)] -= 1
        self.done += 1

    def judge(self, now: float, time: float) -> None:
        """Tell the time that is left where it makes the run a long one."""
        left = self.seconds_left(now, time)
        wall = now - self.start
        if left is not None and wall + left > LONG:
            self.told = True
            seen = f"in step {self.done + 1} of {len(self.protocol)}"
            self.tell(f"this run takes long: about {wall_time(left)} more, judged after {wall:.0f} s {seen}")
        self.due, self.mark = 2.0 * wall, (now, time)

    def seconds_left(self, now: float, time: float) -> float | None:
        """Return the wall time left, None where the run has not moved."""
        spent = now - self.began
        if self.kind in self.cost:
            here = max(0.0, self.cost[self.kind] - spent)
        elif self.mark is not None and time > self.mark[1]:
            here = (self.ends - time) * (now - self.mark[0]) / (time - self.mark[1])
        else:
            return None
        cost = {self.kind: spent + here, **self.cost}
        mean = sum(cost.values()) / len(cost)
        others = self.left - Counter([self.kind])
        return here + sum(number * cost.get(kind, mean) for kind, number in others.items())

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.done = int(saved["step number"])
        self.left.subtract(map(id, islice(self.protocol, self.done)))
        if step is not None:
            self.ends, self.kind = float(saved["step began"]) + step.duration, id(step)


def wall_time(seconds: float) -> str:
    """Return a time as one says it: "25 min", "3.2 h", "2.5 d"."""
    for length, unit in ((86400.0, "d"), (3600.0, "h")):
        if seconds >= 2.0 * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{seconds / 60.0:.0f} min"
