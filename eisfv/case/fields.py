"""The types of a case's values for pydantic: quantities with units, bounded numbers, values with a source."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Any, Generic, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from eisfv.units import DIMENSIONS, UnitError, parse


def refuse(reason: str) -> NoReturn:
    """Raise what pydantic collects; the reason reads on after "key = value"."""
    raise PydanticCustomError("case", "{reason}", {"reason": reason})


class Table(BaseModel):
    """A table of a case file: unknown keys are refused, nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True)
class Quantity:
    """A value as written ("80 nm") and in SI."""

    text: str
    si: float


def plain(check: Callable[[Any], Any], dump: Callable[[Any], Any]) -> CoreSchema:
    """Return the schema of a value that one function checks and another one writes back."""
    return core_schema.no_info_plain_validator_function(
        check, serialization=core_schema.plain_serializer_function_ser_schema(dump)
    )


@dataclass(frozen=True)
class Unit:
    """Marks a Quantity: its dimension (a key of `eisfv.units.DIMENSIONS`) and the sign it may have."""

    dimension: str
    sign: Literal["any", "positive", "not negative"] = "positive"

    def check(self, value: Any) -> Quantity:
        try:
            si = parse(value, self.dimension)
        except UnitError as error:
            refuse(error.reason)
        if si < 0.0 or (si == 0.0 and self.sign == "positive"):
            remedy = f'; write for example "{DIMENSIONS[self.dimension].example}"'
            if self.sign == "positive":
                refuse("must be greater than zero" + remedy)
            elif self.sign == "not negative":
                refuse("must not be negative" + remedy)
        return Quantity(value.strip(), si)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain(self.check, lambda quantity: quantity.text)


@dataclass(frozen=True)
class Number:
    """Marks a float without a unit, inside (low, high) or on the bounds that `closed` allows."""

    low: float | None = None
    high: float | None = None
    example: str = "0.5"
    closed: bool = False

    def check(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            refuse(f"must be a plain number without quotes and unit; write for example {self.example}")
        if not isfinite(value):
            refuse(f"must be finite; write for example {self.example}")
        below = self.low is not None and (value < self.low or (value == self.low and not self.closed))
        above = self.high is not None and (value > self.high or (value == self.high and not self.closed))
        if below or above:
            refuse(f"must be {self._range()}; write for example {self.example}")
        return float(value)

    def _range(self) -> str:
        if self.low is not None and self.high is not None:
            return f"between {self.low:g} and {self.high:g}" + ("" if self.closed else ", both excluded")
        return f"at least {self.low:g}" if self.closed else f"greater than {self.low:g}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain(self.check, float)


@dataclass(frozen=True)
class Whole:
    """Marks an integer that is at least `low`."""

    low: int
    example: str = "10"

    def check(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < self.low:
            refuse(f"must be a whole number, at least {self.low}; write for example {self.example}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain(self.check, int)


Length = Annotated[Quantity, Unit("length")]
HopLength = Annotated[Quantity, Unit("length", "not negative")]
Area = Annotated[Quantity, Unit("area")]
Time = Annotated[Quantity, Unit("time")]
Moment = Annotated[Quantity, Unit("time", "not negative")]
Temperature = Annotated[Quantity, Unit("temperature")]
Voltage = Annotated[Quantity, Unit("voltage", "any")]
Current = Annotated[Quantity, Unit("current", "any")]
CurrentDensity = Annotated[Quantity, Unit("current density")]
Resistance = Annotated[Quantity, Unit("resistance", "not negative")]
Capacitance = Annotated[Quantity, Unit("capacitance per area")]
Conductivity = Annotated[Quantity, Unit("conductivity", "not negative")]
Diffusivity = Annotated[Quantity, Unit("diffusivity")]
Concentration = Annotated[Quantity, Unit("concentration")]
Background = Annotated[Quantity, Unit("concentration", "any")]
MolarEnergy = Annotated[Quantity, Unit("molar energy", "any")]

Fraction = Annotated[float, Number(0.0, 1.0, "0.1")]
Transfer = Annotated[float, Number(0.0, 1.0, "0.5")]
Count = Annotated[int, Whole(1)]
Positive = Annotated[float, Number(0.0, None, "1.0")]
Real = Annotated[float, Number()]
Text = Annotated[str, Field(min_length=1)]

T = TypeVar("T")


class Sourced(Table, Generic[T]):
    """A value of a material and where it comes from."""

    value: T
    source: Text

    @model_validator(mode="before")
    @classmethod
    def _needs_a_source(cls, value: Any) -> Any:
        if not isinstance(value, dict | cls):
            refuse('needs its source; write { value = ..., source = "where it is from" }')
        return value
