"""The short-term synapse of a device, from its extract.json.

Taken is the better of the two laws that were fitted to the decay after a pulse, by the smaller AICc; one exponential
has A2 = 0. A device whose pulse lowers the conductance is the mirror image: its A count positive. One decay says
nothing of scatter or noise, so there is none. The spike has the width of `WAN_2021`, which does not matter where it is
short beside tau1: what a pulse of the run made is taken as what a spike makes.
"""

import json
from math import inf
from pathlib import Path
from typing import Any

from eisfv.result import ResultError
from eisfv.text_files import UnreadableError, read_text

from .short_term_synapse import WAN_2021, Synapse

LARGEST = 50_000_000  # bytes, of a file with its tables
DOUBLE = ("short_term_A1", "short_term_tau1", "short_term_A2", "short_term_tau2")
SINGLE = ("short_term_single_A", "short_term_single_tau")
REMEDY = "benchmark a device whose pulse is followed by a rest that decays, saved at every step"


def device_synapse(file: Path) -> Synapse:
    """Return the synapse that an extract.json tells; A in S. Raises ResultError."""
    quantities = read_quantities(file)
    double = aicc(file, quantities, "short_term_aicc") < aicc(file, quantities, "short_term_single_aicc")
    values = [number(file, quantities, name) for name in (DOUBLE if double else SINGLE)]
    A1, tau1, A2, tau2 = values if double else [*values, 0.0, values[1]]
    for name, tau in zip((DOUBLE[1::2] if double else SINGLE[1:]), (tau1, tau2), strict=False):
        if tau <= 0.0:
            raise ResultError(f"{file}: {name} = {tau:g} s is no time of a decay; extract the run again")
    if A1 * A2 < 0.0 or A1 + A2 == 0.0:
        raise ResultError(
            f"{file}: short_term_A1 = {A1:g} S and short_term_A2 = {A2:g} S do not fall back from one side, which the "
            f"benchmark's law asks for; {REMEDY}"
        )
    return Synapse((abs(A1), 0.0), (tau1, 0.0), (abs(A2), 0.0), (tau2, 0.0), WAN_2021.width)


def read_quantities(file: Path) -> dict[str, Any]:
    """Return the quantities of an extract.json. Raises ResultError."""
    try:
        tree = json.loads(read_text(file, LARGEST))
        quantities = tree["quantities"]
        quantities["short_term_aicc"]["value"]
    except UnreadableError as error:
        raise ResultError(f"{file}: {error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ResultError(f"{file}: is no extract.json with a short-term decay; extract the run again") from None
    return dict(quantities)


def aicc(file: Path, quantities: dict[str, Any], name: str) -> float:
    """Return an AICc; infinite where the law was not fitted."""
    known = isinstance(quantities.get(name), dict) and quantities[name].get("value") is not None
    return number(file, quantities, name) if known else inf


def number(file: Path, quantities: dict[str, Any], name: str) -> float:
    """Return a quantity's value in SI. Raises ResultError with the reason of the file where there is none."""
    entry = quantities.get(name)
    value = entry.get("value") if isinstance(entry, dict) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < inf:
        return float(value)
    reason = (entry.get("reason") if isinstance(entry, dict) else "") or "is not there"
    raise ResultError(f"{file}: {name} has no value: {reason}; {REMEDY}")
