"""The `[output]` table: what a run writes, and when."""

from dataclasses import dataclass as plain_dataclass
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, GetCoreSchemaHandler, Tag, ValidationInfo
from pydantic.dataclasses import dataclass
from pydantic_core import CoreSchema, core_schema

from eisfv.model.fields import Time, Unit
from eisfv.model.record import RECORD, Record, refuse

FIELD_WORDS = ("start", "end", "end of step", "end of pulse")


@plain_dataclass(frozen=True)
class FieldTime:
    """Marks an entry of `fields.at`: one of FIELD_WORDS or a time (s)."""

    def check(self, value: Any, info: ValidationInfo) -> float | str:
        if value in FIELD_WORDS:
            return str(value)
        if isinstance(value, str) and value[:1].isalpha():
            refuse("is neither a time nor one of " + ", ".join(f'"{word}"' for word in FIELD_WORDS))
        return Unit("time", "not negative").check(value, info)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.check)


@dataclass(frozen=True, config=RECORD)
class Every(Record):
    """At equal intervals (s)."""

    every: Time


@dataclass(frozen=True, config=RECORD)
class At(Record):
    """At times: seconds, or "start", "end", "end of step", "end of pulse"."""

    at: tuple[Annotated[float | str, FieldTime()], ...]


def table_or_text(value: Any) -> str:
    """Return which member of a union of a table and a word something is."""
    return "table" if isinstance(value, dict | Record) else "text"


@dataclass(frozen=True, config=RECORD)
class Output(Record):
    """terminals  at every accepted step, or at intervals
    profiles      of the cells, in result.nc: only at the times of the fields, or at intervals
    fields        times of the VTU files
    """

    terminals: Annotated[
        Annotated[Literal["every step"], Tag("text")] | Annotated[Every, Tag("table")], Discriminator(table_or_text)
    ] = "every step"
    profiles: Annotated[
        Annotated[Literal["with fields"], Tag("text")] | Annotated[Every, Tag("table")], Discriminator(table_or_text)
    ] = "with fields"
    fields: At = Field(default_factory=lambda: At(("start", "end")))


def interval(schedule: Every | str) -> float | None:
    """Return the interval (s) of a schedule, None where it is a word."""
    return float(schedule.every) if isinstance(schedule, Every) else None
