"""A metal that fixes the level of one ion and stops the rest: the limit of a fast reactive contact."""

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.model.contacts import Contact, ReactiveContact
from eisfv.model.exchanging_contact import ReversibleContact
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, binary, one_layer
from support.runs import held
from support.slab import fed_slab

D, START, LENGTH = 1e-9, 10.0, 2e-6
METAL = Electrode("cation", 1, 0.0, reference="metal")
OPTIONS = SolverOptions(tolerance=1e-5, newton=1e-9)


def passed(contact: Contact, duration: float, share: float = 0.5) -> Simulation:
    """Return a 1:1 salt between two metals after a share of the limiting current."""
    mesh = MeshOptions(first=0.5, growth=1.15, largest=0.01)
    material = binary(START, 1.0, (D, D), electroneutral=True)
    simulation = Simulation(one_layer(material, LENGTH, contact, contact, mesh), OPTIONS)
    simulation.run(CurrentStep(duration, Constant(share * 4 * FARADAY * D * START / LENGTH * AREA)))
    return simulation


@pytest.mark.parametrize("s", [0.03, 2.0])
def test_salt_between_two_metals_follows_the_series(s: float) -> None:
    time = s * LENGTH**2 / D
    simulation = passed(ReversibleContact(METAL, 1e-2), time)
    y = simulation.built.mesh.position[:, 0]
    salt = 0.5 * simulation.profile().concentration.sum(axis=1)
    flux = 0.5 * 0.5 * 4 * D * START / LENGTH
    expected = fed_slab(LENGTH - y, time, flux, D, LENGTH) - fed_slab(y, time, flux, D, LENGTH)
    inside = (y > 0.02 * LENGTH) & (y < 0.98 * LENGTH)
    np.testing.assert_allclose(salt[inside] - START, expected[inside], atol=1e-3 * START)


def test_the_other_ion_does_not_pass() -> None:
    simulation = passed(ReversibleContact(METAL, 1e-2), 1e-3)
    anion = simulation.built.number("anion")
    np.testing.assert_allclose(held(simulation)[:, anion].sum(), START * LENGTH * AREA, rtol=1e-2)
    before = held(simulation)[:, anion].sum()
    simulation.run(CurrentStep(1e-3, Constant(0.0)))
    np.testing.assert_allclose(held(simulation)[:, anion].sum(), before, rtol=1e-13)


def test_it_is_the_reactive_contact_of_an_endless_exchange_current() -> None:
    found = passed(ReversibleContact(METAL, 1e-2), 1e-3).voltage
    fast, slow = (
        passed(ReactiveContact(METAL, ButlerVolmer(current, 0.5), 1e-2), 1e-3).voltage for current in (1e9, 1e3)
    )
    np.testing.assert_allclose(found, fast, rtol=1e-4)
    assert abs(slow / fast - 1.0) > 1e-2
