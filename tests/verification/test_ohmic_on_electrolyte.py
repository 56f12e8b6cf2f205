"""A metal on an ionic conductor is polarisable: its field holds the potential, whatever its electrons do."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.bulk import debye_length
from eisfv.device.device import Device
from eisfv.device.electron_paths import chains, idle
from eisfv.model.contacts import BlockingContact, Contact, OhmicContact, ResistiveContact
from eisfv.model.interface_laws import Blocking, ButlerVolmer
from eisfv.model.interfaces import Interface
from eisfv.model.materials import ELECTRON
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.stepping.state import amounts
from support.devices import AREA, TEMPERATURE, VOLT, h_stack, mg_electrolyte, one_layer, ysz

CURRENT, SHORT = 1e-12, 1e-9  # A, s: shorter than any ion moves
METALS = (OhmicContact(), ResistiveContact(1e-6), ResistiveContact(1e-2))


def leaky_stack(
    channel: Contact | None = None, joint: str = "continuous", leak: bool = True, gate: Contact = OhmicContact()
) -> Device:
    """Return a leaky film | a host | a leaky film between metals."""
    host = h_stack().regions[1].material
    regions = (
        Region("r0", ysz(), 20e-9),
        Region("r1", host, 20e-9, Initial(0.19)),
        Region("r2", ysz(leak=leak), 10e-9),
    )
    law = ButlerVolmer(6e-6, 0.5)
    last = {"electron": Blocking()} if joint == "blocking" and leak else {}
    joints = (
        Interface(("r0", "r1"), species={"H": law}),
        Interface(("r1", "r2"), species={"H": law, **last}),
    )
    return Device(TEMPERATURE, AREA, regions, joints, gate, channel or OhmicContact())


@pytest.mark.parametrize("metal", METALS)
def test_a_terminal_whose_electrons_reach_nothing_is_a_capacitor(metal: Contact) -> None:
    length = 50e-9
    material = replace(
        mg_electrolyte(),
        species={
            name: replace(species, diffusivity=1e-30) if name != "electron" else species
            for name, species in mg_electrolyte().species.items()
        },
    )
    simulation = Simulation(one_layer(material, length, BlockingContact(), metal))
    before = simulation.voltage
    simulation.run(CurrentStep(SHORT, Constant(CURRENT)))
    # Ions that stand still leave the dielectric from metal to metal.
    capacitance = material.relative_permittivity * VACUUM_PERMITTIVITY * AREA / length
    np.testing.assert_allclose(simulation.voltage - before, CURRENT * SHORT / capacitance, rtol=1e-3)


@pytest.mark.parametrize("metal", METALS[:2])
def test_an_electroneutral_film_between_metals_leaks_and_polarises(metal: Contact) -> None:
    """At rest its ions are level, and its potential with them: each double layer, eps A / Debye length, holds half of a
    small voltage. The electrons alone carry Ohm's current."""
    length, volts = 1e-6, 1e-4
    material = replace(mg_electrolyte(), electroneutral=True)
    device = one_layer(material, length, metal, metal)
    simulation = Simulation(device)
    tables = simulation.built.tables
    slowest = min(species.diffusivity for name, species in material.species.items() if name != ELECTRON)
    simulation.run(VoltageStep(10.0 * length**2 / slowest, Constant(volts)))
    leak = material.species[ELECTRON].conductivity * AREA / length * volts
    np.testing.assert_allclose(simulation.current, leak, rtol=1e-3)
    gate = tables.contact_cell[0]
    held = FARADAY * float(tables.charge @ amounts(tables, simulation.state)[gate])
    permittivity = material.relative_permittivity * VACUUM_PERMITTIVITY
    layer = permittivity * AREA / debye_length(device.regions[0], TEMPERATURE)
    np.testing.assert_allclose(held, -0.5 * layer * volts, rtol=5e-3)


@pytest.mark.parametrize("metal", METALS)
def test_a_stack_between_metals_on_electrolytes_finishes_and_does_not_hang_on_the_step(metal: Contact) -> None:
    ends = []
    for largest in (None, 1e-8):
        simulation = Simulation(leaky_stack(metal, gate=metal), SolverOptions(largest_step=largest))
        simulation.run(OpenCircuitStep(0.5e-6))
        ends.append(simulation.voltage)
        if largest is None:
            assert simulation.integrator.counts.accepted < 30
    assert abs(ends[0] - ends[1]) < 1e-6


def test_a_metal_with_next_to_no_resistance_is_the_ohmic_one() -> None:
    """One ends the field over the half cell, the other at the metal: what they hold apart goes with the first cell."""
    apart = []
    for first in (0.3, 0.1):
        charges, currents = [], []
        for metal in (OhmicContact(), ResistiveContact(1e-14)):
            simulation = Simulation(replace(leaky_stack(metal, gate=metal), mesh=MeshOptions(first=first)))
            simulation.run(VoltageStep(1e-3, Constant(0.1)))
            charges.append(simulation.state.charge)
            currents.append(simulation.current)
        np.testing.assert_allclose(currents[1], currents[0], rtol=1e-4)
        apart.append(charges[1] / charges[0] - 1.0)
    assert apart[0] < 0.05
    np.testing.assert_allclose(apart[1] / apart[0], 1.0 / 3.0, rtol=0.05)


def test_open_circuit_is_where_the_electrons_of_the_host_are_level_with_the_metals() -> None:
    simulation = Simulation(leaky_stack())
    simulation.run(OpenCircuitStep(1e-3))
    # Both metals meet the electrons of one host: no voltage.
    assert abs(simulation.voltage / VOLT) < 1e-6


def test_electrons_that_carry_nothing_change_nothing() -> None:
    with_electrons = leaky_stack(BlockingContact(), "blocking")
    without = leaky_stack(BlockingContact(), leak=False)
    assert [sorted(chain.regions) for chain in chains(with_electrons) if chain.reached == 0] == [[2]]
    assert idle(with_electrons) == {2}
    ends = []
    for device in (with_electrons, without):
        simulation = Simulation(device)
        simulation.run(OpenCircuitStep(0.5e-6))
        ends.append((simulation.voltage, simulation.profile().potential))
    assert ends[0][0] == ends[1][0]
    np.testing.assert_array_equal(ends[0][1], ends[1][1])


def test_electrons_between_a_store_and_a_metal_are_kept() -> None:
    assert idle(leaky_stack()) == frozenset()
    assert idle(leaky_stack(BlockingContact())) == {2}  # one end: level with the host, without flow
