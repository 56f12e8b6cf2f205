"""How a change by a pulse scatters from cycle to cycle, from `eisfv noise CASE --pulse N`: the noise of every flow
while the pulse lasts and after it, which spectra at rest do not have.

The share sd/|dG| of one pulse of a direction is taken for every change in that direction; where only one direction was
looked at, for both. The start is taken as known: a lower limit.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from eisfv.result import ResultError
from eisfv.result.errors import clear_errors

from .measured import Branch, Measured
from .wording import counted

FILE = "noise.json"


@dataclass(frozen=True)
class PulseNoise:
    """A pulse by its number, what it changes the conductance by and the standard deviation of that, S."""

    pulse: int
    change: float
    sd: float

    @property
    def share(self) -> float:
        """Return the standard deviation over the change."""
        return self.sd / abs(self.change)


def read_pulse_noise(folder: Path) -> PulseNoise:
    """Return what `eisfv noise` has written into a directory. Raises ResultError."""
    path = folder / FILE
    if not path.exists():
        raise ResultError(f"{path}: is not there; make it with eisfv noise CASE --pulse 1")
    with clear_errors(path, "read"):
        text = path.read_text()
    try:
        tree = json.loads(text)
        quantity, pulse = str(tree["quantity"]), tree["pulse"]
        value, sd = float(tree["value"]), float(tree["sd"])
    except (ValueError, KeyError, TypeError):
        raise ResultError(f"{path}: is not of eisfv noise; make it with eisfv noise CASE --pulse 1") from None
    if quantity != "conductance" or pulse is None or value == 0.0:
        raise ResultError(
            f"{path}: is of {quantity}, pulse {pulse}, value {value:g}; take the conductance and a pulse that changes "
            "it: eisfv noise CASE --pulse 1"
        )
    return PulseNoise(int(pulse), value, sd)


def with_pulse_noise(
    given: Sequence[PulseNoise], branches: Sequence[Branch | None]
) -> tuple[Measured, list[Branch | None]]:
    """Return the spread of a change by a pulse over its size, and the branches (up, down) with that spread."""
    made: list[Branch | None] = []
    for branch, sign in zip(branches, (1.0, -1.0), strict=True):
        own = [one for one in given if one.change * sign > 0.0] or list(given)
        share = float(np.mean([one.share for one in own]))
        made.append(None if branch is None else replace(branch, spread=share * np.abs(branch.steps)))
    numbers = ", ".join(str(one.pulse) for one in given)
    window = f"noise of heat and reactions during {counted(len(given), 'pulse')} ({numbers}) and behind: a lower limit"
    if all(branch is None for branch in made):
        return Measured(None, reason="the run has no commonest kind of pulse that the noise could belong to"), made
    return Measured(float(np.mean([one.share for one in given])), points=len(given), window=window), made
