"""Units, numbers and file names in the pictures of a sweep."""

import re

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale, time_scale

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

WIDE = 20.0  # largest over smallest: beyond, a linear scale hides the small ones
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def pretty_unit(unit: str) -> str:
    """Return a unit as it is printed: "uA/cm^2" gives "µA/cm²"."""
    micro = re.sub(r"(?<![A-Za-z])u(?=[A-Za-z])", "µ", unit)
    return re.sub(r"\^(-?\d+)", lambda match: match[1].translate(RAISED), micro.replace("ohm", "Ω"))


def spread_is_wide(values: Floats) -> bool:
    """Return whether values are positive and so far apart that they want a logarithmic scale."""
    finite = values[np.isfinite(values)]
    return bool(finite.size and finite.min() > 0.0 and finite.max() >= WIDE * finite.min())


def scaled(values: Floats, unit: str, log: bool) -> tuple[float, str]:
    """Return factor and unit to draw SI values in; times in hours and days only on a linear scale."""
    finite = values[np.isfinite(values)]
    if unit == "s" and finite.max(initial=0.0) >= 1.0:
        return (1.0, "s") if log else time_scale(float(finite.max()))
    return scale(finite, unit)


def short(value: float, digits: int = 3) -> str:
    """Return a number of few digits, without an exponent where it is easily read without: 1000, 0.0316, 2e−7."""
    if value == 0.0 or 1e-4 <= abs(value) < 1e5:
        text = np.format_float_positional(value, precision=digits, fractional=False, trim="-") if value else "0"
        text = text if abs(value) < 10.0**digits else f"{value:.0f}"
    else:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        text = f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}"
    return text.replace("-", "\N{MINUS SIGN}")
