"""The `[calibrate]` table: which values are fitted, within which bounds, to which quantities and curves.

starts     how many fits are begun: one at the start values, the others spread over the ranges (a Latin hypercube)
seed       of those starts and of the posterior
profile    whether each parameter's profile likelihood is drawn up; a list: of these keys
posterior  { steps, walkers }: draws of the posterior by emcee
"""

import re
from dataclasses import dataclass
from math import inf, isfinite
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, ValidationInfo, field_validator, model_validator
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

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": ["string", "number"]}


def _key(text: str) -> str:
    if not KEY.fullmatch(text):
        refuse('is no key; write for example "material.mg_wo3.open_circuit.slope"')
    return text


Key = Annotated[Text, AfterValidator(_key)]
Bound = Annotated[Amount, _Amount()]


class _Width:
    """Marks a width: 0.1 of the value, "10 mV", { absolute = 0.02 } or { factor = 1.2 }."""

    def check(self, value: Any) -> "Width":
        if isinstance(value, dict):
            kind, number = next(iter(value.items()), ("", 0.0))
            if len(value) != 1 or kind not in ("factor", "absolute") or not _number(number):
                refuse("must be { factor = 1.2 } or { absolute = 0.02 }")
            if not (1.0 if kind == "factor" else 0.0) < number < inf:
                refuse("must be a factor above 1, or above zero")
            return Width(float(number), "factor" if kind == "factor" else "amount")
        amount = _Amount().check(value)
        if amount.number <= 0.0:
            refuse("must be above zero")
        return Width(amount.number, "amount" if amount.unit else "share", amount.unit)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        number = {"type": "number"}
        words = {"type": "object", "properties": {"factor": number, "absolute": number}, "additionalProperties": False}
        return {"anyOf": [{"type": ["string", "number"]}, words]}


@dataclass(frozen=True)
class Width:
    """One standard deviation: a factor, an amount with its unit, or a share of what it is the width of."""

    number: float
    kind: Literal["factor", "amount", "share"]
    unit: str = ""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Device(Table):
    """A name for a case, by which parameters and targets call it."""

    name: Text
    case: Text


class Also(Table):
    """Another place of the same value, `factor` times it; without `case` in every case that has the key."""

    key: Key
    case: Text | None = None
    factor: Positive = 1.0


class Prior(Table):
    """What is known of a parameter beforehand: normal in the value, with { factor = ... } in its logarithm.

    At a bound it is half of one.
    """

    value: Bound
    width: Annotated[Width, _Width()]


class Parameter(Table):
    """A value that is fitted; without `case` and `devices` in every case that has the key.

    scope  shared: one value for all devices; device: one for each of `devices`, of all without it
    """

    key: Key
    case: Text | None = None
    devices: Annotated[list[Text], Field(min_length=1)] | None = None
    scope: Literal["shared", "device"] = "shared"
    also: list[Also] = []
    low: Bound
    high: Bound
    scale: Literal["linear", "log"] = "linear"
    start: Bound | None = None
    prior: Prior | None = None

    @field_validator("prior")
    @classmethod
    def _in_one_unit(cls, prior: Prior | None, info: ValidationInfo) -> Prior | None:
        low = info.data.get("low")
        if prior is None or low is None:
            return prior
        if prior.value.unit != low.unit or (prior.width.kind != "factor" and prior.width.unit != low.unit):
            refuse(f"is not in the unit of low, which is {low.text}; write its value and width in that unit")
        if prior.width.kind == "factor" and not (prior.value.number > 0.0 and low.number > 0.0):
            refuse("is in the logarithm, and value or low is not above zero; write the width in the unit of low")
        return prior

    @field_validator("high")
    @classmethod
    def _above_low(cls, high: Amount, info: ValidationInfo) -> Amount:
        low = info.data.get("low")
        if low is not None and low.unit != high.unit:
            if not low.unit:
                given = f"{low.number:g}"
                refuse(f'is not in the unit of low, and low = {given} has none; write low = "{given} {high.unit}"')
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
    """A quantity or a measured curve of a case's expected.toml; without `case` and `device` of this case's.

    width  one standard deviation, in place of the entry's tolerance: a share of the value as 0.1, "10 mV",
           { absolute = 0.02 } where there is no unit, or { factor = 1.2 }; of a bound how far it may be missed
    """

    case: Text | None = None
    device: Text | None = None
    quantity: Text | None = None
    curve: Text | None = None
    weight: Positive = 1.0
    width: Annotated[Width, _Width()] | None = None

    @model_validator(mode="after")
    def _of_one(self) -> "Target":
        if (self.quantity is None) == (self.curve is None):
            refuse("names a quantity or a curve, one of them")
        if self.curve is not None and self.width is not None:
            refuse("has a width, and a curve has its errors in its expected.toml; remove width")
        if self.case is not None and self.device is not None:
            refuse("has case and device; write one of them")
        return self


class Posterior(Table):
    """Draws by an ensemble of walkers; a tenth of the steps is left out at the beginning."""

    steps: Annotated[int, Field(ge=20, le=1_000_000)]
    walkers: Annotated[int, Field(ge=4, le=10_000)] | None = None


class Calibrate(Table):
    device: list[Device] = []
    parameter: Annotated[list[Parameter], Field(min_length=1)]
    target: Annotated[list[Target], Field(min_length=1)]
    starts: Annotated[int, Field(ge=1, le=10_000)] = 1
    seed: Annotated[int, Field(ge=0)] = 1
    profile: bool | list[Text] = False
    posterior: Posterior | None = None
