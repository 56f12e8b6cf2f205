"""Values of Python as a case file would have them: tables, lists, texts, numbers.

A quantity may be a text with its unit, or anything that has a magnitude and units, as those of pint and of astropy.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from eisfv.case.problems import CaseError, Key, Problem
from eisfv.text_files import DEEPEST

QUANTITIES = (("magnitude", "units"), ("value", "unit"))  # what pint calls its parts, and astropy


def plain(value: Any, key: Key, origin: str) -> Any:
    """Return a value as TOML has it.

    key, origin  where it stands and which call it was given to, for the message
    Raises CaseError for what no case file can hold.
    """
    if len(key) > DEEPEST:
        raise CaseError([f"{origin}: is nested deeper than {DEEPEST} tables and lists; write it flatter"])
    for number, unit in QUANTITIES:
        if hasattr(value, number) and hasattr(value, unit):
            return quantity_text(getattr(value, number), getattr(value, unit), key, origin)
    if hasattr(value, "tolist"):  # NumPy's arrays and numbers, of which some are Python's as well
        return plain(value.tolist(), key, origin)
    if isinstance(value, bool | str | int | float):
        return value
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(item, (*key, str(name)), origin) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, (*key, number), origin) for number, item in enumerate(value)]
    what = "None" if value is None else f"a {type(value).__name__}"
    remedy = "leave it out" if value is None else 'give a number, a text such as "30 nm", a list or a dict'
    raise CaseError([Problem(key, f"is {what}, which no case has; {remedy}").line(origin)])


def quantity_text(magnitude: Any, units: Any, key: Key, origin: str) -> Any:
    """Return the text, or the list of texts, of a magnitude with its units; without units the plain number."""
    found, unit = plain(magnitude, key, origin), unit_text(units)
    if not unit:
        return found
    return [f"{item!r} {unit}" for item in found] if isinstance(found, list) else f"{found!r} {unit}"


def unit_text(units: Any) -> str:
    """Return the text of units: their symbols where they can be asked for, as pint's can, else what they are called."""
    try:
        text = format(units, "~")
    except (TypeError, ValueError):
        text = str(units)
    return text.replace(" ** ", "**").replace("dimensionless", "").strip()
