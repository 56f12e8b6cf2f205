"""What of a protocol the pilots drive: all that differs, its blocks repeated less often."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from eisfv.case.case import Case
from eisfv.model.impedance import Impedance
from eisfv.model.measure import Measure
from eisfv.model.protocol import Block, Protocol
from eisfv.model.steps import Step

BRIEF, SHORT = 1, 16  # protocol steps, where blocks can be so short: every block once, some times


def shortened(entries: Sequence[Block | Step | Impedance], most: int) -> tuple[Block | Step | Impedance, ...]:
    """Return the entries of a protocol with every block repeated at most so often."""
    return tuple(
        replace(entry, repeat=min(entry.repeat, most), steps=shortened(entry.steps, most))
        if isinstance(entry, Block)
        else entry
        for entry in entries
    )


def all_driven(case: Case) -> Protocol:
    """Return the protocol of a case, and after it those of its measures that drive it the furthest, by a voltage and
    by a current, up and down: what the mesh must resolve."""
    furthest: dict[tuple[str, bool], tuple[float, Measure]] = {}
    for measure in case.file.measure:
        for step in measure.protocol.steps:
            if step.drive != "open_circuit":
                height = step.waveform.extreme(step.duration)
                key = (step.drive, height > 0.0)
                if height != 0.0 and abs(height) > furthest.get(key, (0.0, measure))[0]:
                    furthest[key] = (abs(height), measure)
    chosen = list({id(measure): measure for _, measure in furthest.values()}.values())
    return Protocol((*case.protocol.entries, *(entry for measure in chosen for entry in measure.steps)))


def most_often(entries: Sequence[Block | Step | Impedance]) -> int:
    """Return how often the block is repeated, of those in one another too, that is repeated most often."""
    return max((max(entry.repeat, most_often(entry.steps)) for entry in entries if isinstance(entry, Block)), default=1)


def fewer(protocol: Protocol) -> Iterator[int]:
    """Give how often the blocks of a protocol are repeated at most, as it has them and ever less, down to once."""
    most = most_often(protocol.entries)
    yield most
    while most > 1:
        most = (most + 1) // 2
        yield most


def pilot_protocol(protocol: Protocol, longest: int) -> Protocol:
    """Return the protocol, its blocks repeated as often as so many steps allow, at least once."""
    found = protocol
    for most in islice(fewer(protocol), 1, None):
        if len(found) <= longest:
            break
        found = Protocol(shortened(protocol.entries, most))
    return found
