"""A run again with the time steps that another device took."""

from collections.abc import Sequence

from eisfv.case.case import Case
from eisfv.device.stack import stack_of
from eisfv.device.tables import Floats
from eisfv.observers.readout import ChannelReadout
from eisfv.running.sensitivity import Driven
from eisfv.simulation import Simulation
from eisfv.stepping.tr_bdf2 import GAMMA, backward_euler, tr_bdf2


def replayed(case: Case, own: Case, sizes: Sequence[Floats], run: Driven, quantity: str) -> float:
    """Return a quantity at the end of the protocol, of a case whose steps are those of a run of its `own`."""
    stretched = [
        size * (region.height / other.height)
        for size, region, other in zip(sizes, case.device.regions, own.device.regions, strict=True)
    ]
    simulation = Simulation(case.device, case.solver, stack_of(case.device, stretched))
    state, left = simulation.state, iter(run.steps)
    for step in case.protocol:
        state = state.begun()
        while state.offset < step.duration * (1.0 - 1e-12):
            simulation.newton.forget()
            now = next(left)
            ends = simulation.source(step, state.offset + now.h)
            if len(now.stages) == 1:
                tried = backward_euler(simulation.newton, state, now.h, ends)
            else:
                middle = simulation.source(step, state.offset + GAMMA * now.h)
                tried = tr_bdf2(simulation.newton, state, now.h, (middle, ends))
            assert tried.end is not None
            state = tried.end
    assert next(left, None) is None
    simulation.state = state
    channel = ChannelReadout(simulation.built)
    return {
        "conductance": channel.conductance(state),
        "voltage": simulation.voltage,
        "x_channel": channel.filling(state),
    }[quantity]
