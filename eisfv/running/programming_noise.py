"""A case run with TR-BDF2, and how a quantity of it scatters by its own noise: `eisfv.analysis.programming_noise`."""

from collections.abc import Sequence
from dataclasses import dataclass

from eisfv.analysis.programming_noise import Scatter, scatter
from eisfv.analysis.sensitivity import Backward
from eisfv.case.case import Case
from eisfv.constants import AVOGADRO
from eisfv.device.stack import sizes_of
from eisfv.device.tables import Floats
from eisfv.observers.readout import ChannelReadout
from eisfv.running.sensitivity import driven, explicit, quantity_of, seed


@dataclass(frozen=True)
class Noisy:
    """Quantity O and its variance; ions: how many of the channel a unit of O stands for, of its site fraction alone;
    steps: accepted time steps of the run."""

    value: float
    scatter: Scatter
    ions: float | None
    steps: int


def noisy(case: Case, sizes: Sequence[Floats] | None, quantity: str, pulse: int | None) -> Noisy:
    """Return how a quantity scatters, as `eisfv.running.sensitivity.found` takes it, the start of the protocol known.

    Raises NoSensitivityError, EquilibriumError, SolverError.
    """
    run = driven(case, list(sizes) if sizes is not None else sizes_of(case.device), pulse)
    built, backward = run.simulation.built, Backward(run.simulation.built)
    seeds = {number: seed(backward, built, quantity, state, weight) for number, (weight, state) in run.marks.items()}
    value = explicit(built, built, quantity_of(quantity), run)
    channel = ChannelReadout(built)
    ions = channel.sites * float(channel.volume.sum()) * AVOGADRO if quantity == "x_channel" else None
    return Noisy(value, scatter(built, run.steps, seeds), ions, len(run.steps))
