"""The `[calibrate]` table: which values are fitted, within which bounds, to which quantities."""

import re
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, ValidationInfo, field_validator
from pydantic_core import CoreSchema, core_schema

from eisfv.case.file_tree import KEY
from eisfv.case.table import Table
from eisfv.model.fields import Positive, Text
from eisfv.model.record import refuse
from eisfv.units import LONGEST, MARKS

AMOUNT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*")


def amount_match(text: str) -> re.Match[str] | None:
    """Return the number and the unit of a text as groups 1 and 2."""
    return AMOUNT.fullmatch(text.translate(MARKS)) if len(text) <= LONGEST else None


@dataclass(frozen=True)
class Amount:
    """A number and its unit as written, "" for none: the key that is fitted says what it measures."""

    number: float
    unit: str

    @property
    def text(self) -> str:
        """Return the amount as a case file writes it."""
        return amount_text(self.number, self.unit)


def amount_text(number: float, unit: str) -> str:
    """Return a number with its unit as the value of an override: 0.5 or "0.5 V"."""
    return f'"{number!r} {unit}"' if unit else repr(number)


class _Amount:
    """Marks an Amount: 0.3 or "0.1 uA/cm^2"."""

    def check(self, value: Any) -> Amount:
        match = amount_match(value) if isinstance(value, str) else None
        if match is not None and match[2]:
            number, unit = float(match[1]), match[2]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number, unit = float(value), ""
        else:
            refuse('must be a number or a quantity with its unit; write for example "0.1 uA/cm^2"')
        if not isfinite(number):
            refuse("must be finite")
        return Amount(number, unit)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)


def _key(text: str) -> str:
    if not KEY.fullmatch(text):
        refuse('is no key; write for example "material.mg_wo3.open_circuit.slope"')
    return text


Key = Annotated[Text, AfterValidator(_key)]
Bound = Annotated[Amount, _Amount()]


class Also(Table):
    """Another place of the same value, `factor` times it; without `case` in every case that has the key."""

    key: Key
    case: Text | None = None
    factor: Positive = 1.0


class Parameter(Table):
    """A value that is fitted; without `case` in every case that has the key."""

    key: Key
    case: Text | None = None
    also: list[Also] = []
    low: Bound
    high: Bound
    scale: Literal["linear", "log"] = "linear"
    start: Bound | None = None

    @field_validator("high")
    @classmethod
    def _above_low(cls, high: Amount, info: ValidationInfo) -> Amount:
        low = info.data.get("low")
        if low is not None and low.unit != high.unit:
            refuse(f"is not in the unit of low, which is {low.text}; write both in one unit")
        if low is not None and high.number <= low.number:
            refuse(f"is not above low, which is {low.text}; exchange them")
        return high

    @field_validator("scale")
    @classmethod
    def _log_above_zero(cls, scale: str, info: ValidationInfo) -> str:
        low = info.data.get("low")
        if scale == "log" and low is not None and low.number <= 0.0:
            refuse(f"needs bounds above zero, and low is {low.text}; raise it, or take linear")
        return scale

    @field_validator("start")
    @classmethod
    def _between(cls, start: Amount | None, info: ValidationInfo) -> Amount | None:
        low, high = info.data.get("low"), info.data.get("high")
        if start is None or low is None or high is None:
            return start
        if start.unit != low.unit:
            refuse(f"is not in the unit of low, which is {low.text}; write all three in one unit")
        if not low.number <= start.number <= high.number:
            refuse(f"is outside the bounds {low.text} to {high.text}")
        return start


class Target(Table):
    """A quantity of a case's expected.toml; without `case` of this case's."""

    case: Text | None = None
    quantity: Text
    weight: Positive = 1.0


class Calibrate(Table):
    parameter: Annotated[list[Parameter], Field(min_length=1)]
    target: Annotated[list[Target], Field(min_length=1)]
