"""How much of a protocol each companion of a run drives.

coarse  on every fourth face, as far as the run is followed
fine    on every second face, the first steps: they tell what the difference from every fourth face is worth; more of
        them, at most `LONG`, where the first do not show the largest difference
timed   at a tighter tolerance, its blocks repeated less often: all that differs, also at the end of a long protocol
"""

from dataclasses import dataclass
from itertools import islice
from typing import Literal

from eisfv.case.case import Case
from eisfv.model.impedance import Impedance
from eisfv.model.protocol import Block, Protocol
from eisfv.running.pilot_protocol import SHORT, pilot_protocol

Extent = Literal["whole", "short", "none"]

NEAR = 8  # protocol steps on every second face
LONG = 60  # protocol steps of a companion that is not followed to the end of a long protocol
COARSE, FINE = 0.25, 0.5  # cells of a companion along an axis, over the run's
TIGHT = 1.6  # times as many time steps at the tighter tolerance


@dataclass(frozen=True)
class Extents:
    """Numbers of steps, and the steps that are driven at a tighter tolerance; axes: along which every second face is
    left out."""

    protocol: Protocol
    coarse: int
    fine: int
    timed: Protocol
    axes: int = 1

    @property
    def to_the_end(self) -> bool:
        """Return whether every companion drives the whole protocol."""
        return self.fine == len(self.protocol) and self.timed == self.protocol

    @property
    def blocks_shortened(self) -> bool:
        """Return whether what is driven at a tighter tolerance is not how the others begin."""
        return self.timed != first(self.protocol, len(self.timed))

    @property
    def cost(self) -> float:
        """Return the cost of the companions, over the run's."""
        again = 1.0 if self.blocks_shortened else 0.0
        coarse, fine = COARSE**self.axes, FINE**self.axes
        sums = coarse * self.coarse + fine * self.fine + coarse * (TIGHT + again) * len(self.timed)
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


def extents_of(case: Case, extent: Extent) -> Extents:
    """Return what the companions of a run drive. Where measures start from its end, all of them go there."""
    protocol = case.protocol
    count = len(protocol) if extent == "whole" else beginning(protocol)
    axes = 1 if case.device.section is None else 2
    if count <= (LONG if case.file.measure else NEAR):
        return Extents(protocol, count, count, first(protocol, count), axes)
    timed = first(protocol, count) if count < len(protocol) else pilot_protocol(protocol, SHORT)
    return Extents(protocol, count, NEAR, first(timed, LONG), axes)


def expected_cost(case: Case, extent: Extent, known: Protocol | None) -> float:
    """Return what the companions of a run will cost, over its own cost. known: what pilots have driven of it."""
    if extent == "none" or known == case.protocol:
        return 0.0
    found = extents_of(case, extent)
    driven = len(found.timed) if known == found.timed and found.blocks_shortened else 0
    return found.cost - COARSE**found.axes * (1.0 + TIGHT) * driven / len(case.protocol)
