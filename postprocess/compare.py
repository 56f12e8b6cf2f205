"""A run against the case's expected.toml.

[[quantity]]
name       what it is
value      "0.3 uS", or a number where it has no unit
tolerance  relative, or { factor = 2 } for "within a factor of 2"
kind       calibrated: the value went into a parameter; predicted: it did not; exact: it follows from the drive
source     where the value is from
from       pulses | terminals
column     header in that table, such as "dG_S"
select     all | first N | last N (rows)
reduce     mean | mean_abs | median | first | last | max | min
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from eisfv.postprocess.units import header_unit, quantity

from eisfv.result import Run
from eisfv.units import UnitError, parse

KINDS = ("calibrated", "predicted", "exact")
KEYS = ("name", "value", "tolerance", "kind", "source", "from", "column", "select", "reduce")
DIMENSIONS = {"S": "conductance", "V": "voltage", "A": "current", "C": "charge", "J": "energy", "s": "time"}
REDUCTIONS: Mapping[str, Callable[[np.ndarray], float]] = {
    "mean": lambda v: float(v.mean()),
    "mean_abs": lambda v: float(np.abs(v).mean()),
    "median": lambda v: float(np.median(v)),
    "first": lambda v: float(v[0]),
    "last": lambda v: float(v[-1]),
    "max": lambda v: float(v.max()),
    "min": lambda v: float(v.min()),
}


class ExpectedError(ValueError):
    """expected.toml cannot be used; the message is one line for the user."""


@dataclass(frozen=True)
class Quantity:
    """One entry of expected.toml; value in SI, tolerance relative or a factor."""

    name: str
    value: float
    unit: str
    tolerance: float
    factor: bool
    kind: str
    source: str
    table: str
    column: str
    select: str
    reduce: str


@dataclass(frozen=True)
class Row:
    """A quantity with what the model gives; `within` its tolerance."""

    quantity: Quantity
    model: float

    @property
    def ratio(self) -> float:
        """Return model over expected."""
        return self.model / self.quantity.value if self.quantity.value else float("nan")

    @property
    def within(self) -> bool:
        """Return whether the model lies inside the tolerance."""
        expected, tolerance = self.quantity.value, self.quantity.tolerance
        if self.quantity.factor:
            return self.ratio > 0.0 and 1.0 / tolerance <= self.ratio <= tolerance
        return abs(self.model - expected) <= tolerance * abs(expected)


def compare(path: Path, run: Run) -> list[Row]:
    """Return every quantity of an expected.toml with the model's value. Raises ExpectedError, ResultError."""
    return [Row(entry, reduced(path, entry, run)) for entry in read_expected(path)]


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
    for key in entry:
        if key not in KEYS:
            close = get_close_matches(key, KEYS, 1)
            raise ExpectedError(f"{place}.{key} is not a known key" + (f"; did you mean {close[0]}?" if close else ""))
    missing = [key for key in KEYS if key not in entry]
    if missing:
        raise ExpectedError(f"{place}.{missing[0]} is missing")
    for key, allowed in (("kind", KINDS), ("from", ("pulses", "terminals")), ("reduce", tuple(REDUCTIONS))):
        if entry[key] not in allowed:
            raise ExpectedError(f'{place}.{key} = "{entry[key]}" is not one of {", ".join(allowed)}')
    if not re.fullmatch(r"all|(first|last) [1-9]\d*", str(entry["select"])):
        raise ExpectedError(f'{place}.select = "{entry["select"]}": write all, "first 10" or "last 10"')
    unit = header_unit(str(entry["column"]))
    tolerance, factor = tolerance_of(place, entry["tolerance"])
    return Quantity(
        str(entry["name"]),
        value_of(place, entry["value"], unit),
        unit,
        tolerance,
        factor,
        str(entry["kind"]),
        str(entry["source"]),
        str(entry["from"]),
        str(entry["column"]),
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
        raise ExpectedError(f"{place}.tolerance = {tolerance!r}: write 0.2 or {{ factor = 2 }}")
    if number < 0.0 or (factor and number < 1.0):
        raise ExpectedError(f"{place}.tolerance = {number}: a relative one is not negative, a factor not below 1")
    return float(number), factor


def reduced(path: Path, entry: Quantity, run: Run) -> float:
    """Return the model's value of an entry. Raises ExpectedError, ResultError."""
    table = run.pulses if entry.table == "pulses" else run.terminals
    if entry.column not in table:
        known = ", ".join(table) or "none yet"
        raise ExpectedError(f'{path}: {entry.name}: {entry.table} has no column "{entry.column}"; there are {known}')
    values = np.asarray(table[entry.column])
    side, _, count = entry.select.partition(" ")
    if count and len(values) < int(count):
        raise ExpectedError(f"{path}: {entry.name}: the run has {len(values)} rows, {entry.select} asks for more")
    values = values[: int(count)] if side == "first" else values[-int(count) :] if side == "last" else values
    if not len(values):
        raise ExpectedError(f"{path}: {entry.name}: the run has no rows in {entry.table}")
    return REDUCTIONS[entry.reduce](values)


def comparison_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Give the table, calibrated, predicted and exact quantities apart."""
    width = max(len(row.quantity.name) for row in rows)
    yield f"{'quantity':{width}}  {'expected':>12}  {'model':>12}  {'ratio':>7}  {'tolerance':>10}  verdict"
    for kind in KINDS:
        chosen = [row for row in rows if row.quantity.kind == kind]
        if chosen:
            yield f"{kind}:"
        for row in chosen:
            q = row.quantity
            tolerance = f"factor {q.tolerance:g}" if q.factor else f"{q.tolerance:g}"
            verdict = "within" if row.within else "OUTSIDE"
            expected, model = (quantity(v, q.unit) for v in (q.value, row.model))
            yield f"{q.name:{width}}  {expected:>12}  {model:>12}  {row.ratio:7.3f}  {tolerance:>10}  {verdict}"
