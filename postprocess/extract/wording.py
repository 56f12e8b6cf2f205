"""Measured numbers for people: value with its prefix, interval, where it is from."""

from math import floor, isfinite, log10

from eisfv.postprocess.quantities.prefixes import duration_text, quantity, scale
from eisfv.result import Run, read
from eisfv.result.file_names import CASE, run_around

from .measured import Measured

NO_PREFIX = ("", "1/s")


def value_text(measured: Measured) -> str:
    """Return the value with its unit, or what is known where there is none."""
    if measured.value is None:
        if measured.low is not None and measured.high is None:
            return f"above {number_text(measured.low, measured.unit)}"
        return "not from this run"
    if measured.low is None or measured.high is None:
        return number_text(measured.value, measured.unit)
    return number_text(measured.value, measured.unit, known_digits(measured.value, measured.low, measured.high))


def number_text(value: float, unit: str, digits: int = 4) -> str:
    """Return a number with its unit."""
    rounded = float(f"{value:.{digits - 1}e}")
    # With four digits or more no number that has its prefix is written with an exponent.
    shown = max(digits, 4)
    if unit in NO_PREFIX:
        return f"{rounded:.{shown}g} {unit}".rstrip().replace("-", "\N{MINUS SIGN}", 1)
    return duration_text(rounded, shown) if unit == "s" and value > 0.0 else quantity(rounded, unit, shown)


def known_digits(value: float, low: float, high: float) -> int:
    """Return how many digits of a value its interval tells, 1 to 8: the last one is a tenth of the width or less."""
    width = high - low
    if not (value and width > 0.0 and isfinite(width)):
        return 4
    return min(max(floor(log10(abs(value))) - floor(log10(width)) + 2, 1), 8)


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


def one_line(text: str) -> str:
    """Return a name or path fit for a comment or a docstring of any language: one line, no quotes, no backslash."""
    plain = text.encode("utf-8", "replace").decode().replace("\\", "/").replace('"', "'")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in plain).split())


def title_of(run: Run) -> str:
    """Return the title of the case that a run is of, itself or as a measure; without one the name of its directory."""
    around = run_around(run.path)
    whole = read(around) if around != run.path and (around / CASE).is_file() else run
    return whole.title or run.path.name
