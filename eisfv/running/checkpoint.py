"""Where a run stands, as a checkpoint keeps it: state, step size, counts, the place in the protocol."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from eisfv.device.tables import Floats
from eisfv.observers.records import Entry
from eisfv.simulation import Simulation
from eisfv.solve.newton import Iterate
from eisfv.stepping.state import State


@dataclass
class Position:
    """Where in the protocol: the number of the step, the time it began, whether the state is inside it."""

    number: int = 0
    began: float = 0.0
    inside: bool = False


def entries(simulation: Simulation, position: Position) -> dict[str, Entry]:
    """Return what brings a simulation back to where it stands."""
    state = simulation.state
    return {
        "time": state.time,
        "u": state.at.u,
        "voltage": state.at.voltage,
        "stored": state.stored,
        "full": state.full,
        "rate": state.rate,
        "charge": state.charge,
        "charge_rate": state.charge_rate,
        "current": state.current,
        "flow": state.flow,
        "slope_u": state.slope.u,
        "slope_voltage": state.slope.voltage,
        "next_h": simulation.integrator.next_h,
        "wary": simulation.integrator.wary,
        "step number": position.number,
        "step began": position.began,
        "step inside": int(position.inside),
        **{f"count {name}": value for counts in counters(simulation) for name, value in counts.items()},
    }


def restored(simulation: Simulation, saved: Mapping[str, Entry]) -> Position:
    """Bring a simulation back to a checkpoint and return the place in the protocol."""

    def number(name: str) -> float:
        return float(saved[name])

    def array(name: str) -> Floats:
        return np.asarray(saved[name], float)

    simulation.state = State(
        number("time"),
        Iterate(array("u"), number("voltage")),
        array("stored"),
        array("full"),
        array("rate"),
        number("charge"),
        number("charge_rate"),
        number("current"),
        array("flow"),
        Iterate(array("slope_u"), number("slope_voltage")),
    )
    simulation.integrator.next_h = number("next_h")
    simulation.integrator.wary = int(number("wary"))
    for counts in counters(simulation):
        counts.update({name: int(number(f"count {name}")) for name in counts})
    return Position(int(number("step number")), number("step began"), bool(number("step inside")))


def counters(simulation: Simulation) -> tuple[dict[str, int], dict[str, int]]:
    """Return the counters of the stepping and of Newton, to be read and written."""
    return vars(simulation.integrator.counts), vars(simulation.newton.counts)
