"""Numbers for people: engineering prefixes, and the unit a column's header ends with."""

from collections.abc import Iterable
from math import floor, isfinite, log10

from eisfv.result.streams import column_of

PREFIXES = {-18: "a", -15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}


def scale(values: Iterable[float], unit: str) -> tuple[float, str]:
    """Return the factor to multiply SI values with and the prefixed unit that suit the largest of them.

    A largest value of 3.1e-7 S gives (1e9, "nS"); without a unit the factor is 1.
    """
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    if largest == 0.0 or not unit:
        return 1.0, unit
    power = 3 * floor(log10(largest * 1.000001) / 3)
    power = min(max(power, min(PREFIXES)), max(PREFIXES))
    return 10.0**-power, PREFIXES[power] + unit


def header_unit(header: str) -> str:
    """Return the unit a csv header ends with: "dG_S" gives "S", "x_channel" gives ""."""
    return column_of(header).unit


def time_scale(duration: float) -> tuple[float, str]:
    """Return the factor and unit for times up to `duration` s: hours and days, never kiloseconds."""
    for seconds, unit in ((86400.0, "d"), (3600.0, "h")):
        if duration >= 3.0 * seconds:
            return 1.0 / seconds, unit
    return (1.0, "s") if duration >= 1.0 else scale([duration], "s")


def quantity(value: float, unit: str, digits: int = 4) -> str:
    """Return a single value with its prefixed unit: "0.31 µS", and of two digits "700 pS", not "7e+02 pS"."""
    factor, name = scale([value], unit)
    rounded = float(f"{value * factor:.{digits}g}")
    return f"{rounded:.{max(digits, 4)}g} {name}".rstrip().replace("-", "\N{MINUS SIGN}", 1)


def duration_text(seconds: float, digits: int = 4) -> str:
    """Return a time: "500 ms", "12 h", never kiloseconds."""
    factor, unit = time_scale(seconds)
    return f"{seconds * factor:.{digits}g} {unit}"
