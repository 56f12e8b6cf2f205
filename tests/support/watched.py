"""A simulation as its observers know a run, for tests that look on by themselves."""

from collections.abc import Mapping, Sequence

from eisfv.device.tables import Floats
from eisfv.model.output import At, Output
from eisfv.model.protocol import Protocol
from eisfv.model.steps import Step
from eisfv.observers.observer import Row, Watched
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation

EVERY_STEP = Output("every step", "with fields", At(()))


def no_profile(time: float, values: Mapping[str, Floats], field: bool) -> None:
    """Take a profile and leave it."""


def watched(simulation: Simulation, steps: Sequence[Step], row: Row, output: Output = EVERY_STEP) -> Watched:
    """Return what an observer is made with; row takes the rows of every table."""
    built = simulation.built
    return Watched(
        built,
        Protocol(tuple(steps)),
        output,
        ChannelReadout(built),
        lambda name, columns: row,
        lambda variables: no_profile,
    )
