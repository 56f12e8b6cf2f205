"""Statements of a source: rows that test one and the same sentence count once.

A row that decides a statement names it, `statement = "0.3 uS a pulse at 5 uS"`; rows that test it again, in this
case or another, name it as `repeats = "0.3 uS a pulse at 5 uS"`: they are shown, and count nothing while a row that
decides is among those compared. Where none is, all that repeat it decide together. A row with neither is a statement
of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .expected import KINDS, ExpectedError

if TYPE_CHECKING:
    from .rows import Row


@dataclass(frozen=True)
class Statement:
    """A statement with the rows that decide it; `name` is empty for a row that is its own statement."""

    name: str
    rows: tuple["Row", ...]

    @property
    def kind(self) -> str:
        """Return the kind of its rows. Raises ExpectedError where they differ."""
        kinds = sorted({row.quantity.kind for row in self.rows})
        if len(kinds) > 1:
            where = ", ".join(f"{row.case}: {row.quantity.name}" for row in self.rows)
            raise ExpectedError(f'statement "{self.name}" is {" and ".join(kinds)} at once ({where}); write one kind')
        return kinds[0]

    @property
    def within(self) -> bool:
        """Return whether every row that decides lies within its tolerance."""
        return all(row.within for row in self.rows)


def statements(rows: Iterable["Row"]) -> list[Statement]:
    """Return the statements that rows test, in the order of their first row."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.quantity.statement or row.quantity.repeats or id(row), []).append(row)
    found = []
    for group in groups.values():
        named = group[0].quantity.statement or group[0].quantity.repeats
        found.append(Statement(named, tuple(row for row in group if row.quantity.statement) or tuple(group)))
    return found


def counted(rows: Sequence["Row"]) -> str:
    """Return how many statements of each kind lie within their tolerance. Raises ExpectedError."""
    tested = statements(rows)
    words = []
    for kind in KINDS:
        chosen = [one.within for one in tested if one.kind == kind]
        if chosen:
            words.append(f"{sum(chosen)} of {len(chosen)} {kind}")
    shared = f" ({len(rows)} rows on {len(tested)} statements)" if len(tested) < len(rows) else ""
    return f"Within their tolerance: {', '.join(words)}{shared}."
