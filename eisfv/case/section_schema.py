"""The `[device.section]` table of a case file, and values that vary along it."""

from itertools import pairwise
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, field_validator

from eisfv.case.fields import (
    Capacitance,
    CurrentDensity,
    Length,
    Number,
    Quantity,
    Table,
    Text,
    Unit,
    Whole,
    refuse,
)


def _ascends(span: list[Quantity]) -> list[Quantity]:
    if span[1].si <= span[0].si:
        refuse('must run from the smaller to the larger value; write for example ["2 um", "18 um"]')
    return span


Coordinate = Annotated[Quantity, Unit("length", "any")]
Span = Annotated[list[Coordinate], Field(min_length=2, max_length=2), AfterValidator(_ascends)]


class Place(Table):
    """Where a contact lies; what is left out is as the shape has it."""

    region: Text | None = None
    edge: Literal["top", "bottom", "left", "right"] | None = None
    span: Span | None = None


class Places(Table):
    gate: Place | None = None
    source: Place | None = None
    drain: Place | None = None
    channel: Place | None = None


class Section(Table):
    """A shape, or a mesh; `section_keys` says which keys belong to which."""

    shape: Literal["stack", "planar_self_gate", "boxes"] | None = None
    mesh: Text | None = None
    depth: Length
    width: Length | None = None
    source_drain: Literal["side", "bottom"] | None = None
    pad: Length | None = None
    unit: Length | None = None
    centres: Literal["centroids", "circumcentres"] | None = None
    mesh_sha256: Text | None = None
    contact: Places | None = None


Level = TypeVar("Level")


class Points(Table, Generic[Level]):
    """Straight lines through values at points."""

    x: Annotated[list[Coordinate], Field(min_length=2)]
    value: list[Level]

    @field_validator("x")
    @classmethod
    def _ascends(cls, x: list[Quantity]) -> list[Quantity]:
        if any(late.si <= early.si for early, late in pairwise(x)):
            refuse('must ascend; write for example ["0 um", "10 um", "20 um"]')
        return x

    @field_validator("value")
    @classmethod
    def _as_many_as_x(cls, value: list[Level], info: ValidationInfo) -> list[Level]:
        if "x" in info.data and len(info.data["x"]) != len(value):
            refuse(f"has {len(value)} entries and x has {len(info.data['x'])}; give one value for each x")
        if not any(isinstance(level, Quantity) and level.si > 0.0 for level in value):
            refuse("is zero everywhere; give a value above zero somewhere")
        return value


class FromFile(Table):
    """Points in a file; `profiles` puts them in its place before the table is read."""

    profile: Text


class Patches(Table, Generic[Level]):
    """Patches of the length `patch`, a share of them poor, drawn with a seed."""

    good: Level
    poor: Level
    patch: Length
    share: Annotated[float, Number(0.0, 1.0, "0.3", closed=True)]
    seed: Annotated[int, Whole(0, "1")]

    @field_validator("poor")
    @classmethod
    def _is_below_good(cls, poor: Level, info: ValidationInfo) -> Level:
        good = info.data.get("good")
        if isinstance(good, Quantity) and isinstance(poor, Quantity):
            if good.si == 0.0:
                refuse("has nothing better beside it: good is zero; write a good value above zero")
            if poor.si >= good.si:
                refuse(f"must be below good = {good.text}")
        return poor


def _form(value: Any) -> str:
    """Choose the member of a union when a file is read (dict) and when it is written (Table)."""
    if not isinstance(value, dict | Table):
        return "value"
    names = set(value if isinstance(value, dict) else type(value).model_fields)
    if "profile" in names:
        return "profile"
    return "patches" if names & set(Patches.model_fields) else "points"


CurrentLevel = Annotated[Quantity, Unit("current density", "not negative")]
CapacitanceLevel = Annotated[Quantity, Unit("capacitance per area", "not negative")]

CurrentDensityAlong = Annotated[
    Annotated[CurrentDensity, Tag("value")]
    | Annotated[Points[CurrentLevel], Tag("points")]
    | Annotated[FromFile, Tag("profile")]
    | Annotated[Patches[CurrentLevel], Tag("patches")],
    Discriminator(_form),
]
CapacitanceAlong = Annotated[
    Annotated[Capacitance, Tag("value")]
    | Annotated[Points[CapacitanceLevel], Tag("points")]
    | Annotated[FromFile, Tag("profile")]
    | Annotated[Patches[CapacitanceLevel], Tag("patches")],
    Discriminator(_form),
]
