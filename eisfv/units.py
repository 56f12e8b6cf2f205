"""Unit strings to SI numbers, at the border only: `parse("80 nm", "length")` is 8e-8.

    text  = number unit
    unit  = factor, then more of them, each after "*", "/" or a space; "/" acts on the one factor after it
    factor = "1", or a prefix and a unit and its power: cm^2, cm2, cm**2, cm^-1

The units are those of this field and no more, so that "80 nn" is an error and "h" is an hour. Arithmetic is decimal:
"80 nm" is the double nearest to 8e-8. Energies and concentrations may be given per particle: "0.7 eV" is a molar
energy, "1.86e22 1/cm^3" a concentration.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from itertools import product
from math import isfinite

from eisfv.errors import EisfvError

# Exact by definition of the SI (CODATA 2018), as are the electronvolt and its 1.602e-19 J.
AVOGADRO = Decimal("6.02214076e23")  # 1/mol

Powers = tuple[int, ...]  # of m, kg, s, A, K, mol
PREFIXES = {"": 0, "a": -18, "f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "k": 3, "M": 6, "G": 9}
UNITS: dict[str, tuple[str, Powers]] = {
    "m": ("1", (1, 0, 0, 0, 0, 0)),
    "g": ("1e-3", (0, 1, 0, 0, 0, 0)),
    "s": ("1", (0, 0, 1, 0, 0, 0)),
    "A": ("1", (0, 0, 0, 1, 0, 0)),
    "K": ("1", (0, 0, 0, 0, 1, 0)),
    "mol": ("1", (0, 0, 0, 0, 0, 1)),
    "l": ("1e-3", (3, 0, 0, 0, 0, 0)),
    "N": ("1", (1, 1, -2, 0, 0, 0)),
    "J": ("1", (2, 1, -2, 0, 0, 0)),
    "W": ("1", (2, 1, -3, 0, 0, 0)),
    "eV": ("1.602176634e-19", (2, 1, -2, 0, 0, 0)),
    "C": ("1", (0, 0, 1, 1, 0, 0)),
    "V": ("1", (2, 1, -3, -1, 0, 0)),
    "ohm": ("1", (2, 1, -3, -2, 0, 0)),
    "S": ("1", (-2, -1, 3, 2, 0, 0)),
    "F": ("1", (-2, -1, 4, 2, 0, 0)),
    "Hz": ("1", (0, 0, -1, 0, 0, 0)),
}
# Units that take no prefix.
PLAIN_UNITS: dict[str, tuple[str, Powers]] = {
    "min": ("60", (0, 0, 1, 0, 0, 0)),
    "h": ("3600", (0, 0, 1, 0, 0, 0)),
    "day": ("86400", (0, 0, 1, 0, 0, 0)),
    "angstrom": ("1e-10", (1, 0, 0, 0, 0, 0)),
    "1": ("1", (0, 0, 0, 0, 0, 0)),
}
KNOWN = {
    **{p + u: (Decimal(f) * Decimal(10) ** PREFIXES[p], d) for p, (u, (f, d)) in product(PREFIXES, UNITS.items())},
    **{unit: (Decimal(factor), powers) for unit, (factor, powers) in PLAIN_UNITS.items()},
}
CELSIUS_ZERO = Decimal("273.15")  # K


@dataclass(frozen=True)
class Dimension:
    """What a value measures: its SI unit, an example, and the SI unit per particle that is taken as well."""

    si: str
    example: str
    per_particle: str | None = None


DIMENSIONS = {
    "length": Dimension("m", "30 nm"),
    "area": Dimension("m^2", "0.6 cm^2"),
    "time": Dimension("s", "500 ms"),
    "temperature": Dimension("K", "298.15 K"),
    "voltage": Dimension("V", "0.5 V"),
    "current": Dimension("A", "10 uA"),
    "current density": Dimension("A/m^2", "0.1 uA/cm^2"),
    "resistance": Dimension("ohm", "100 ohm"),
    "resistance times area": Dimension("ohm m^2", "1e-3 ohm cm^2"),
    "conductance": Dimension("S", "5 uS"),
    "conductivity": Dimension("S/m", "1e-6 S/cm"),
    "capacitance per area": Dimension("F/m^2", "10 uF/cm^2"),
    "diffusivity": Dimension("m^2/s", "1e-11 cm^2/s"),
    "mobility": Dimension("m^2/V/s", "5 cm^2/V/s"),
    "concentration": Dimension("mol/m^3", "123 mol/m^3", "1/m^3"),
    "molar energy": Dimension("J/mol", "0.7 eV", "J"),
    "amount per area": Dimension("mol/m2", "8 umol/m^2", "1/m^2"),
    "energy per area": Dimension("J/m^2", "30 mJ/m^2"),
    "charge": Dimension("C", "5 uC"),
    "energy": Dimension("J", "1 uJ"),
    "frequency": Dimension("1/s", "10 Hz"),
    "electric field": Dimension("V/m", "0.1 V/nm"),
    "voltage per temperature": Dimension("V/K", "0.2 mV/K"),
    "velocity": Dimension("m/s", "1 nm/s"),
    "voltage per time": Dimension("V/s", "50 mV/s"),
    "current per time": Dimension("A/s", "1 uA/s"),
    "capacitance": Dimension("F", "1 uF"),
    "conductance per voltage": Dimension("S/V", "1 uS/V"),
    "conductance per current": Dimension("S/A", "1 S/A"),
    "noise of a current": Dimension("A2/Hz", "1e-30 A^2/Hz"),
    "noise of a voltage": Dimension("V2/Hz", "1e-16 V^2/Hz"),
    "noise of a conductance": Dimension("S2/Hz", "1e-24 S^2/Hz"),
}

# By the SI unit; of a frequency, of which nothing turns, a hertz is one too.
DIMENSION_OF = {dimension.si: name for name, dimension in DIMENSIONS.items()} | {"Hz": "frequency"}

NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)(.*)", re.DOTALL)
FACTOR = re.compile(r"\s*([*/]?)\s*(1|[A-Za-z]+)(?:(?:\^|\*\*)?([+-]?\d{1,2}))?(?=[\s*/]|$)")
SPELLINGS = {"µ": "u", "μ": "u", "Ω": "ohm", "\N{OHM SIGN}": "ohm", "°C": "degC", "·": "*"}
SPELLINGS |= {"Å": "angstrom", "\N{ANGSTROM SIGN}": "angstrom"}
# The minus sign U+2212 that the program prints, and spaces that do not break.
MARKS = str.maketrans("\N{MINUS SIGN}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "-  ")
# In a unit alone: 10² is no 102.
SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
LONGEST = 200  # characters of a quantity: no unit of the field has as many


class UnitError(EisfvError, ValueError):
    """A text that is no quantity of the asked dimension; `reason` reads on after the quoted text."""

    def __init__(self, text: object, reason: str) -> None:
        self.reason = reason
        super().__init__(f'"{text}" {reason}' if isinstance(text, str) else f"{text} {reason}")


def parse(text: object, dimension: str) -> float:
    """Return the SI value of a text such as "80 nm"; `dimension` is a key of DIMENSIONS. Raises UnitError."""
    target = DIMENSIONS[dimension]
    remedy = f'; write for example "{target.example}"'
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise UnitError(text, "is not a quantity" + remedy)
    if isinstance(text, str) and len(text) > LONGEST:
        raise UnitError(f"{text[:20]} ...", f"has {len(text)} characters, more than any quantity" + remedy)
    if isinstance(text, int) and abs(text) >= 10**LONGEST:
        raise UnitError("...", "is not a finite number with a unit" + remedy)
    match = NUMBER.fullmatch(str(text).translate(MARKS))
    if match is None:
        raise UnitError(text, "is not a finite number with a unit" + remedy)
    number, unit = Decimal(match[1]), _plain(match[2])
    if not unit:
        raise UnitError(text, "has no unit" + remedy)
    if unit == "degC" and dimension == "temperature":
        return float(number + CELSIUS_ZERO)
    measured = _unit(unit)
    if measured is None:
        raise UnitError(text, f'has the unknown unit "{unit}"{_suggestion(unit, target)}' + remedy)
    factor = _factor(measured, target)
    if factor is None:
        hint = ' (did you mean "degC"?)' if dimension == "temperature" and unit == "C" else ""
        raise UnitError(text, _mismatch(measured, unit, dimension) + hint + remedy)
    if not isfinite(value := float(number * factor)):
        raise UnitError(text, "is not a finite number with a unit" + remedy)
    return value


def _plain(unit: str) -> str:
    for mark, word in SPELLINGS.items():
        unit = unit.replace(mark, word)
    return unit.translate(SUPERSCRIPTS).strip()


def _unit(text: str) -> tuple[Decimal, Powers] | None:
    """Return the factor to SI and the powers of the base units, None for a text that is no unit."""
    factor, powers, position = Decimal(1), KNOWN["1"][1], 0
    while position < len(text):
        match = FACTOR.match(text, position)
        if match is None or match[2] not in KNOWN or (position == 0 and match[1]):
            return None
        power = int(match[3] or 1) * (-1 if match[1] == "/" else 1)
        scale, own = KNOWN[match[2]]
        factor *= scale**power
        powers = tuple(a + power * b for a, b in zip(powers, own, strict=True))
        position = match.end()
    return factor, powers


def _factor(measured: tuple[Decimal, Powers], target: Dimension) -> Decimal | None:
    """Return what takes a number to the SI unit of the target, None when it measures something else."""
    factor, powers = measured
    if powers == _powers(target.si):
        return factor
    if target.per_particle is not None and powers == _powers(target.per_particle):
        # mol^-1 in the SI unit counts particles up, mol counts them down.
        return factor * AVOGADRO if _powers(target.si)[5] < 0 else factor / AVOGADRO
    return None


def _powers(si: str) -> Powers:
    unit = _unit(si)
    assert unit is not None
    return unit[1]


def _mismatch(measured: tuple[Decimal, Powers], unit: str, dimension: str) -> str:
    for name, other in DIMENSIONS.items():
        if measured[1] == _powers(other.si):
            return f"measures {name}, not {dimension}"
    return f'has the unit "{unit}", which does not measure {dimension}'


def _suggestion(text: str, target: Dimension) -> str:
    """Return a hint: the unit of the right dimension that looks most like the text, if there is one."""
    for word in re.findall(r"[A-Za-z]+", text):
        # Letters in another order or case come first: "mn" lies nearer to "m" than to "nm" by what it shares with both.
        same = [known for known in KNOWN if sorted(known.lower()) == sorted(word.lower())]
        for close in [*same, *get_close_matches(word, KNOWN, n=40, cutoff=0.5)]:
            candidate = text.replace(word, close)
            unit = _unit(candidate)
            if unit is not None and _factor(unit, target) is not None:
                return f' (did you mean "{candidate}"?)'
    return ""
