"""The steps of a protocol with the keys under which they stand in the file."""

from collections.abc import Iterator, Sequence
from typing import Any

from eisfv.case.problems import Key
from eisfv.model.case_file import CaseFile
from eisfv.model.impedance import Impedance


def of_case(file: CaseFile) -> Iterator[tuple[Key, Any]]:
    """Yield every step and block of a case: of its protocol, and of what is measured after it."""
    yield from steps(file.protocol)
    for index, measure in enumerate(file.measure or ()):
        yield from steps(getattr(measure, "steps", ()), ("measure", index, "steps"))


def steps(entries: Sequence[Any] | None, key: Key = ("protocol",)) -> Iterator[tuple[Key, Any]]:
    """Yield every step and block of the protocol, those inside a block as well; spectra drive nothing."""
    for index, entry in enumerate(entries or ()):
        if isinstance(entry, Impedance):
            continue
        yield (*key, index), entry
        yield from steps(getattr(entry, "steps", ()), (*key, index, "steps"))
