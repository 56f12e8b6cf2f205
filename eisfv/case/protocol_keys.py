"""The steps of a protocol with the keys under which they stand in the file."""

from collections.abc import Iterator, Sequence
from typing import Any

from eisfv.case.problems import Key


def steps(entries: Sequence[Any] | None, key: Key = ("protocol",)) -> Iterator[tuple[Key, Any]]:
    """Yield every step and block of the protocol, those inside a block as well."""
    for index, entry in enumerate(entries or ()):
        yield (*key, index), entry
        yield from steps(getattr(entry, "steps", ()), (*key, index, "steps"))
