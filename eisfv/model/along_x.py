"""Properties of an interface that vary along a section: points, patches, or points from a file.

A value along x is its largest level times a factor between 0 and 1. A plain number is the same everywhere.
"""

from dataclasses import dataclass as plain_dataclass
from dataclasses import fields
from typing import Annotated, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Tag, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from eisfv.model.curve_points import check_ascending, check_one_for_each
from eisfv.model.fields import AtLeastTwo, Capacitance, Coordinate, CurrentDensity, Length, Number, Text, Unit, Whole
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Record, refuse

Floats = NDArray[np.float64]
Level = TypeVar("Level", bound=float)


@dataclass(frozen=True, config=RECORD)
class Points(Record, Generic[Level]):
    """Straight lines through values at points, level beyond the ends."""

    x: Annotated[tuple[Coordinate, ...], AtLeastTwo]
    value: tuple[Level, ...]

    @field_validator("x")
    @classmethod
    def _ascends(cls, x: tuple[float, ...]) -> tuple[float, ...]:
        check_ascending(x, '["0 um", "10 um", "20 um"]')
        return x

    @field_validator("value")
    @classmethod
    def _as_many_as_x(cls, value: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        check_one_for_each(value, info, "x")
        if not any(level > 0.0 for level in value):
            refuse("is zero everywhere; give a value above zero somewhere")
        return value

    @property
    def largest(self) -> float:
        """Return the level where the factor is 1."""
        return max(self.value)

    def factor(self, x: Floats) -> Floats:
        """Return the factor at x (m)."""
        return np.asarray(np.interp(x, self.x, [level / self.largest for level in self.value]))

    def breaks(self) -> tuple[float, ...]:
        """Return where a mesh puts a face: nowhere, the slope alone jumps."""
        return ()


@plain_dataclass(frozen=True)
class PlacedPatches:
    """Patches of equal length on their stretch of x.

    largest; start, length (m) of the first patch; poor: one entry per patch; factor of a poor patch, 1 in the others
    """

    largest: float
    start: float
    length: float
    poor: tuple[bool, ...]
    poor_factor: float

    def factor(self, x: Floats) -> Floats:
        """Return the factor at x (m)."""
        number = np.clip(((x - self.start) / self.length).astype(int), 0, len(self.poor) - 1)
        return np.where(np.array(self.poor)[number], self.poor_factor, 1.0)

    def breaks(self) -> tuple[float, ...]:
        """Return the ends of the poor stretches (m): a mesh puts a face there."""
        jumps = np.flatnonzero(np.diff(np.array(self.poor, int))) + 1
        return tuple(float(self.start + self.length * n) for n in jumps)


@dataclass(frozen=True, config=RECORD)
class Patches(Record, Generic[Level]):
    """Patches of the length `patch`, a share of them poor, drawn with a seed."""

    good: Level
    poor: Level
    patch: Length
    share: Annotated[float, Number(0.0, 1.0, "0.3", closed=True)]
    seed: Annotated[int, Whole(0, "1")]

    @field_validator("poor")
    @classmethod
    def _is_below_good(cls, poor: float, info: ValidationInfo) -> float:
        good = info.data.get("good")
        if good is not None:
            if good == 0.0:
                refuse("has nothing better beside it: good is zero; write a good value above zero")
            if poor >= good:
                refuse(f"must be below good = {good.text if isinstance(good, Quantity) else good}")
        return poor

    def over(self, start: float, stop: float) -> PlacedPatches:
        """Return the patches over [start, stop] (m), exactly the nearest whole number to `share` of them poor, their
        places by the seed."""
        count = max(1, round((stop - start) / self.patch))
        poor = np.zeros(count, bool)
        poor[np.random.default_rng(self.seed).permutation(count)[: round(self.share * count)]] = True
        length = (stop - start) / count
        return PlacedPatches(float(self.good), start, length, tuple(bool(p) for p in poor), self.poor / self.good)


@dataclass(frozen=True, config=RECORD)
class FromFile(Record):
    """Points in a file beside the case; they take its place before a device is made."""

    profile: Text


AlongX = float | Points[float] | FromFile | Patches[float] | PlacedPatches


def form(value: Any) -> str:
    """Return which form of a value along x something has."""
    if isinstance(value, dict):
        if "profile" in value:
            return "profile"
        return "patches" if set(value) & {field.name for field in fields(Patches)} else "points"
    forms = {Points: "points", FromFile: "profile", Patches: "patches", PlacedPatches: "placed"}
    return forms.get(type(value), "value")


CurrentLevel = Annotated[float, Unit("current density", "not negative")]
CapacitanceLevel = Annotated[float, Unit("capacitance per area", "not negative")]

CurrentDensityAlong = Annotated[
    Annotated[CurrentDensity, Tag("value")]
    | Annotated[Points[CurrentLevel], Tag("points")]
    | Annotated[FromFile, Tag("profile")]
    | Annotated[Patches[CurrentLevel], Tag("patches")]
    | Annotated[PlacedPatches, Tag("placed")],
    Discriminator(form),
]
CapacitanceAlong = Annotated[
    Annotated[Capacitance, Tag("value")]
    | Annotated[Points[CapacitanceLevel], Tag("points")]
    | Annotated[FromFile, Tag("profile")]
    | Annotated[Patches[CapacitanceLevel], Tag("patches")]
    | Annotated[PlacedPatches, Tag("placed")],
    Discriminator(form),
]


def largest(value: AlongX) -> float:
    """Return the level where the factor of a value along x is 1."""
    if isinstance(value, Points | PlacedPatches):
        return value.largest
    assert isinstance(value, float), f"{value} has no place along x yet"
    return float(value)


def factor(value: AlongX, x: float) -> float:
    """Return the factor of a value at x (m)."""
    return float(value.factor(np.array([x]))[0]) if isinstance(value, Points | PlacedPatches) else 1.0


def breaks(value: AlongX | None) -> tuple[float, ...]:
    """Return where a value jumps (m)."""
    return value.breaks() if isinstance(value, Points | PlacedPatches) else ()


def placed(value: AlongX, stretch: tuple[float, float] | None) -> AlongX:
    """Return the value with its patches on the stretch of x (m) of its interface."""
    if isinstance(value, Patches):
        assert stretch is not None, "a stretch of x is what patches lie on"
        return value.over(*stretch)
    return value
