"""The diffuse layer at a blocking electrode: Gouy-Chapman, Grahame, Bikerman, Stern.

A bath at 20 Debye lengths stands for the bulk: the layer has decayed by e^-20 there. u is the potential of the
electrode against the bath in RT/F.
"""

import numpy as np
import pytest

from eisfv.constants import GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, VOLT, binary, debye, one_layer
from support.runs import settled, space_charge

BULK = 10.0  # mol/m3
PERMITTIVITY = 80.0 * VACUUM_PERMITTIVITY
LENGTH = 20.0 * debye(BULK)
SLOWEST = LENGTH**2 / 1e-9  # s, diffusion of the salt
FINE = MeshOptions(first=2e-4, growth=1.03, largest=0.01)


def cell(u: float, material: Electrolyte, stern: float | None = None) -> Simulation:
    """Return a settled cell with u at the electrode."""
    device = one_layer(material, LENGTH, BlockingContact(stern), BathContact(), FINE)
    return settled(device, u * VOLT, 100.0 * SLOWEST)


def electrode_charge(simulation: Simulation) -> float:
    """Return the charge of the electrode (C/m2): the opposite of the space charge."""
    return float(-space_charge(simulation).sum() / AREA)


def grahame(u: float) -> float:
    return float(np.sqrt(8 * PERMITTIVITY * GAS_CONSTANT * TEMPERATURE * BULK) * np.sinh(0.5 * u))


def bikerman(u: float, nu: float) -> float:
    inside = 2.0 / nu * np.log1p(2.0 * nu * np.sinh(0.5 * u) ** 2)
    return float(np.sign(u) * VOLT * PERMITTIVITY / debye(BULK) * np.sqrt(inside))


@pytest.mark.parametrize("u", [-0.1, 0.1, 2.0, -4.0, 10.0])
def test_electrode_charge_is_grahames(u: float) -> None:
    np.testing.assert_allclose(electrode_charge(cell(u, binary(BULK))), grahame(u), rtol=1e-3)


def test_debye_and_hueckel_charge_is_not_taken_for_grahames() -> None:
    linear = 2.0 * VOLT * PERMITTIVITY / debye(BULK)
    assert abs(linear / electrode_charge(cell(2.0, binary(BULK))) - 1) > 0.1


@pytest.mark.parametrize("u", [0.1, 4.0])
def test_potential_decays_as_gouy_and_chapman_have_it(u: float) -> None:
    simulation = cell(u, binary(BULK))
    y = simulation.built.mesh.position[:, 0]
    near = y < 8.0 * debye(BULK)
    exact = 4 * np.arctanh(np.tanh(u / 4) * np.exp(-y[near] / debye(BULK)))
    np.testing.assert_allclose(simulation.profile().potential[near] / VOLT, exact, atol=1e-5 * u)


def test_ions_are_boltzmann_distributed() -> None:
    profile = cell(3.0, binary(BULK)).profile()
    u = profile.potential / VOLT
    np.testing.assert_allclose(profile.concentration[:, 0], BULK * np.exp(-u), rtol=1e-6)
    np.testing.assert_allclose(profile.concentration[:, 1], BULK * np.exp(u), rtol=1e-6)


@pytest.mark.parametrize("u", [0.1, 5.0, -40.0])
@pytest.mark.parametrize("sites", [100.0, 2000.0])
def test_ions_of_finite_size_charge_as_bikerman_has_it(u: float, sites: float) -> None:
    """Nu = 2 c0/sites: ions that share one lattice, each of the volume of a site."""
    simulation = cell(u, binary(BULK, sites=sites))
    np.testing.assert_allclose(electrode_charge(simulation), bikerman(u, 2 * BULK / sites), rtol=1e-3)


def test_crowded_layer_is_not_taken_for_gouy_and_chapmans() -> None:
    assert abs(electrode_charge(cell(5.0, binary(BULK, sites=100.0))) / grahame(5.0) - 1) > 0.3


def test_differential_capacitance_passes_bikermans_maximum() -> None:
    """C(u) rises as cosh(u/2) while the ions are few and falls as 1/sqrt(2 nu |u|) when they crowd."""
    sites = 1000.0
    nu = 2 * BULK / sites
    u = np.array([0.5, 3.0, 30.0])
    shift = 0.05
    above, below = (
        np.array([electrode_charge(cell(v + s, binary(BULK, sites=sites))) for v in u]) for s in (shift, -shift)
    )
    found = (above - below) / (2 * shift * VOLT)
    s = np.sinh(0.5 * u) ** 2
    root = np.sqrt(2 / nu * np.log1p(2 * nu * s))
    np.testing.assert_allclose(found, PERMITTIVITY / debye(BULK) * np.sinh(u) / ((1 + 2 * nu * s) * root), rtol=2e-3)
    assert found[0] < found[1] > found[2]
    np.testing.assert_allclose(found[2], PERMITTIVITY / debye(BULK) / np.sqrt(2 * nu * u[2]), rtol=0.1)


@pytest.mark.parametrize("u", [0.1, 4.0])
def test_compact_layer_is_in_series_with_the_diffuse_layer(u: float) -> None:
    stern = 0.1  # F/m2
    charge = electrode_charge(cell(u, binary(BULK), stern))
    np.testing.assert_allclose(charge, grahame(u - charge / stern / VOLT), rtol=1e-3)


def test_electrode_at_its_zero_charge_voltage_is_uncharged() -> None:
    left, right = BlockingContact(0.1, zero_charge_voltage=0.3), BlockingContact(0.1, zero_charge_voltage=-0.2)
    simulation = Simulation(one_layer(binary(), LENGTH, left, right))
    np.testing.assert_allclose(simulation.voltage, 0.5, rtol=1e-12)
    assert np.abs(space_charge(simulation)).max() / AREA < 1e-14
