"""What the conductance is read from: the ions of a host, or its solved electrons."""

from dataclasses import replace
from typing import Literal

import numpy as np

from eisfv.device.device import Device
from eisfv.model.case_file import Readout
from eisfv.model.contacts import OhmicContact
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation
from support.devices import h_stack, one_layer, wo3

CARRIERS: tuple[Literal["ions", "electrons"], ...] = ("ions", "electrons")
STEP = VoltageStep(1e-9, Constant(1.0))  # s: no ion enters in a nanosecond


def reader(device: Device, carriers: Literal["ions", "electrons"] | None) -> tuple[Simulation, ChannelReadout]:
    """Return a device whose last region is read."""
    readout = Readout(length=1e-6, width=1e-6, carriers=carriers)
    simulation = Simulation(replace(device, readout=readout))
    return simulation, ChannelReadout(simulation.built)


def read(carriers: Literal["ions", "electrons"] | None) -> tuple[float, float]:
    """Return G before and behind a nanosecond at one volt."""
    simulation, channel = reader(h_stack(0.1, leak=False), carriers)
    before = channel.conductance(simulation.state)
    simulation.run(STEP)
    return before, channel.conductance(simulation.state)


def test_a_double_layer_changes_the_conductance_of_the_electrons_before_any_ion_enters() -> None:
    ions, electrons = read("ions"), read("electrons")
    jump = [after / before - 1.0 for before, after in (ions, electrons)]
    assert jump[1] > 1e-3
    assert jump[1] > 20.0 * abs(jump[0])


def test_ions_are_read_where_nothing_is_said() -> None:
    assert read(None) == read("ions")


def test_a_neutral_film_reads_the_same_either_way() -> None:
    film = one_layer(wo3("H", 1, background=30.0), 50e-9, OhmicContact(), OhmicContact(), x=0.1)
    found = [channel.conductance(simulation.state) for simulation, channel in (reader(film, c) for c in CARRIERS)]
    np.testing.assert_allclose(found[1], found[0], rtol=1e-9)
