"""What a state means in the cells and on the faces of its device."""

from dataclasses import dataclass

from eisfv.constants import FARADAY
from eisfv.device.tables import Floats, Tables
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import electrochemical, potential, species
from eisfv.stepping.state import State


@dataclass(frozen=True)
class Profile:
    """Cell values at one instant, surface nodes included.

    potential (cells) V; concentration (cells, species) mol/m3; level (cells, species) electrochemical potential in RT;
    flow (faces, species) mol/s from left to right and displacement (faces) C, as the balances carry them
    """

    potential: Floats
    concentration: Floats
    level: Floats
    flow: Floats
    displacement: Floats


def profile_of(tables: Tables, thermal_voltage: float, state: State) -> Profile:
    """Return the values at a state; thermal_voltage: RT/F in V."""
    u, flow = state.at.u, state.flow
    local = laws_at(tables, tables.region, u)
    return Profile(
        potential(u) * thermal_voltage,
        local.concentration,
        electrochemical(tables, u, local.mu),
        species(flow, tables),
        potential(flow) * FARADAY,
    )
