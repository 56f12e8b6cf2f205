"""A case's expected.toml: the quantities a run is held against.

[[quantity]]
name       what it is; no two in a file alike
value      "0.3 uS", or a number where it has no unit of its own
tolerance  relative, or { factor = 2 } for "within a factor of 2", or "at most", "at least" for a bound
kind       calibrated: the value went into a parameter; predicted: it did not; exact: it follows from the drive
source     where the value is from
from       pulses | terminals | profiles
column     header in that table, such as "dG_S", or arithmetic over headers: "energy_J / dG_S"; of profiles a
           variable, such as "site_fraction_Mg"
select     which rows, or records of the profiles (`selection`)
reduce     mean | mean_abs | median | first | last | max | min | p15 | p85 (percentiles) | slope | r2 (least squares
           of column against `against`) | ratio_last_first | count; of profiles mean (over the volume) | max | min
and where wanted
region     with profiles, always: the region whose cells count
case       another case directory, from this file's: its last run is read instead
against    with slope and r2, always: what column is a straight line of
ratio_to   name of another quantity of this file: the value here is the ratio to that one
unit       a name for the unit of a plain number: "aJ um^-2 nS^-1"
note       text for the report

Arithmetic, slope, r2, ratio_last_first, count and ratio_to give plain numbers, made of SI values.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from eisfv.postprocess.expressions import Expression, ExpressionError, column_alone, parse_expression
from eisfv.postprocess.selection import Selection, SelectionError, parse_selection
from eisfv.postprocess.units import header_unit

from eisfv.units import UnitError, parse

KEYS = ("name", "value", "tolerance", "kind", "source", "from", "column", "select", "reduce")
OPTIONAL = ("region", "case", "against", "ratio_to", "unit", "note")
KINDS = ("calibrated", "predicted", "exact")
TABLES = ("pulses", "terminals", "profiles")
FITS = ("slope", "r2")
OF_ROWS = ("mean", "mean_abs", "median", "first", "last", "max", "min", "p15", "p85")
REDUCTIONS = (*OF_ROWS, *FITS, "ratio_last_first", "count")
OF_PROFILES = ("mean", "max", "min")
BOUNDS = ("at most", "at least")
DIMENSIONS = {"S": "conductance", "V": "voltage", "A": "current", "C": "charge", "J": "energy", "s": "time"}
PROFILE_UNITS: Mapping[str, str] = {"potential": "V"}


class ExpectedError(ValueError):
    """expected.toml cannot be used; the message is one line for the user."""


@dataclass(frozen=True)
class Quantity:
    """One entry of expected.toml; value in SI; tolerance relative or a factor, of no meaning with a bound.

    unit: of the column, where the value has it; label: what a plain number is called; case: "" for the own one.
    """

    name: str
    value: float
    unit: str
    label: str
    tolerance: float
    factor: bool
    bound: str
    kind: str
    source: str
    table: str
    column: Expression
    against: Expression | None
    region: str
    select: Selection
    reduce: str
    case: str
    ratio_to: str
    note: str


def read_expected(path: Path) -> list[Quantity]:
    """Return the entries of an expected.toml. Raises ExpectedError."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExpectedError(f"{path}: is not there; the case has nothing to compare with") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ExpectedError(f"{path}: cannot be read ({error})") from None
    listed = entries.get("quantity")
    if set(entries) - {"quantity"} or not isinstance(listed, list) or not listed:
        raise ExpectedError(f"{path}: holds [[quantity]] tables and nothing else; write at least one")
    found = [parsed(path, number, entry) for number, entry in enumerate(listed)]
    names = [entry.name for entry in found]
    for number, entry in enumerate(found):
        place = f"{path}: quantity[{number}]"
        if entry.name in names[:number]:
            raise ExpectedError(f'{place}.name = "{entry.name}" is another one\'s too; give each its own')
        if entry.ratio_to and entry.ratio_to not in names:
            raise ExpectedError(
                f'{place}.ratio_to = "{entry.ratio_to}" is no quantity here' + hint(entry.ratio_to, names)
            )
        if entry.ratio_to and found[names.index(entry.ratio_to)].ratio_to:
            raise ExpectedError(f'{place}.ratio_to = "{entry.ratio_to}" is a ratio itself; take one that is not')
    return found


