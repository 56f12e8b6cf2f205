"""What an implicit stage is given and what it returns."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from eisfv.device.tables import Floats


class Source(NamedTuple):
    """The drive at one instant, scaled: voltage in RT/F, current in mol/s of charge, resistance in (RT/F)/(mol/s).

    resistance  between a source of voltage and the gate; series: that of the source, whatever it gives
    """

    kind: Literal["voltage", "current"]
    value: float
    resistance: float
    series: float = 0.0


class Known(NamedTuple):
    """What the past fixes of a stage: stored amounts (cells, species) and the gate's charge, in mol."""

    stored: Floats
    charge: float


class Iterate(NamedTuple):
    """Unknowns (cells, unknowns) and the gate voltage in RT/F."""

    u: Floats
    voltage: float


class Stage(NamedTuple):
    """The end of a stage. stored, charge: as in `Known`; current: into the gate, mol/s of charge.

    flow (faces, unknowns): displacement (mol) and flows (mol/s) as the balances carry them; iterations spent; worst:
    cell and unknown of the largest last update; reason: why it did not converge, in words.
    """

    converged: bool
    at: Iterate
    stored: Floats
    charge: float
    current: float
    flow: Floats
    iterations: int
    worst: tuple[int, int]
    reason: str = ""


@dataclass
class Counts:
    """What a run spent."""

    residuals: int = 0
    factorisations: int = 0
    solves: int = 0
