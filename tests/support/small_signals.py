"""The small signal of a device where it stands, and its impedance at rest."""

import numpy as np

from eisfv.analysis.small_signal import SmallSignal
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation


def signal(simulation: Simulation) -> SmallSignal:
    """Return the device linearised where it stands."""
    channel = ChannelReadout(simulation.built)
    return SmallSignal(simulation.built, simulation.state.at, channel.slope_by_amounts(simulation.state))


def impedances(device: Device, frequencies: Floats) -> Floats:
    """Return Z (frequencies) in ohm at rest."""
    found = signal(Simulation(device))
    return np.array([1.0 / found.at(f).admittance for f in frequencies])
