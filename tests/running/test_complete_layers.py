"""Where one Debye length has given all its ions to a field, nothing but an imposed voltage sets the potential there."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.equations.unknowns import of_species
from eisfv.model.adsorption import Adsorption
from eisfv.model.contacts import BathContact, BlockingContact, Contact, OhmicContact
from eisfv.model.materials import Electrolyte
from eisfv.model.species import Bound, Dilute, Lattice, Ohmic
from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from support.devices import one_layer

BULK = 10.0  # mol/m3
GLASS = Electrolyte(
    10.0,
    {"cation": Dilute(1, concentration=BULK, diffusivity=1e-12)},
    reference="one ion",
    fixed_charge=-BULK,
    electroneutral=True,
)
CROWDED = replace(
    GLASS, species={"cation": Lattice(1, density=2.0 * BULK, concentration=BULK, diffusivity=1e-12, sublattice="sites")}
)
LEAKING = replace(GLASS, species=GLASS.species | {"electron": Ohmic(-1, conductivity=1e-6)})


def polarised(material: Electrolyte, volts: float, metal: Contact = BlockingContact()) -> Simulation:
    simulation = Simulation(one_layer(material, 1e-6, metal, metal))
    simulation.run(VoltageStep(1e3, Constant(volts)))
    return simulation


def test_an_open_circuit_ends_where_a_double_layer_is_complete() -> None:
    simulation = polarised(GLASS, 4.0)
    np.testing.assert_allclose(simulation.voltage, 4.0, rtol=1e-12)  # an imposed voltage holds on
    with pytest.raises(SolverError, match=r"layer has no ion left .* over which 3\.98 V fall") as ended:
        simulation.run(OpenCircuitStep(1e-3))
    assert ended.value.failure.of_device


@pytest.mark.parametrize("level, told", [(-40.0, "no ion left"), (40.0, "no free site left"), (-30.0, ""), (30.0, "")])
def test_a_lattice_is_complete_empty_and_full(level: float, told: str) -> None:
    """Its ions answer by theta (1 - theta) = e^-|y|, and the last digit stands at e^-36."""
    simulation = Simulation(one_layer(CROWDED, 1e-6))
    u = simulation.state.at.u.copy()
    u[-1, of_species(0)] = level
    state = simulation.state._replace(at=simulation.state.at._replace(u=u))
    assert [told in line for line in simulation.layers.told(state)] == [True] * bool(told)


@pytest.mark.parametrize("material, volts", [(GLASS, 0.5), (replace(GLASS, electroneutral=False), 4.0)])
def test_an_open_circuit_keeps_its_voltage_where_a_charge_answers_it(material: Electrolyte, volts: float) -> None:
    simulation = polarised(material, volts)
    simulation.run(OpenCircuitStep(1e-3))
    np.testing.assert_allclose(simulation.voltage, volts, rtol=1e-2)


def test_electrons_that_pass_set_the_voltage_beside_a_complete_layer() -> None:
    simulation = polarised(LEAKING, 4.0, OhmicContact())
    assert list(simulation.layers.told(simulation.state)) == []
    simulation.run(OpenCircuitStep(1e3))
    assert abs(simulation.voltage) < 1e-3


SITES = Adsorption(of="cation", sites=1e-7, capture=1e-9, release=1.0)
TRAPPING = replace(
    GLASS, species=GLASS.species | {"bound": Bound(0, of="cation", density=1.0, capture=1.0, release=1.0)}
)


@pytest.mark.parametrize(
    "material, gate, ends",
    [
        (GLASS, BlockingContact(), 2),
        (GLASS, BlockingContact(adsorbed={"adsorbed": SITES}), 2),
        (GLASS, BathContact(), 1),
        (TRAPPING, BlockingContact(), 0),
        (replace(GLASS, electroneutral=False), BlockingContact(), 0),
    ],
)
def test_where_ions_pass_or_wait_at_traps_the_rates_set_the_level(
    material: Electrolyte, gate: Contact, ends: int
) -> None:
    simulation = Simulation(one_layer(material, 1e-6, gate, BlockingContact()))
    assert len(simulation.layers.layers) == ends


def test_ions_at_the_sites_of_a_plane_answer_as_long_as_there_are_any() -> None:
    simulation = Simulation(one_layer(GLASS, 1e-6, BlockingContact(adsorbed={"adsorbed": SITES})))
    u = simulation.state.at.u.copy()
    u[0, of_species(simulation.built.number("cation"))] = -40.0
    for level, told in ((-20.0, []), (-40.0, [True])):
        u[0, of_species(simulation.built.number("adsorbed"))] = level
        state = simulation.state._replace(at=simulation.state.at._replace(u=u))
        assert ["no ion left" in line for line in simulation.layers.told(state)] == told


def test_a_current_that_finds_a_complete_layer_ends_before_its_first_row() -> None:
    """One that empties it further has no step at all."""
    simulation = polarised(GLASS, 4.0)
    with pytest.raises(SolverError, match="layer has no ion left") as ended:
        simulation.run(CurrentStep(1e-3, Constant(1e-3)))
    assert ended.value.failure.of_device
