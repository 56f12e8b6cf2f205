"""Values of Python as a case file would have them: tables, lists, texts, numbers.

A quantity may be a text with its unit, or anything that has a magnitude and units, as pint's quantities do.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from eisfv.case.problems import CaseError, Key, Problem
from eisfv.text_files import DEEPEST


def plain(value: Any, key: Key, origin: str) -> Any:
    """Return a value as TOML has it.

    key, origin  where it stands and which call it was given to, for the message
    Raises CaseError for what no case file can hold.
    """
    if len(key) > DEEPEST:
        raise CaseError([f"{origin}: is nested deeper than {DEEPEST} tables and lists; write it flatter"])
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        return quantity_text(value, key, origin)
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


def quantity_text(value: Any, key: Key, origin: str) -> Any:
    """Return the text, or the list of texts, of what has a magnitude and units."""
    magnitude = plain(value.magnitude, key, origin)
    unit = unit_text(value.units)
    if isinstance(magnitude, list):
        return [f"{item!r} {unit}".strip() for item in magnitude]
    return f"{magnitude!r} {unit}".strip()


def unit_text(units: Any) -> str:
    """Return the text of units: their symbols where they can be asked for, as pint's can, else what they are called."""
    try:
        text = format(units, "~")
    except (TypeError, ValueError):
        text = str(units)
    return text.replace(" ** ", "**").replace("dimensionless", "")
