"""What of a protocol the pilots drive: all that differs, its blocks repeated less often."""

from collections.abc import Sequence
from dataclasses import replace

from eisfv.model.protocol import Block, Protocol, Step


def shortened(entries: Sequence[Block | Step], most: int) -> tuple[Block | Step, ...]:
    """Return the entries of a protocol with every block repeated at most so often."""
    return tuple(
        replace(entry, repeat=min(entry.repeat, most), steps=shortened(entry.steps, most))
        if isinstance(entry, Block)
        else entry
        for entry in entries
    )


def pilot_protocol(protocol: Protocol, longest: int) -> Protocol:
    """Return the protocol, its blocks repeated as often as so many steps allow, at least once."""
    most = max((entry.repeat for entry in protocol.entries if isinstance(entry, Block)), default=1)
    found = protocol
    while len(found) > longest and most > 1:
        most = (most + 1) // 2
        found = Protocol(shortened(protocol.entries, most))
    return found
