"""Axes of a sweep: a key of the case, or several that take one value, and the values it goes through.

Values are numbers in the axis's unit, or words. A case is known by its texts, so a value is always written the same
way: 2.0 in "um" as "2 um", whether it came from a list, a range or a sample.
"""

import json
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eisfv.result import Column
from eisfv.sweep.scatter import Scatter
from eisfv.units import DIMENSIONS, UnitError, parse

DIGITS = 12  # of computed values; what lies beyond differs between machines and would make a run another one
Value = float | str
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Axis:
    """One key, or several with one value.

    name    of its column
    unit    as written, "" for plain numbers and words
    keys    as `--set` names them
    scale   list: the values are as given; else how they lie between low and high
    values  in order; empty where points are drawn between low and high
    low, high  in the unit; of a list the smallest and the largest, NaN of words
    whole   drawn values are rounded to whole numbers
    zipped  axes of one such name advance together; "" for none
    scatter how a drawn value scatters between low and high; None: evenly, on the scale
    """

    name: str
    unit: str
    keys: tuple[str, ...]
    scale: Literal["linear", "log", "list"]
    values: tuple[Value, ...]
    low: float
    high: float
    whole: bool = False
    zipped: str = ""
    scatter: Scatter | None = None

    @property
    def header(self) -> str:
        """Return the name of its column in the gathered table: "thickness_um"."""
        return Column(self.name, self.unit).header

    @property
    def has_words(self) -> bool:
        """Return whether its values are words."""
        return any(isinstance(value, str) for value in self.values)

    @property
    def first(self) -> Value:
        """Return the first value, of what is drawn the low end."""
        return self.values[0] if self.values else float(self.between(np.zeros(1))[0])

    def overrides(self, value: Value) -> tuple[str, ...]:
        """Return what `--set` would say to give the case a value."""
        return tuple(f"{key}={value_text(value, self.unit)}" for key in self.keys)

    def between(self, share: Floats) -> Floats:
        """Return the values at shares from 0 to 1 of the way from low to high, or of the devices between them."""
        if self.scatter is not None:
            found = self.scatter.between(self.low, self.high, share)
        elif self.scale == "log":
            found = self.low * (self.high / self.low) ** share
        else:
            found = self.low + share * (self.high - self.low)
        return np.round(found) if self.whole else rounded(found)

    def in_si(self, values: Floats) -> Floats:
        """Return values of the axis in SI."""
        offset, factor = si_scale(self.unit)
        return offset + factor * values


def rounded(values: Floats) -> Floats:
    """Return values to DIGITS decimal digits, so that they are the same on every machine."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values.ravel()]).reshape(values.shape)


def value_text(value: Value, unit: str) -> str:
    """Return a value as TOML has it: 0.5, "0.5 V", "butler_volmer"; words that are no text stay as they are."""
    if isinstance(value, str):
        # JSON escapes what TOML does, but for DEL.
        return value if value in ("true", "false") else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    number = number_text(value)
    return f'"{number} {unit}"' if unit else number


def number_text(value: float) -> str:
    """Return the shortest text of a number: 2, 0.5, 1e-07."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(float(value))


def dimension_of(unit: str) -> str | None:
    """Return what a unit measures, None where it is no unit; energies and numbers per particle count molar."""
    for name in DIMENSIONS:
        try:
            parse(f"1 {unit}", name)
        except UnitError:
            continue
        return name
    return None


def si_scale(unit: str) -> tuple[float, float]:
    """Return offset and factor from a unit to SI; 0 and 1 where there is none. Raises UnitError."""
    if not unit:
        return 0.0, 1.0
    dimension = dimension_of(unit)
    if dimension is None:
        raise UnitError(unit, "is no unit")
    if unit.strip() in ("degC", "°C"):
        return parse(f"0 {unit}", dimension), 1.0
    return 0.0, parse(f"1 {unit}", dimension)


def converted(number: float, unit: str, into: str) -> float:
    """Return a number in another unit of the same dimension."""
    if unit == into:
        return number
    (offset, factor), (own_offset, own_factor) = si_scale(unit), si_scale(into)
    return float(f"{(offset + factor * number - own_offset) / own_factor:.{DIGITS}g}")
