"""What is taken from a run as one number: an entry of expected.toml or of a sweep, without what it is held against.

The keys are those of `expected`, from `from` on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite, nan
from typing import Any

from eisfv.errors import EisfvError
from eisfv.units import DIMENSION_OF, UnitError, parse

from .curves import CURVES
from .expressions import Expression, ExpressionError, column_alone, parse_expression
from .prefixes import header_unit
from .reductions import FALL, FITS, NTH, OF_PROFILES, OF_ROWS, REDUCTIONS, SHARES, TOWARD
from .selection import Selection, SelectionError, parse_selection

TAKEN = ("name", "from", "column", "select", "reduce")
TAKEN_OPTIONAL = ("region", "against", "at", "nth", "share", "toward", "ratio_to", "unit", "note")
TABLES = ("pulses", "terminals", "measures", "impedance", "sweep", "profiles")
PROFILE_UNITS: Mapping[str, str] = {"potential": "V"}

LONGEST = 60  # characters of a value in a line


class ExpectedError(EisfvError):
    """expected.toml cannot be used; the message is one line for the user."""


@dataclass(frozen=True)
class Quantity:
    """One entry of expected.toml; value in SI; tolerance relative or a factor, of no meaning with a bound.

    unit: of the column, where the value has it; label: what a plain number is called; case: "" for the own one.
    What is only taken from a run has no value (NaN), tolerance, kind and source.
    """

    name: str
    unit: str
    label: str
    table: str
    column: Expression
    against: Expression | None
    region: str
    select: Selection
    reduce: str
    share: float
    toward: str
    ratio_to: str
    note: str
    at: float = nan
    nth: int = 0
    value: float = nan
    tolerance: float = 0.0
    factor: bool = False
    bound: str = ""
    kind: str = ""
    source: str = ""
    case: str = ""
    statement: str = ""
    repeats: str = ""
    conflict: str = ""


def shown(value: object) -> str:
    """Return a value as a line tells it, long ones cut short."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def taken(place: str, entry: Mapping[str, Any]) -> Quantity:
    """Return what an entry whose keys are checked takes from a run. Raises ExpectedError."""
    table, reduce = entry["from"], entry["reduce"]
    column = expression(place, "column", entry["column"], table)
    against = expression(place, "against", entry["against"], table) if "against" in entry else None
    try:
        select = parse_selection(str(entry["select"]), table)
    except SelectionError as error:
        raise ExpectedError(f'{place}.select = "{entry["select"]}" {error}') from None
    if select.at is not None and reduce in (*FITS, *CURVES, FALL, NTH):
        raise ExpectedError(f'{place}.select = "{select.text}" is a single value; a {reduce} needs several rows')
    own = PROFILE_UNITS.get(column.text, "") if table == "profiles" else header_unit(column.text)
    unit = "s" if reduce == FALL else own if column.is_column and reduce in OF_ROWS else ""
    at = nan
    if reduce in CURVES and against is not None:
        units = {"x": header_unit(against.text) if against.is_column else "", "y": own if column.is_column else ""}
        unit = units.get(CURVES[reduce].gives, "")
        if CURVES[reduce].takes:
            at = value_of(f"{place}.at", entry["at"], units[CURVES[reduce].takes])
    if reduce in SHARES:
        unit, at = "", value_of(f"{place}.at", entry["at"], own)
    if "ratio_to" in entry:
        unit = ""
    if unit and "unit" in entry:
        raise ExpectedError(f'{place}.unit = "{entry["unit"]}" is for plain numbers; this one is in {unit}, remove it')
    return Quantity(
        name=str(entry["name"]),
        unit=unit,
        label=str(entry.get("unit", "")),
        table=table,
        column=column,
        against=against,
        region=str(entry.get("region", "")),
        select=select,
        reduce=reduce,
        share=share_of(place, entry["share"]) if reduce == FALL else nan,
        toward=str(entry.get("toward", TOWARD[0])) if reduce == FALL else "",
        ratio_to=str(entry.get("ratio_to", "")),
        note=str(entry.get("note", "")),
        at=at,
        nth=nth_of(place, entry["nth"]) if reduce == NTH else 0,
    )


def check_among(place: str, number: int, found: Sequence[Quantity]) -> None:
    """Refuse a name that an earlier one has, and a ratio to what is not there or a ratio. Raises ExpectedError."""
    own, names = found[number], [quantity.name for quantity in found]
    if own.name in names[:number]:
        raise ExpectedError(f'{place}.name = "{own.name}" is another one\'s too; give each its own')
    if own.ratio_to and own.ratio_to not in names:
        raise ExpectedError(f'{place}.ratio_to = "{own.ratio_to}" is no quantity here' + hint(own.ratio_to, names))
    if own.ratio_to and found[names.index(own.ratio_to)].ratio_to:
        raise ExpectedError(f'{place}.ratio_to = "{own.ratio_to}" is a ratio itself; take one that is not')


