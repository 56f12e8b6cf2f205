"""Metal | host | metal: the conductance through the film is what a small voltage finds."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.model.case_file import Readout
from eisfv.model.contacts import Contact, OhmicContact, ResistiveContact
from eisfv.model.host_curves import PercolationConductivity
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation
from support.devices import TEMPERATURE
from support.phases import AREA, POOR, RICH, filling, regular

FILM = 30e-9  # m
SIGMA = PercolationConductivity(50.0, 55000.0, 0.5, 4.0)


def sandwich(x: float, cells: int = 30, contact: Contact = OhmicContact()) -> Device:
    host = replace(regular(), conductivity=SIGMA)
    return Device(
        TEMPERATURE,
        AREA,
        (Region("film", host, FILM, Initial(x)),),
        (),
        contact,
        contact,
        readout=Readout("film", path="through"),
        mesh=MeshOptions(cells={"film": cells}),
    )


def sigma(x: float) -> float:
    u = (x / 0.5) ** 4.0
    return float(50.0 + 55000.0 * x * u / (1.0 + u))


def test_a_uniform_film_has_its_conductivity_times_area_over_thickness() -> None:
    simulation = Simulation(sandwich(0.95))
    found = ChannelReadout(simulation.built).conductance(simulation.state)
    np.testing.assert_allclose(found, sigma(0.95) * AREA / FILM, rtol=1e-10)


def test_resistive_contacts_count_in_series_and_a_millivolt_finds_the_sum() -> None:
    per_area = 2e-12  # ohm m2, a third of what the film has
    simulation = Simulation(sandwich(0.95, contact=ResistiveContact(per_area)), SolverOptions(newton=1e-9))
    found = ChannelReadout(simulation.built).conductance(simulation.state)
    film, ends = FILM / (sigma(0.95) * AREA), 2.0 * per_area / AREA
    np.testing.assert_allclose(1.0 / found, film + ends, rtol=1e-10)
    assert ends > film
    simulation.run(VoltageStep(1e-9, Constant(1e-5)))
    np.testing.assert_allclose(simulation.current / 1e-5, found, rtol=1e-3)


def test_two_phases_are_read_in_series_and_as_a_millivolt_finds_them() -> None:
    simulation = Simulation(sandwich(0.5, 120), SolverOptions(method="bdf"))
    simulation.run(VoltageStep(1.0, Constant(2e-3)))
    x = filling(simulation)
    assert x.max() - x.min() > 0.8
    simulation.run(VoltageStep(1.0, Constant(0.0)))
    read = ChannelReadout(simulation.built).conductance(simulation.state)
    alone = simulation.current
    simulation.run(VoltageStep(1e-7, Constant(1e-5)))
    np.testing.assert_allclose(read, (simulation.current - alone) / 1e-5, rtol=2e-3)
    sharp = 0.5 * FILM * (1.0 / sigma(POOR) + 1.0 / sigma(RICH)) / AREA
    assert 1.0 < read * sharp < 1.3, "the boundary, a sixth of the film, conducts better than the poor phase"
    along = 0.5 * (sigma(POOR) + sigma(RICH)) * AREA / FILM
    assert read < 0.05 * along, "the poor phase decides, which it would not beside the rich one"


@pytest.mark.parametrize("z", [1.0, -1.0])
def test_a_current_moves_the_phases_to_the_side_that_it_drives_cations_to(z: float) -> None:
    simulation = Simulation(sandwich(0.5), SolverOptions(method="bdf"))
    simulation.run(VoltageStep(1.0, Constant(z * 2e-3)))
    x = filling(simulation)
    assert z * (x[-1] - x[0]) > 0.8
