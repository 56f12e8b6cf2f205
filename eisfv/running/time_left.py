"""The wall time that a run has left, for its progress bar, counted in time steps.

Behind a corner of the drive time steps begin small and grow: a stretch between two corners takes about as many whether
it lasts a microsecond or a day, so that the simulated time says nothing. With w the wall time of a time step,

    left = w (n + sum over the stretches to come of their time steps)

    n = ln(1 + L (g - 1)/h) / ln g     of a stretch with L (s) left, its time step h (s) growing by g

A protocol step that was driven before takes as many time steps as it did then, another one as many for each stretch as
the others took on the mean. Behind the protocol come companions, whose cost is a share of the run's, and measures.
"""

import time as clock
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable
from itertools import islice
from math import log, log1p

from eisfv.model.driven import corners
from eisfv.model.measure import Measure
from eisfv.model.protocol import Protocol
from eisfv.model.steps import Step
from eisfv.stepping.accepted import Accepted

SEEN = 10  # time steps whose growth is taken to go on
FEW = 3  # that tell no growth
EVEN = 1e-3  # growth below which they count as equal


class TimeLeft:
    """Told of the protocol steps as they begin and end, and of every time step between.

    companions  cost of the runs beside this one, over its own
    measures    what follows the protocol
    now         a clock, s
    """

    def __init__(
        self,
        protocol: Protocol,
        companions: float = 0.0,
        measures: Iterable[Measure] = (),
        now: Callable[[], float] = clock.monotonic,
    ) -> None:
        self.protocol, self.companions, self.now = protocol, companions, now
        self.stretches = {id(step): len(corners(step)) for step in protocol.steps}
        self.left = Counter(map(id, protocol))  # the steps of a repeated block are the same objects
        self.later = sum(len(corners(step)) for measure in measures for step in measure.protocol)
        self.coming = iter(protocol)
        self.taken: dict[int, int] = {}  # time steps that a protocol step took when it was driven last
        self.start: float | None = None  # where the first time step was over: it has loaded the machinery
        self.steps = -1  # time steps since
        self.kind, self.here, self.ends = 0, 0, [0.0]
        self.done = self.passed = 0  # time steps and stretches of the protocol steps that are over
        self.sizes: deque[float] = deque(maxlen=SEEN + 1)

    def begin(self, step: Step) -> None:
        """A protocol step begins, `step` as it is driven."""
        self.kind = id(next(self.coming))
        self.here, self.ends = 0, corners(step)
        self.sizes.clear()

    def resume(self, number: int, step: Step | None) -> None:
        """So many protocol steps are over; `step` is one that the run stands in."""
        self.coming = islice(self.protocol, number, None)
        self.left.subtract(map(id, islice(self.protocol, number)))
        if step is not None:
            self.begin(step)

    def accept(self, accepted: Accepted) -> None:
        """A time step is accepted."""
        if self.start is None:
            self.start = self.now()
        self.steps += 1
        self.here += 1
        if accepted.corner:
            self.sizes.clear()
        self.sizes.append(accepted.h)

    def end(self) -> None:
        """A protocol step is over."""
        self.taken[self.kind] = self.here
        self.left[self.kind] -= 1
        self.done, self.passed = self.done + self.here, self.passed + self.stretches[self.kind]
        self.here, self.ends = 0, [0.0]

    def seconds(self, offset: float) -> float | None:
        """Return the wall time (s) that is left at an offset (s) in a protocol step, None where nothing tells it."""
        if self.start is None or self.steps < 1:
            return None
        number = bisect_right(self.ends, offset)
        rest = self.rest_of(self.ends[number] - offset) if number < len(self.ends) else 0.0
        if self.passed and len(self.sizes) <= FEW:
            rest = max(rest, self.done / self.passed - len(self.sizes))
        stretches = self.passed + min(number + 1, len(self.ends))
        each = (self.done + self.here + rest) / stretches
        here = rest + each * max(0, len(self.ends) - number - 1)
        if self.kind in self.taken:
            here = max(0.0, self.taken[self.kind] - self.here)
        others = self.left - Counter([self.kind])
        coming = here + sum(count * self.taken.get(kind, each * self.stretches[kind]) for kind, count in others.items())
        whole = self.done + self.here + coming
        a_step = (self.now() - self.start) / self.steps
        return a_step * (coming + self.companions * whole + each * self.later)

    def rest_of(self, length: float) -> float:
        """Return how many time steps what is left of a stretch (s) takes."""
        h = self.sizes[-1] if self.sizes else length
        count = len(self.sizes) - 1
        growth = (h / self.sizes[0]) ** (1.0 / count) - 1.0 if count > 0 else 0.0
        if growth > EVEN:
            return log1p(length * growth / h) / log(1.0 + growth)
        return length / h if count > 0 else 1.0