def parsed(path: Path, number: int, entry: Any) -> Quantity:
    """Return one entry. Raises ExpectedError."""
    place = f"{path}: quantity[{number}]"
    if not isinstance(entry, dict):
        raise ExpectedError(f"{place} is not a table")
    check_keys(place, entry)
    table, reduce, ratio_to = entry["from"], entry["reduce"], str(entry.get("ratio_to", ""))
    column = expression(place, "column", entry["column"], table)
    against = expression(place, "against", entry["against"], table) if "against" in entry else None
    try:
        select = parse_selection(str(entry["select"]), table)
    except SelectionError as error:
        raise ExpectedError(f'{place}.select = "{entry["select"]}" {error}') from None
    own = PROFILE_UNITS.get(column.text, "") if table == "profiles" else header_unit(column.text)
    unit = own if column.is_column and reduce in OF_ROWS and not ratio_to else ""
    if unit and "unit" in entry:
        raise ExpectedError(f'{place}.unit = "{entry["unit"]}" is for plain numbers; this one is in {unit}, remove it')
    bound = str(entry["tolerance"]) if entry["tolerance"] in BOUNDS else ""
    tolerance, factor = (0.0, False) if bound else tolerance_of(place, entry["tolerance"])
    return Quantity(
        name=str(entry["name"]),
        value=value_of(place, entry["value"], unit),
        unit=unit,
        label=str(entry.get("unit", "")),
        tolerance=tolerance,
        factor=factor,
        bound=bound,
        kind=str(entry["kind"]),
        source=str(entry["source"]),
        table=table,
        column=column,
        against=against,
        region=str(entry.get("region", "")),
        select=select,
        reduce=reduce,
        case=str(entry.get("case", "")),
        ratio_to=ratio_to,
        note=str(entry.get("note", "")),
    )


def check_keys(place: str, entry: Mapping[str, Any]) -> None:
    """Refuse keys that are unknown, missing or of no use, and words not of their list. Raises ExpectedError."""
    for key in entry:
        if key not in (*KEYS, *OPTIONAL):
            raise ExpectedError(f"{place}.{key} is not a known key" + hint(key, (*KEYS, *OPTIONAL)))
    for key in OPTIONAL:
        if key in entry and (not isinstance(entry[key], str) or not entry[key].strip()):
            raise ExpectedError(f"{place}.{key} = {entry[key]!r}: write a text, or leave it out")
    of_profiles, of_fit = entry.get("from") == "profiles", entry.get("reduce") in FITS
    wanted = (*KEYS, *(("region",) if of_profiles else ()), *(("against",) if of_fit else ()))
    for key in wanted:
        if key not in entry:
            raise ExpectedError(f"{place}.{key} is missing")
    for key, use, meant in (("region", of_profiles, "from = profiles"), ("against", of_fit, "reduce = slope and r2")):
        if key in entry and not use:
            raise ExpectedError(f"{place}.{key} is for {meant}; remove it")
    for key, allowed in (("kind", KINDS), ("from", TABLES), ("reduce", OF_PROFILES if of_profiles else REDUCTIONS)):
        if entry[key] not in allowed:
            raise ExpectedError(f'{place}.{key} = "{entry[key]}" is not one of {", ".join(allowed)}')


def hint(word: str, known: Sequence[str]) -> str:
    """Return the end of a sentence on an unknown word: the known one that looks like it, if there is one."""
    close = get_close_matches(word, known, 1)
    return f'; did you mean "{close[0]}"?' if close else ""


def expression(place: str, key: str, text: Any, table: str) -> Expression:
    """Return a column, or arithmetic over columns; of profiles always one variable. Raises ExpectedError."""
    if table == "profiles":
        return column_alone(str(text))
    try:
        return parse_expression(str(text))
    except ExpressionError as error:
        raise ExpectedError(f'{place}.{key} = "{text}" {error}') from None


def value_of(place: str, value: Any, unit: str) -> float:
    """Return an expected value in SI. Raises ExpectedError."""
    if not unit:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            raise ExpectedError(f"{place}.value = {value!r}: it has no unit of its own, write a number")
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
