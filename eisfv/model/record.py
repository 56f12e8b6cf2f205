"""What all records of a case share: how they are validated and how they are written back.

A record is a frozen dataclass that pydantic validates: `ButlerVolmer(1e-3, alpha=0.4)` in Python, in SI, and the same
record from the tables of a file, where every quantity is a text with its unit. Keys that a record does not have are
refused.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from pathlib import PurePath
from typing import Any, ClassVar, NoReturn

from pydantic import ConfigDict, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from eisfv.model.quantity import Quantity, Series

RECORD = ConfigDict(extra="forbid", populate_by_name=True)


@dataclass(frozen=True)
class Reading:
    """The context of validation that says: this comes from a file, and a bare number for a quantity is an error.

    materials  what `material = "..."` may refer to, already validated
    reference  how the material that is being read is referred to
    """

    materials: dict[str, Any] = field(default_factory=dict)
    reference: str = ""

    @property
    def name(self) -> str:
        """Return the name of the material that is being read: its reference without folder and ending."""
        return PurePath(self.reference).stem


def refuse(reason: str) -> NoReturn:
    """Raise what pydantic collects; the reason reads on after "key = value"."""
    raise PydanticCustomError("case", "{reason}", {"reason": reason})


class Checked(ABC):
    """A mark of a field whose values are what `check` makes of them."""

    @abstractmethod
    def check(self, value: Any, info: ValidationInfo) -> Any:
        """Return the value of the field, or refuse what is none."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.check)


class Record:
    """A table of a file. Its fields are the keys, in the order in which they are written.

    A key that is a word of Python's own, as `from`, has a field with a line behind it, `from_`.

    BESIDE  fields that a table does not have: the file says them elsewhere
    LAST    keys that are written behind those of a derived record
    FLAT    the field whose keys stand in the table itself
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]  # every record is a dataclass
    BESIDE: ClassVar[tuple[str, ...]] = ()
    LAST: ClassVar[tuple[str, ...]] = ()
    FLAT: ClassVar[str | None] = None
    # False where a file has something else in the place of a table.
    is_table: ClassVar[bool] = True

    def written(self) -> Any:
        """Return the table as a file has it, without what is not set."""
        names = [f.name for f in fields(self) if f.name not in self.BESIDE]
        names.sort(key=lambda name: name in self.LAST)
        table: dict[str, Any] = {}
        for name in names:
            value = getattr(self, name)
            if name == self.FLAT:
                table |= written(value)
            elif value is not None:
                table[name.removesuffix("_")] = written(value)
        return table

    def mentioned(self) -> Any:
        """Return what a file has where another record holds this one: its table."""
        return self.written()


def written(value: Any) -> Any:
    """Return a value as a file has it."""
    if isinstance(value, Quantity):
        plain = value.text or float(value)
        return {"value": plain, "source": value.source} if value.source else plain
    if isinstance(value, Series):
        return {"value": [written(item) for item in value], "source": value.source}
    if isinstance(value, Record):
        return value.mentioned()
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [written(item) for item in value]
    return value
