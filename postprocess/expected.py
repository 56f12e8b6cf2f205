"""A case's expected.toml: the quantities a run is held against.

[[quantity]]
name       what it is
value      "0.3 uS", or a number where it has no unit
tolerance  relative, or { factor = 2 } for "within a factor of 2", or "at most", "at least" for a bound
kind       calibrated: the value went into a parameter; predicted: it did not; exact: it follows from the drive
source     where the value is from
from       pulses | terminals | profiles
column     header in that table, such as "dG_S"; of profiles a variable, such as "site_fraction_Mg"
region     with profiles: the region whose cells count
select     all | first N | last N (rows; records of the profiles)
reduce     mean | mean_abs | median | first | last | max | min; of profiles mean (over the volume) | max | min
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from eisfv.postprocess.units import header_unit

from eisfv.units import UnitError, parse

KEYS = ("name", "value", "tolerance", "kind", "source", "from", "column", "select", "reduce")
KINDS = ("calibrated", "predicted", "exact")
TABLES = ("pulses", "terminals", "profiles")
REDUCTIONS = ("mean", "mean_abs", "median", "first", "last", "max", "min")
BOUNDS = ("at most", "at least")
OF_PROFILES = ("mean", "max", "min")
DIMENSIONS = {"S": "conductance", "V": "voltage", "A": "current", "C": "charge", "J": "energy", "s": "time"}
PROFILE_UNITS: Mapping[str, str] = {"potential": "V"}


class ExpectedError(ValueError):
    """expected.toml cannot be used; the message is one line for the user."""


@dataclass(frozen=True)
class Quantity:
    """One entry of expected.toml; value in SI; tolerance relative or a factor, of no meaning with a bound."""

    name: str
    value: float
    unit: str
    tolerance: float
    factor: bool
    bound: str
    kind: str
    source: str
    table: str
    column: str
    region: str
    select: str
    reduce: str


def read_expected(path: Path) -> list[Quantity]:
    """Return the entries of an expected.toml. Raises ExpectedError."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExpectedError(f"{path}: is not there; the case has nothing to compare with") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ExpectedError(f"{path}: cannot be read ({error})") from None
    quantities = entries.get("quantity")
    if set(entries) - {"quantity"} or not isinstance(quantities, list) or not quantities:
        raise ExpectedError(f"{path}: holds [[quantity]] tables and nothing else; write at least one")
    return [parsed(path, number, entry) for number, entry in enumerate(quantities)]


def parsed(path: Path, number: int, entry: Any) -> Quantity:
    """Return one entry. Raises ExpectedError."""
    place = f"{path}: quantity[{number}]"
    if not isinstance(entry, dict):
        raise ExpectedError(f"{place} is not a table")
    wanted = (*KEYS, "region") if entry.get("from") == "profiles" else KEYS
    for key in entry:
        if key not in wanted:
            close = get_close_matches(key, wanted, 1)
            raise ExpectedError(f"{place}.{key} is not a known key" + (f"; did you mean {close[0]}?" if close else ""))
    missing = [key for key in wanted if key not in entry]
    if missing:
        raise ExpectedError(f"{place}.{missing[0]} is missing")
    reductions = OF_PROFILES if entry["from"] == "profiles" else REDUCTIONS
    for key, allowed in (("kind", KINDS), ("from", TABLES), ("reduce", reductions)):
        if entry[key] not in allowed:
            raise ExpectedError(f'{place}.{key} = "{entry[key]}" is not one of {", ".join(allowed)}')
    if not re.fullmatch(r"all|(first|last) [1-9]\d*", str(entry["select"])):
        raise ExpectedError(f'{place}.select = "{entry["select"]}": write all, "first 10" or "last 10"')
    column = str(entry["column"])
    unit = PROFILE_UNITS.get(column, "") if entry["from"] == "profiles" else header_unit(column)
    bound = str(entry["tolerance"]) if entry["tolerance"] in BOUNDS else ""
    tolerance, factor = (0.0, False) if bound else tolerance_of(place, entry["tolerance"])
    return Quantity(
        str(entry["name"]),
        value_of(place, entry["value"], unit),
        unit,
        tolerance,
        factor,
        bound,
        str(entry["kind"]),
        str(entry["source"]),
        str(entry["from"]),
        column,
        str(entry.get("region", "")),
        str(entry["select"]),
        str(entry["reduce"]),
    )


def value_of(place: str, value: Any, unit: str) -> float:
    """Return an expected value in SI. Raises ExpectedError."""
    if not unit:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            raise ExpectedError(f"{place}.value = {value!r}: the column has no unit, write a number")
        return float(value)
    try:
        return parse(value, DIMENSIONS[unit])
    except UnitError as error:
        raise ExpectedError(f"{place}.value = {value!r} {error.reason}") from None


def tolerance_of(place: str, tolerance: Any) -> tuple[float, bool]:
    """Return a tolerance and whether it is a factor. Raises ExpectedError."""
    factor = isinstance(tolerance, dict)
    number = tolerance.get("factor") if isinstance(tolerance, dict) and set(tolerance) == {"factor"} else tolerance
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not isfinite(number):
        raise ExpectedError(f'{place}.tolerance = {tolerance!r}: write 0.2, {{ factor = 2 }}, "at most" or "at least"')
    if number < 0.0 or (factor and number < 1.0):
        raise ExpectedError(f"{place}.tolerance = {number}: a relative one is not negative, a factor not below 1")
    return float(number), factor
