"""How long a run will take, told where it is more than ten minutes.

Before a run begins its matrices give a bound. From a corner of the drive on every step is at most GROWTH_MAX times the
one before, the first is FIRST of the way to the next corner, and each step of TR-BDF2 factors a matrix of its own.

While it runs, what is left is counted in protocol steps, a step that is driven again and again as one kind. A kind
costs the least wall time that one of its steps took here, for the first ones also start the machinery; of a kind not
seen yet only the time steps count that `solver.largest_step` asks for, and "at least" says so. A step of no known kind
goes by its own pace: the wall time over the simulated time in the later half of what has passed, because steps grow
while a device comes to rest. The run is judged after half a minute, and again whenever twice the time has passed: by
then a short one is over, and compilation too.
"""

import time as clock
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice, pairwise
from math import ceil, inf, log

from eisfv.equations.linearised import combine
from eisfv.model.driven import corners
from eisfv.model.protocol import Protocol
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.solve.newton import Newton
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State
from eisfv.stepping.step_size import FIRST as FIRST_SHARE
from eisfv.stepping.step_size import GROWTH_MAX

FIRST = 30.0  # s of wall time before a run is judged
LONG = 600.0  # s, what is worth telling


class Forecast(Onlooker):
    """The observer that tells the wall time a long run has left, and again where it becomes twice as much.

    largest: time step that the run may take, s; now: a clock, s
    """

    def __init__(
        self,
        protocol: Protocol,
        tell: Callable[[str], None],
        largest: float = inf,
        now: Callable[[], float] = clock.monotonic,
    ):
        self.protocol, self.tell, self.largest, self.now = protocol, tell, largest, now
        self.left = Counter(map(id, protocol))  # the steps of a repeated block are the same objects
        self.cost: dict[int, float] = {}
        self.done = 0
        self.start, self.due = now(), FIRST
        self.began, self.duration, self.kind = self.start, 0.0, 0
        self.whole = False  # whether the step was seen from its beginning
        self.taken = 0  # time steps
        self.mark: tuple[float, float, int] | None = None  # wall time, offset in the step, time steps taken
        self.told = 0.5 * LONG

    def before(self, measure: Callable[[], float], smallest: float) -> None:
        """Tell a run that its matrices make a long one; measure: gives the wall time (s) of one; smallest: step, s."""
        matrices = sum(self.left[id(step)] * least_steps(step, smallest) for step in self.protocol.steps)
        matrix = measure()
        if matrices * matrix > LONG:  # the first one also loads the machinery
            matrix = min(matrix, measure())
        if matrices * matrix > LONG:
            self.told = matrices * matrix
            self.tell(
                f"this run takes at least {wall_time(self.told)}: {matrices} matrices or more of {matrix:.2g} s each"
            )

    def begin(self, step: Step, state: State) -> None:
        self.began, self.duration, self.kind = self.now(), step.duration, id(step)
        self.whole, self.mark = True, None

    def accept(self, accepted: Accepted) -> None:
        self.taken += 1
        if not accepted.settled:  # a batch comes at once: its last step alone goes with the wall time
            return
        now = self.now()
        wall = now - self.start
        if wall >= self.due and (self.mark is not None or self.kind in self.cost):
            self.judge(now, accepted.end.offset)
        elif self.mark is None and wall >= 0.5 * self.due:
            self.mark = now, accepted.end.offset, self.taken

    def end(self, step: Step, state: State) -> None:
        spent = self.now() - self.began
        if self.whole:
            self.cost[id(step)] = min(spent, self.cost.get(id(step), spent))
        self.left[id(step)] -= 1
        self.done += 1

    def judge(self, now: float, offset: float) -> None:
        """Tell the time that is left where it makes the run a long one."""
        here = self.seconds_here(now, offset)
        wall, pace = now - self.start, self.pace(now)
        self.due, self.mark = 2.0 * wall, (now, offset, self.taken)
        if here is None:
            return
        cost = {self.kind: now - self.began + here, **self.cost}
        others = self.left - Counter([self.kind])
        unseen = {id(step): pace * step.duration / self.largest for step in self.protocol.steps if step.until is None}
        left = here + sum(number * cost.get(kind, unseen.get(kind, 0.0)) for kind, number in others.items())
        if wall + left > 2.0 * self.told:
            self.told = wall + left
            about = "about" if all(kind in cost for kind in others) else "at least"
            # Behind an onset steps are short for a while: what is extrapolated of them says that it is.
            going = "" if self.kind in self.cost else " at the pace of its last time steps, which may grow"
            seen = f"judged after {wall:.0f} s in step {self.done + 1} of {len(self.protocol)}"
            self.tell(f"this run takes long: {about} {wall_time(left)} more{going}, {seen}")

    def pace(self, now: float) -> float:
        """Return the wall time of a time step since the mark; 0 without one."""
        return 0.0 if self.mark is None else (now - self.mark[0]) / max(1, self.taken - self.mark[2])

    def seconds_here(self, now: float, offset: float) -> float | None:
        """Return the wall time that the step has left, None where it has not moved."""
        if self.kind in self.cost:
            return max(0.0, self.cost[self.kind] - (now - self.began))
        if self.mark is None or offset <= self.mark[1]:
            return None
        return (self.duration - offset) * (now - self.mark[0]) / (offset - self.mark[1])

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.done = int(saved["step number"])
        self.left.subtract(map(id, islice(self.protocol, self.done)))
        if step is not None:
            self.duration, self.kind = step.duration, id(step)


def least_steps(step: Step, smallest: float) -> int:
    """Return how many time steps a protocol step takes at least, none of them below `smallest` (s) but the last."""
    if step.until is not None:
        return 1
    lengths = [right - left for left, right in pairwise([0.0, *corners(step)])]
    firsts = [min(length, max(FIRST_SHARE * length, smallest)) for length in lengths]
    # h + h g + h g^2 + ... reaches the length.
    return sum(
        ceil(log(1.0 + (GROWTH_MAX - 1.0) * length / first) / log(GROWTH_MAX) - 1e-9)
        for length, first in zip(lengths, firsts, strict=True)
    )


def wall_time(seconds: float) -> str:
    """Return a time as one says it: "25 min", "3.2 h", "2.5 d"."""
    for length, unit in ((86400.0, "d"), (3600.0, "h")):
        if seconds >= 2.0 * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{seconds / 60.0:.0f} min"


def seconds_of_a_matrix(newton: Newton) -> float:
    """Return the wall time of one factorisation and solution of the matrix at the start, as the first process
    has it."""
    begun = clock.perf_counter()
    combine(newton.t, newton.slopes, 1.0, 1.0, newton.matrix)
    if newton.linear.factor(newton.matrix):
        newton.linear.solve(newton.system.residual)
    return float(newton.ranks.told(clock.perf_counter() - begun))
