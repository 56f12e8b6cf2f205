"""How much of a protocol each companion of a run drives.

coarse  on every fourth face, as far as the run is followed
fine    on every second face, the first steps: they tell what the difference from every fourth face is worth; more of
        them, at most `LONG`, where the first do not show the largest difference
timed   at a tighter tolerance: all that differs, and of what repeats some rounds from the first to the last
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np

from eisfv.case.case import Case
from eisfv.model.impedance import Impedance
from eisfv.model.protocol import Block, Protocol
from eisfv.model.steps import Step
from eisfv.running.pilot_protocol import SHORT, most_often

Extent = Literal["whole", "short", "none"]

NEAR = 8  # protocol steps on every second face
LONG = 60  # protocol steps of a companion that is not followed to the end of a long protocol
TIMED = 0.5  # of the protocol steps at a tighter tolerance, at least `SHORT` and at most `LONG`
COARSE, FINE = 0.25, 0.5  # cells of a companion along an axis, over the run's
TIGHT = 1.6  # times as many time steps at the tighter tolerance


@dataclass(frozen=True)
class Extents:
    """Numbers of steps; timed: the steps (from 0) that are driven at a tighter tolerance; axes: along which every
    second face is left out."""

    protocol: Protocol
    coarse: int
    fine: int
    timed: Sequence[int]
    axes: int = 1

    @property
    def to_the_end(self) -> bool:
        """Return whether every companion drives the whole protocol."""
        return self.fine == len(self.timed) == len(self.protocol)

    @property
    def cost(self) -> float:
        """Return the cost of the companions, over the run's."""
        coarse, fine = COARSE**self.axes, FINE**self.axes
        sums = coarse * self.coarse + fine * self.fine + coarse * TIGHT * len(self.timed)
        return sums / len(self.protocol)


def first(protocol: Protocol, count: int) -> Protocol:
    """Return the first steps of a protocol."""
    return protocol if count >= len(protocol) else Protocol(tuple(islice(protocol, count)))


def beginning(protocol: Protocol) -> int:
    """Return how many protocol steps there are before one is driven a second time."""
    count = 0
    for entry in protocol.entries:
        if isinstance(entry, Impedance):
            continue
        if isinstance(entry, Block):
            inner = Protocol(entry.steps)
            count += beginning(inner)
            if entry.repeat > 1 or beginning(inner) < len(inner):
                return count
        else:
            count += 1
    return count


def spread(entries: Sequence[Block | Step | Impedance], most: int, start: int = 0) -> list[int]:
    """Return the numbers of the protocol steps, from `start`, that are driven where of every block at most so many
    rounds are, from its first to its last."""
    found: list[int] = []
    for entry in entries:
        if isinstance(entry, Impedance):
            continue
        if not isinstance(entry, Block):
            found.append(start)
            start += 1
            continue
        length = len(Protocol(entry.steps))
        rounds = min(entry.repeat, most)
        # One alone is the first: it is the one that has no past.
        for number in np.linspace(0.0, entry.repeat - 1.0, rounds).round().astype(int).tolist():
            found += spread(entry.steps, most, start + number * length)
        start += entry.repeat * length
    return found


def timed_steps(protocol: Protocol) -> list[int]:
    """Return the steps (from 0) of a protocol that are driven at a tighter tolerance. None stands alone: what the one
    before it leaves shows in it."""
    longest = int(min(max(TIMED * len(protocol), SHORT), LONG))
    chosen: set[int] = set()
    # As many rounds as there is room for; a round has a step at least.
    for most in range(min(most_often(protocol.entries), longest), 0, -1):
        chosen = set(spread(protocol.entries, most))
        chosen |= {k - 1 for k in chosen if k and not {k - 1, k + 1} & chosen}
        if len(chosen) <= longest:
            break
    return sorted(chosen)[:LONG]


def extents_of(case: Case, extent: Extent) -> Extents:
    """Return what the companions of a run drive. Where measures start from its end, all of them go there."""
    protocol = case.protocol
    count = len(protocol) if extent == "whole" else beginning(protocol)
    axes = 1 if case.device.section is None else 2
    if count <= (LONG if case.file.measure else NEAR):
        return Extents(protocol, count, count, range(count), axes)
    timed = range(min(count, LONG)) if count < len(protocol) else timed_steps(protocol)
    return Extents(protocol, count, NEAR, timed, axes)


def expected_cost(case: Case, extent: Extent, known: Protocol | None) -> float:
    """Return what the companions of a run will cost, over its own cost. known: what pilots have driven of it."""
    if extent == "none":
        return 0.0
    if known == case.protocol:  # but for the time steps of the run, which those of a section do not take
        return COARSE if case.device.section is None else 0.0
    return extents_of(case, extent).cost
