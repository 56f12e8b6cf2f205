"""`[[measure]]`: protocols that all start from the state that the `[[protocol]]` of a case leaves."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Name, NotEmpty
from eisfv.model.protocol import Entry, Protocol, can_be_driven
from eisfv.model.record import RECORD, Record, refuse

FORBIDDEN = ',"\n'  # in a cell of a table


def _fits_a_table(name: str) -> str:
    if any(mark in name for mark in FORBIDDEN):
        refuse("has a comma, a quote or a line break, which a table's cell cannot hold; take other letters")
    return name


@dataclass(frozen=True, config=RECORD)
class Measure(Record):
    """One variant. keys: what tells it from others of its kind, with the values as the case has them.

    In a file `vary = { "steps[0].duration" = ["1 ms", "10 ms"] }` makes one variant of every value; several keys go
    together. `eisfv.case.variants` writes them out.
    """

    steps: Annotated[tuple[Entry, ...], NotEmpty, AfterValidator(can_be_driven)]
    name: Annotated[Name, AfterValidator(_fits_a_table)] | None = Field(default=None, kw_only=True)
    keys: dict[str, Any] | None = Field(default=None, kw_only=True)

    @property
    def protocol(self) -> Protocol:
        """Return what is driven."""
        return Protocol(self.steps)

    def title(self, number: int) -> str:
        """Return what a variant is called, counted from 1."""
        values = ", ".join(map(str, (self.keys or {}).values()))
        name = self.name or f"measure {number}"
        return f"{name}, {values}" if values else name
