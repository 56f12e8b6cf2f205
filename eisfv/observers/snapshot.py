"""The device at one instant, at the end of an accepted step or between its states."""

from typing import NamedTuple

from eisfv.device.tables import Floats, Tables
from eisfv.stepping.accepted import Accepted, blended
from eisfv.stepping.state import State, amounts


class Snapshot(NamedTuple):
    """time since the start of the run and offset since the protocol step began, s; u (cells, unknowns) and gate voltage
    in RT/F; current into the gate mol/s; flow (faces, unknowns) displacement (mol) and flows (mol/s) as the balances
    carry them; held (cells, species) what the cells hold, mol
    """

    time: float
    offset: float
    u: Floats
    voltage: float
    current: float
    flow: Floats
    held: Floats


def snapshot(tables: Tables, state: State) -> Snapshot:
    """Return the device in a state."""
    held = amounts(tables, state)
    return Snapshot(state.time, state.offset, state.at.u, state.at.voltage, state.current, state.flow, held)


def between(tables: Tables, accepted: Accepted, share: float, offset: float) -> Snapshot:
    """Return the device inside an accepted step, `share` of it past its start; offset (s) is what this is called."""
    return Snapshot(
        accepted.start._replace(offset=offset).time,
        offset,
        blended(accepted, share, lambda state: state.at.u),
        blended(accepted, share, lambda state: state.at.voltage),
        blended(accepted, share, lambda state: state.current),
        blended(accepted, share, lambda state: state.flow),
        blended(accepted, share, lambda state: amounts(tables, state)),
    )
