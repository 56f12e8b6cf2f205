"""A case's expected.toml: the quantities a run is held against.

[[quantity]]
name       what it is; no two in a file alike
value      "0.3 uS", or a number where it has no unit of its own
tolerance  relative, or { factor = 2 } for "within a factor of 2", or "at most", "at least" for a bound
kind       calibrated: the value went into a parameter; predicted: it did not; exact: it follows from the drive
source     where the value is from
from       pulses | terminals | measures (the pulses of the case's [[measure]]) | impedance (its spectra) | sweep
           (the devices of the sweep in runs/sweep, its quantities as columns: "dG_S") | profiles
column     header in that table, such as "dG_S", or arithmetic over headers: "energy_J / dG_S"; of profiles a
           variable, such as "site_fraction_Mg"
select     which rows, or records of the profiles (`selection`)
reduce     mean | mean_abs | median | first | last | max | min | p15 | p85 (percentiles) | last_minus_first (a
           pulse less its control) | sd_over_mean (how devices scatter) | slope | r2 (least squares
           of column against `against`) | ratio_last_first | count | time_to_share (of terminals, the time from the
           first row on until the column has fallen to `share`) | ratio_nth_first (row `nth` over the first: of dG_S,
           nth = 2, the paired-pulse facilitation) | a curve of column over `against`: x_at, y_at, peak, ...,
           biexponential_tau1, which `eisfv info reductions` lists with their formulas; of profiles mean (over the
           volume) | max | min | share_below, share_above (of the volume, below or above `at`)
and where wanted
region     with profiles, always: the region whose cells count
case       another case directory, from this file's: its last run, or sweep, is read instead
against    with slope, r2 and the curves, always: what column is a function of
at         with x_at the value of column, with y_at that of against: "1 uS"; with share_below, share_above the level
nth        with ratio_nth_first
share      with time_to_share, always: what is left of the way from the first row to zero: 0.5, 0.368
toward     with time_to_share: zero, or end, where the way goes to the last row
ratio_to   name of another quantity, or of a denominator, of this file: the value here is the ratio to that one
unit       a name for the unit of a plain number: "aJ um^-2 nS^-1"
note       text for the report
statement  what the source says, where other rows, here or in other cases, test it as well: counted once
repeats    the statement that another row decides (`statements`)
conflict   what else the source says of it, where the two exclude each other: text for the report

`set = "film with a pristine background"`, above all tables, names the set of values that the case is run with, where a
source is held against several: statements are counted for each (`statements`).
[[denominator]] tables beside them are what ratios are taken to and no source says a value of: name, from, column,
select, reduce and what else these want; no value, tolerance, kind or source, and no row of a comparison.
[[curve]] tables beside them are measured curves (`measured_reading`).
[[figure]] tables beside them describe the case's own figures (`eisfv.postprocess.pictures.figures`).

Arithmetic, slope, r2, ratio_last_first, count and ratio_to give plain numbers, made of SI values.
"""

from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any

from eisfv.text_files import UnreadableError, read_toml

from .curves import CURVES
from .measured import Measured
from .measured_reading import json_schema as curve_schema
from .measured_reading import measured_of
from .quantity import (
    TABLES,
    TAKEN,
    TAKEN_OPTIONAL,
    ExpectedError,
    Quantity,
    check_among,
    check_keys,
    hint,
    shown,
    taken,
    value_of,
)
from .reductions import OF_PROFILES, REDUCTIONS, TOWARD

__all__ = [
    "KINDS",
    "ExpectedError",
    "Quantity",
    "hint",
    "read_curves",
    "read_denominators",
    "read_expected",
    "read_set",
]

KEYS = (*TAKEN, "value", "tolerance", "kind", "source")
OPTIONAL = (*TAKEN_OPTIONAL, "case", "statement", "repeats", "conflict")
SET = "set"
OF_DENOMINATORS = (*(key for key in TAKEN_OPTIONAL if key != "ratio_to"), "case")
KINDS = ("calibrated", "predicted", "exact")
BOUNDS = ("at most", "at least")


def read_expected(path: Path) -> list[Quantity]:
    """Return the quantities of an expected.toml. Raises ExpectedError."""
    found = [parsed(path, number, entry) for number, entry in enumerate(_tables(path, "quantity"))]
    denominators = read_denominators(path)
    for number in range(len(found)):
        check_among(f"{path}: quantity[{number}]", len(denominators) + number, [*denominators, *found])
    wanted = [quantity.ratio_to for quantity in found]
    for number, one in enumerate(denominators):
        check_among(f"{path}: denominator[{number}]", number, denominators)
        if one.name not in wanted:
            raise ExpectedError(f'{path}: denominator[{number}].name = "{one.name}" is in no ratio_to; remove it')
    return found


def read_denominators(path: Path) -> list[Quantity]:
    """Return what ratios of an expected.toml are taken to that claims nothing itself. Raises ExpectedError."""
    found = []
    for number, entry in enumerate(_tables(path, "denominator")):
        place = f"{path}: denominator[{number}]"
        if not isinstance(entry, dict):
            raise ExpectedError(f"{place} is not a table")
        check_keys(place, entry, TAKEN, OF_DENOMINATORS)
        found.append(replace(taken(place, entry), case=str(entry.get("case", ""))))
    return found