def check_keys(place: str, entry: Mapping[str, Any], needed: Sequence[str], optional: Sequence[str]) -> None:
    """Refuse keys that are unknown, missing or of no use, and words not of their list. Raises ExpectedError."""
    for key in entry:
        if key not in (*needed, *optional):
            raise ExpectedError(f"{place}.{key} is not a known key" + hint(key, (*needed, *optional)))
    for key in optional:
        if (
            key in entry
            and key not in ("share", "at", "nth")
            and (not isinstance(entry[key], str) or not entry[key].strip())
        ):
            raise ExpectedError(f"{place}.{key} = {shown(entry[key])}: write a text, or leave it out")
    of_profiles, reduce = entry.get("from") == "profiles", entry.get("reduce")
    of_fit, of_fall = reduce in (*FITS, *CURVES), reduce == FALL
    with_at = [*(name for name, curve in CURVES.items() if curve.takes), *SHARES]
    uses = (
        ("region", of_profiles, "from = profiles", True),
        ("against", of_fit, "reduce = slope, r2 and the curves of `eisfv info reductions`", True),
        ("at", reduce in with_at, f"reduce = {' and '.join(with_at)}", True),
        ("nth", reduce == NTH, f"reduce = {NTH}", True),
        ("share", of_fall, f"reduce = {FALL}", True),
        ("toward", of_fall, f"reduce = {FALL}", False),
    )
    for key in (*needed, *(key for key, use, _, always in uses if use and always)):
        if key not in entry:
            raise ExpectedError(f"{place}.{key} is missing")
    for key, use, meant, _ in uses:
        if key in entry and not use:
            raise ExpectedError(f"{place}.{key} is for {meant}; remove it")
    lists = [("from", TABLES), ("reduce", OF_PROFILES if of_profiles else (*REDUCTIONS, *CURVES)), ("toward", TOWARD)]
    for key, allowed in lists:
        if key in entry and entry[key] not in allowed:
            raise ExpectedError(f'{place}.{key} = "{entry[key]}" is not one of {", ".join(allowed)}')
    if of_fall and entry["from"] != "terminals":
        raise ExpectedError(f'{place}.reduce = "{FALL}" is for from = terminals; this one is from {entry["from"]}')


def hint(word: str, known: Sequence[str]) -> str:
    """Return the end of a sentence on an unknown word: the known one that looks like it, if there is one."""
    close = get_close_matches(word, known, 1)
    return f'; did you mean "{close[0]}"?' if close else ""


def hint_or_list(name: str, names: Sequence[str]) -> str:
    """Return the end of a sentence on a name that is not there: the one that looks like it, else all there are."""
    return hint(name, names) or f"; there {'is' if len(names) == 1 else 'are'} {', '.join(names) or 'none'}"


def expression(place: str, key: str, text: Any, table: str) -> Expression:
    """Return a column, or arithmetic over columns; of profiles always one variable. Raises ExpectedError."""
    if table == "profiles":
        return column_alone(str(text))
    try:
        return parse_expression(str(text))
    except ExpressionError as error:
        raise ExpectedError(f'{place}.{key} = "{text}" {error}') from None


def share_of(place: str, share: Any) -> float:
    """Return what is left of a way. Raises ExpectedError."""
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0.0 < share < 1.0:
        raise ExpectedError(f"{place}.share = {shown(share)}: write a number between 0 and 1, such as 0.5 or 0.368")
    return float(share)


def value_of(place: str, value: Any, unit: str) -> float:
    """Return a value of a file in SI, a number where it has no unit. Raises ExpectedError."""
    if not unit:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            raise ExpectedError(f"{place} = {shown(value)}: it has no unit of its own, write a number")
        return float(value)
    try:
        return parse(value, DIMENSION_OF[unit])
    except UnitError as error:
        raise ExpectedError(f"{place} = {shown(value)} {error.reason}") from None


def nth_of(place: str, nth: Any) -> int:
    """Return which row is divided by the first. Raises ExpectedError."""
    if isinstance(nth, bool) or not isinstance(nth, int) or nth < 2:
        raise ExpectedError(f"{place}.nth = {shown(nth)}: write a whole number from 2 on")
    return nth
