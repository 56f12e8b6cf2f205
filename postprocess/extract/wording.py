"""Measured numbers for people: value with its prefix, interval, where it is from."""

from math import isfinite

from eisfv.postprocess.quantities.prefixes import duration_text, quantity, scale

from .measured import Measured

NO_PREFIX = ("", "1/s")


def value_text(measured: Measured) -> str:
    """Return the value with its unit, or what is known where there is none."""
    if measured.value is None:
        if measured.low is not None and measured.high is None:
            return f"above {number_text(measured.low, measured.unit)}"
        return "not from this run"
    return number_text(measured.value, measured.unit)


def number_text(value: float, unit: str) -> str:
    """Return a number with its unit."""
    if unit in NO_PREFIX:
        return f"{value:.4g} {unit}".rstrip().replace("-", "\N{MINUS SIGN}", 1)
    return duration_text(value) if unit == "s" and value > 0.0 else quantity(value, unit)


def interval_text(measured: Measured) -> str:
    """Return the 95 % interval, both ends in the unit of the larger; empty where there is none."""
    if measured.value is None or measured.low is None or measured.high is None:
        return ""
    ends = (measured.low, measured.high)
    factor, unit = (1.0, measured.unit) if measured.unit in NO_PREFIX else scale(ends, measured.unit)
    digits = digits_of(*ends)
    low, high = (f"{end * factor:.{digits}g}".replace("-", "\N{MINUS SIGN}") for end in ends)
    return f"{low} to {high} {unit}".rstrip()


def digits_of(low: float, high: float) -> int:
    """Return how many digits tell the ends of an interval apart, 4 to 8."""
    size, width = max(abs(low), abs(high)), high - low
    digits = 4
    while digits < 8 and width > 0.0 and isfinite(size) and width < 20.0 * size * 10.0 ** (1 - digits):
        digits += 1
    return digits


def counted(number: int, noun: str) -> str:
    """Return "1 pulse", "2 pulses"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