def read_curves(path: Path) -> list[Measured]:
    """Return the measured curves of an expected.toml. Raises ExpectedError."""
    found = [measured_of(path, number, entry, KINDS) for number, entry in enumerate(_tables(path, "curve"))]
    others = (*_tables(path, "quantity"), *_tables(path, "denominator"))
    names = [str(entry.get("name")) for entry in others if isinstance(entry, dict)]
    for number, curve in enumerate(found):
        if curve.name in names:
            raise ExpectedError(
                f'{path}: curve[{number}].name = "{curve.name}" is another one\'s too; give each its own'
            )
        names.append(curve.name)
    return found


def read_set(path: Path) -> str:
    """Return the name of the set of values that an expected.toml is about, "" without one. Raises ExpectedError."""
    name = _entries(path).get(SET, "")
    if not isinstance(name, str) or (SET in _entries(path) and not name.strip()):
        raise ExpectedError(f"{path}: {SET} = {shown(name)}: write a text, or leave it out")
    return name


def _entries(path: Path) -> dict[str, Any]:
    """Return what an expected.toml holds. Raises ExpectedError."""
    if not path.exists():
        raise ExpectedError(f"{path}: is not there; the case has nothing to compare with")
    try:
        return read_toml(path)
    except UnreadableError as error:
        raise ExpectedError(f"{path}: {error}") from None


def _tables(path: Path, name: str) -> list[Any]:
    """Return the tables of a name of an expected.toml that has something to compare. Raises ExpectedError."""
    entries = _entries(path)
    listed = {key: entries.get(key, []) for key in ("quantity", "denominator", "curve")}
    lists = all(isinstance(one, list) for one in listed.values())
    if set(entries) - {*listed, "figure", SET} or not lists or not (listed["quantity"] or listed["curve"]):
        raise ExpectedError(
            f"{path}: holds set, [[quantity]], [[denominator]], [[curve]] and [[figure]] tables and nothing else; "
            "write at least one quantity or curve"
        )
    return list(listed[name])


def parsed(path: Path, number: int, entry: Any) -> Quantity:
    """Return one entry. Raises ExpectedError."""
    place = f"{path}: quantity[{number}]"
    if not isinstance(entry, dict):
        raise ExpectedError(f"{place} is not a table")
    check_keys(place, entry, KEYS, OPTIONAL)
    if entry["kind"] not in KINDS:
        raise ExpectedError(f"{place}.kind = {shown(entry['kind'])} is not one of {', '.join(KINDS)}")
    if "statement" in entry and "repeats" in entry:
        raise ExpectedError(f"{place}: has statement and repeats; a row decides a statement or repeats it, remove one")
    bare = taken(place, entry)
    bound = str(entry["tolerance"]) if entry["tolerance"] in BOUNDS else ""
    tolerance, factor = (0.0, False) if bound else tolerance_of(place, entry["tolerance"])
    return replace(
        bare,
        value=value_of(f"{place}.value", entry["value"], bare.unit),
        tolerance=tolerance,
        factor=factor,
        bound=bound,
        kind=str(entry["kind"]),
        source=str(entry["source"]),
        case=str(entry.get("case", "")),
        statement=str(entry.get("statement", "")),
        repeats=str(entry.get("repeats", "")),
        conflict=str(entry.get("conflict", "")),
    )


def tolerance_of(place: str, tolerance: Any) -> tuple[float, bool]:
    """Return a tolerance and whether it is a factor. Raises ExpectedError."""
    factor = isinstance(tolerance, dict)
    number = tolerance.get("factor") if isinstance(tolerance, dict) and set(tolerance) == {"factor"} else tolerance
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not isfinite(number):
        raise ExpectedError(
            f'{place}.tolerance = {shown(tolerance)}: write 0.2, {{ factor = 2 }}, "at most" or "at least"'
        )
    if number < 0.0 or (factor and number < 1.0):
        raise ExpectedError(f"{place}.tolerance = {number}: a relative one is not negative, a factor not below 1")
    return float(number), factor


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of an expected.toml, for editors."""
    words: dict[str, Any] = {key: {"type": "string"} for key in (*KEYS, *OPTIONAL)}
    words |= {"from": {"enum": list(TABLES)}, "kind": {"enum": list(KINDS)}, "toward": {"enum": list(TOWARD)}}
    words["reduce"] = {"enum": sorted({*REDUCTIONS, *CURVES, *OF_PROFILES})}
    quantity = {"type": ["string", "number"]}
    words |= {"value": quantity, "at": quantity, "share": {"type": "number"}, "nth": {"type": "integer"}}
    factor = {"type": "object", "properties": {"factor": {"type": "number"}}, "additionalProperties": False}
    words["tolerance"] = {"anyOf": [{"type": "number"}, {"enum": list(BOUNDS)}, factor]}
    entry = {"type": "object", "properties": words, "required": list(KEYS), "additionalProperties": False}
    own = {key: words[key] for key in (*TAKEN, *OF_DENOMINATORS)}
    denominator = entry | {"properties": own, "required": list(TAKEN)}
    listed = {"quantity": entry, "denominator": denominator, "curve": curve_schema(KINDS), "figure": {"type": "object"}}
    return {
        "type": "object",
        "properties": {SET: {"type": "string"}}
        | {name: {"type": "array", "items": items, "minItems": 1} for name, items in listed.items()},
        "anyOf": [{"required": ["quantity"]}, {"required": ["curve"]}],
        "additionalProperties": False,
    }
