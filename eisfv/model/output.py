"""The `[output]` table: what a run writes, and when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass as plain_dataclass
from itertools import count
from math import floor, log10
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Count, Time, Unit
from eisfv.model.record import RECORD, Checked, Record, refuse

# Moments of a protocol.
WORDS = ("start", "end", "end of step", "end of pulse")


@plain_dataclass(frozen=True)
class FieldTime(Checked):
    """Marks an entry of `at`: one of WORDS or a time (s)."""

    def check(self, value: Any, info: ValidationInfo) -> float | str:
        if value in WORDS:
            return str(value)
        if isinstance(value, str) and value[:1].isalpha():
            refuse("is neither a time nor one of " + ", ".join(f'"{word}"' for word in WORDS))
        return Unit("time", "not negative").check(value, info)


@dataclass(frozen=True, config=RECORD)
class Every(Record):
    """At equal intervals (s)."""

    every: Time


@dataclass(frozen=True, config=RECORD)
class At(Record):
    """At times: seconds, or "start", "end", "end of step", "end of pulse"."""

    at: tuple[Annotated[float | str, FieldTime()], ...]


@dataclass(frozen=True, config=RECORD)
class LogTimes(Record):
    """Times first * 10^(k / per_decade), k = 0, 1, ..., after the start of every protocol step. first: s."""

    first: Time
    per_decade: Count

    def offset(self, k: int) -> float:
        """Return the time number k in s."""
        return float(self.first * 10.0 ** (k / self.per_decade))

    def offsets(self, after: float) -> Iterator[float]:
        """Give the times from about `after` (s) on, ascending."""
        k = floor(self.per_decade * log10(after / self.first)) - 1 if after > self.first else 0
        return (self.offset(j) for j in count(max(0, k)))


@dataclass(frozen=True, config=RECORD)
class Log(Record):
    """At times that spread out after the start of every protocol step."""

    log: LogTimes


WHEN = {"every": Every, "at": At, "log": Log}


def _when(default: str) -> Callable[[Any], str]:
    """Return what chooses the form of a time of output: a text, or the table of WHEN whose key it has."""

    def choose(value: Any) -> str:
        if not isinstance(value, dict | Record):
            return "text"
        has = set(value) if isinstance(value, dict) else set(value.__dataclass_fields__)
        return f"table of {next((key for key in WHEN if key in has), default)}"

    return choose


EveryTable = Annotated[Every, Tag("table of every")]
AtTable = Annotated[At, Tag("table of at")]
LogTable = Annotated[Log, Tag("table of log")]
EveryStep = Annotated[Literal["every step"], Tag("text")]
WithFields = Annotated[Literal["with fields"], Tag("text")]
When = Every | At | Log | str


@dataclass(frozen=True, config=RECORD)
class Output(Record):
    """When what is written.

    terminals  rows of terminals.csv; the first of them is the start of the run
    profiles   of the cells, in result.nc, beside those at the times of the fields
    fields     VTU files
    """

    terminals: Annotated[EveryStep | EveryTable | AtTable | LogTable, Discriminator(_when("every"))] = "every step"
    profiles: Annotated[WithFields | EveryTable | AtTable | LogTable, Discriminator(_when("every"))] = "with fields"
    fields: Annotated[EveryTable | AtTable | LogTable, Discriminator(_when("at"))] = Field(
        default_factory=lambda: At(("start", "end"))
    )
