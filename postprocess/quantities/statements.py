"""Statements of a source: rows that test one and the same sentence count once.

A row that decides a statement names it, `statement = "0.3 uS a pulse at 5 uS"`; rows that test it again, in this
case or another, name it as `repeats = "0.3 uS a pulse at 5 uS"`: they are shown, and count nothing while a row that
decides is among those compared. Where none is, all that repeat it decide together. A row with neither is a statement
of its own. Cases that are run with different sets of values (`set`) test a statement once with each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .expected import KINDS, ExpectedError

UNNAMED = "no set named"

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
        named = row.quantity.statement or row.quantity.repeats
        groups.setdefault((row.set, named) if named else id(row), []).append(row)
    found = []
    for group in groups.values():
        named = group[0].quantity.statement or group[0].quantity.repeats
        found.append(Statement(named, tuple(row for row in group if row.quantity.statement) or tuple(group)))
    return found


def sets_of(rows: Iterable["Row"]) -> list[str]:
    """Return the sets of values that rows are of, in the order of their first row."""
    return list(dict.fromkeys(row.set for row in rows))


def name_of(one: str) -> str:
    """Return what a set is called where there are several."""
    return one or UNNAMED


def counted(rows: Sequence["Row"]) -> str:
    """Return how many statements of each kind lie within their tolerance, a line a set. Raises ExpectedError."""
    sets = sets_of(rows)
    if len(sets) > 1:
        return "\n".join(f"{name_of(one)}: {counted([row for row in rows if row.set == one])}" for one in sets)
    tested = statements(rows)
    words = []
    for kind in KINDS:
        chosen = [one.within for one in tested if one.kind == kind]
        if chosen:
            words.append(f"{sum(chosen)} of {len(chosen)} {kind}")
    shared = f" ({len(rows)} rows on {len(tested)} statements)" if len(tested) < len(rows) else ""
    return f"Within their tolerance: {', '.join(words)}{shared}."
