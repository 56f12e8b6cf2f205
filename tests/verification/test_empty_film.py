"""A film that starts without any ions fills by neutral diffusion, on any mesh; how empty it is changes no rate."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.device import Device
from eisfv.device.interfaces import NoCompositionError
from eisfv.device.meshing import mesh_of
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.interface_laws import ButlerVolmer, Continuous, InterfaceLaw
from eisfv.model.interfaces import Interface
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.species import Dilute, Solvated
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, binary

FULL, DIFFUSIVITY, TIME = 10.0, 1e-9, 2e-6  # mol/m3, m2/s, s
FIRST, SECOND = 50e-9, 100e-9  # m


def two_films(start: float, cells: int = 60, law: InterfaceLaw = Continuous()) -> Device:
    """Return a salt solution from a bath and a like film that starts at another concentration (mol/m3)."""
    empty = Initial(concentration={"cation": start, "anion": start})
    regions = (Region("full", binary(FULL, 10.0), FIRST), Region("film", binary(FULL, 10.0), SECOND, empty))
    joint = Interface(("full", "film"), species={"cation": law, "anion": law})
    mesh = MeshOptions(cells={"full": cells // 2, "film": cells})
    return Device(
        TEMPERATURE, AREA, regions, (joint,), BathContact(), BlockingContact(stern_capacitance=0.1), mesh=mesh
    )


def by_series() -> float:
    """Return the mean concentration in the film: c_t = D c_xx, c = FULL at the bath, no flow at the wall."""
    length = FIRST + SECOND
    k = (np.arange(200) + 0.5) * np.pi / length
    amplitude = -2.0 * FULL / length * np.cos(k * FIRST) / k * np.exp(-DIFFUSIVITY * k**2 * TIME)
    return float(FULL + (amplitude * np.cos(k * FIRST) / k).sum() / SECOND)


def mean_in_film(device: Device) -> float:
    simulation = Simulation(device)
    simulation.run(VoltageStep(TIME, Constant(0.0)))
    own = simulation.built.mesh.region == 1
    volume = simulation.built.mesh.volume[own]
    return float(simulation.profile().concentration[own, 0] @ volume / volume.sum())


@pytest.mark.parametrize("cells", [60, 240])
def test_a_film_without_ions_fills_by_diffusion_on_a_fine_mesh_too(cells: int) -> None:
    np.testing.assert_allclose(mean_in_film(two_films(0.0, cells)), by_series(), rtol=1e-3)


def test_a_film_that_starts_a_tenth_full_does_not() -> None:
    assert mean_in_film(two_films(0.1 * FULL)) > 1.1 * by_series()


def test_an_exchange_current_is_that_of_the_material_wherever_the_film_starts() -> None:
    law = ButlerVolmer(1.0, 0.5)
    rates = []
    for start in (FULL, 1e-3, 0.0):
        device = two_films(start, law=law)
        rates.append(build(device, mesh_of(device)).tables.transfer_rate)
    np.testing.assert_allclose(rates[1:], [rates[0]] * 2, rtol=1e-12)


NAMELESS = {
    "dilute": Dilute(1, density=FULL, diffusivity=DIFFUSIVITY),
    "solvated": Solvated(1, diffusivity=DIFFUSIVITY, solvent=55400.0, solvation_number=4.0),
}


@pytest.mark.parametrize("ion", NAMELESS.values(), ids=NAMELESS.keys())
def test_one_that_is_meant_at_no_composition_is_refused(ion: Dilute | Solvated) -> None:
    device = two_films(0.0, law=ButlerVolmer(1.0, 0.5))
    full, film = device.regions
    species = {name: replace(ion, charge=each.charge) for name, each in film.material.species.items()}
    device = replace(device, regions=(full, replace(film, material=replace(film.material, species=species))))
    with pytest.raises(NoCompositionError, match="region film: the exchange current of an ion that is not there"):
        build(device, mesh_of(device))
