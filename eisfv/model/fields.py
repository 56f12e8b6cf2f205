"""The types of the fields of records: quantities with units, bounded numbers, values with a source, tagged unions."""

from dataclasses import dataclass
from math import isfinite
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, Strict, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from eisfv.model.quantity import Quantity, Series
from eisfv.model.record import Checked, Reading, refuse
from eisfv.units import DIMENSIONS, UnitError, parse

# In SI; what lies beyond is no figure of a device, and products of a few such ones leave the doubles.
SMALLEST, LARGEST = 1e-60, 1e60
# K; the laws have no freezing and no melting, but activation energies that no double holds further out.
COLDEST, HOTTEST = 20.0, 3000.0
LONGEST_NAME = 100  # characters; files carry names
Sign = Literal["any", "positive", "not negative"]


@dataclass(frozen=True)
class Unit(Checked):
    """Marks a quantity: its dimension (a key of `eisfv.units.DIMENSIONS`) and the sign it may have.

    In a file it is a text with its unit; in Python also a number, in SI.
    """

    dimension: str
    sign: Sign = "positive"

    def check(self, value: Any, info: ValidationInfo) -> Quantity:
        if isinstance(info.context, Reading) or isinstance(value, str):
            return self.read(value)
        if isinstance(value, Quantity):
            return self._bounded(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            refuse(f"is not a quantity; write for example {parse(DIMENSIONS[self.dimension].example, self.dimension)}")
        return self._bounded(Quantity(value, f"{float(value)!r} {DIMENSIONS[self.dimension].si}"))

    def read(self, text: Any) -> Quantity:
        """Return the quantity of a text."""
        try:
            value = parse(text, self.dimension)
        except UnitError as error:
            refuse(error.reason)
        return self._bounded(Quantity(value, str(text).strip()))

    def _bounded(self, quantity: Quantity) -> Quantity:
        if quantity != 0.0 and not SMALLEST <= abs(quantity) <= LARGEST:
            refuse(f'is no figure of a device; write for example "{DIMENSIONS[self.dimension].example}"')
        if quantity < 0.0 or (quantity == 0.0 and self.sign == "positive"):
            remedy = f'; write for example "{DIMENSIONS[self.dimension].example}"'
            if self.sign == "positive":
                refuse("must be greater than zero" + remedy)
            elif self.sign == "not negative":
                refuse("must not be negative" + remedy)
        return quantity


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
        if abs(value) > LARGEST or not isfinite(value):
            refuse(f"must be finite; write for example {self.example}")
        below = self.low is not None and (value < self.low or (value == self.low and not self.closed))
        above = self.high is not None and (value > self.high or (value == self.high and not self.closed))
        if below or above:
            refuse(f"must be {self._range()}; write for example {self.example}")
        return value if isinstance(value, Quantity) else float(value)

    def _range(self) -> str:
        if self.low is not None and self.high is not None:
            return f"between {self.low:g} and {self.high:g}" + ("" if self.closed else ", both excluded")
        return f"at least {self.low:g}" if self.closed else f"greater than {self.low:g}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)


@dataclass(frozen=True)
class Whole:
    """Marks an integer from `low` to `high`."""

    low: int
    example: str = "10"
    high: int = 10**15

    def check(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < self.low:
            refuse(f"must be a whole number, at least {self.low}; write for example {self.example}")
        if value > self.high:
            refuse(f"must be at most {self.high}; write for example {self.example}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)


class Sourced:
    """Marks a value of a material: in a file { value = ..., source = "..." }."""

    KEYS = ("value", "source")

    def check(self, value: Any, table: Any, info: ValidationInfo) -> Any:
        if isinstance(info.context, Reading):
            if not isinstance(value, dict):
                refuse('needs its source; write { value = ..., source = "where it is from" }')
        else:
            value = {"value": value, "source": getattr(value, "source", "") or "given in Python"}
        found = table(value)
        plain, source = found["value"], found["source"]
        if isinstance(plain, tuple):
            return Series(plain, source)
        return Quantity(plain, plain.text if isinstance(plain, Quantity) else "", source)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(min_length=1)
        entries = {"value": handler(source), "source": text}
        table = core_schema.typed_dict_schema(
            {name: core_schema.typed_dict_field(schema) for name, schema in entries.items()}, extra_behavior="forbid"
        )
        return core_schema.with_info_wrap_validator_function(self.check, table)


@dataclass(frozen=True)
class Tagged:
    """Marks a union of records that name themselves in a field: `law`, `kind`, `drive`, `statistics`, `form`."""

    tag: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = get_args(source) if get_origin(source) in (Union, UnionType) else (source,)
        choices = {name: handler.generate_schema(member) for member in members for name in names_of(member, self.tag)}
        return core_schema.tagged_union_schema(choices, self.tag)


def names_of(record: Any, tag: str) -> tuple[str, ...]:
    """Return the names that a record of a union goes by."""
    return get_args((get_origin(record) or record).__pydantic_fields__[tag].annotation)


class Reference(Checked):
    """Marks how a case refers to a material: not a key of the material, but its name in the library or its file."""

    def check(self, value: Any, info: ValidationInfo) -> str:
        if not isinstance(info.context, Reading):
            return str(value)
        if value != "":
            raise PydanticCustomError("unexpected_keyword_argument", "is not a known key")
        return info.context.reference


def _not_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if not values:
        refuse("must not be empty")
    return values


def _writable(text: str) -> str:
    # A zero ends a text in the result files; a half of a pair, which only Python's texts have, is no text in any file.
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        refuse("holds a character that no file can hold; remove it")
    return text


def _short(text: str) -> str:
    if len(text) > LONGEST_NAME:
        refuse(f"has {len(text)} characters; a name has {LONGEST_NAME} at most")
    return text


def _of_a_device(temperature: float) -> float:
    if not COLDEST <= temperature <= HOTTEST:
        refuse(f'must be between {COLDEST:g} K and {HOTTEST:g} K; write for example "25 degC"')
    return temperature


def _two(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(values) != 2:
        refuse("must have 2 entries")
    return values


def _at_least_two(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(values) < 2:
        refuse("must have 2 entries")
    return values


# Behind the entries themselves: a faulty one is told alone, and not as one that is missing as well.
NotEmpty = AfterValidator(_not_empty)
Two = AfterValidator(_two)
AtLeastTwo = AfterValidator(_at_least_two)


def ascending(span: tuple[float, ...]) -> tuple[float, ...]:
    """Refuse a span that does not run upwards."""
    if span[1] <= span[0]:
        refuse('must run from the smaller to the larger value; write for example ["2 um", "18 um"]')
    return span


Length = Annotated[float, Unit("length")]
HopLength = Annotated[float, Unit("length", "not negative")]
Area = Annotated[float, Unit("area")]
Time = Annotated[float, Unit("time")]
Moment = Annotated[float, Unit("time", "not negative")]
Temperature = Annotated[float, Unit("temperature"), AfterValidator(_of_a_device)]
Voltage = Annotated[float, Unit("voltage", "any")]
Current = Annotated[float, Unit("current", "any")]
Frequency = Annotated[float, Unit("frequency")]
CurrentDensity = Annotated[float, Unit("current density")]
Resistance = Annotated[float, Unit("resistance", "not negative")]
SpecificResistance = Annotated[float, Unit("resistance times area")]
Capacitance = Annotated[float, Unit("capacitance per area")]
Conductivity = Annotated[float, Unit("conductivity", "not negative")]
Mobility = Annotated[float, Unit("mobility")]
Diffusivity = Annotated[float, Unit("diffusivity")]
Concentration = Annotated[float, Unit("concentration")]
Amount = Annotated[float, Unit("concentration", "not negative")]
Background = Annotated[float, Unit("concentration", "any")]
Energy = Annotated[float, Unit("energy", "not negative")]
MolarEnergy = Annotated[float, Unit("molar energy", "any")]
TemperatureCoefficient = Annotated[float, Unit("voltage per temperature", "any")]
Coordinate = Annotated[float, Unit("length", "any")]
Span = Annotated[tuple[Coordinate, ...], Two, AfterValidator(ascending)]

Fraction = Annotated[float, Number(0.0, 1.0, "0.1")]
Transfer = Annotated[float, Number(0.0, 1.0, "0.5")]
Count = Annotated[int, Whole(1)]
Charge = Annotated[int, Whole(-9, "2", high=9)]
Positive = Annotated[float, Number(0.0, None, "1.0")]
Real = Annotated[float, Number()]
AnyText = Annotated[str, AfterValidator(_writable)]
Text = Annotated[AnyText, Field(min_length=1)]
Name = Annotated[Text, AfterValidator(_short)]
YesNo = Annotated[bool, Strict()]

NO_ENERGY = Quantity(0.0, "0 eV")
