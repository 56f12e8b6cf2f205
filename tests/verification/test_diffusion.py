"""Diffusion against closed solutions: Cottrell, a slab behind a bath, a slab fed at constant current, Sand.

Sources: F. G. Cottrell, Z. Phys. Chem. 42 (1903) 385; H. S. Carslaw, J. C. Jaeger, Conduction of Heat in Solids, 2nd
ed., 1959, sec. 3.8; H. J. S. Sand, Philos. Mag. 1 (1901) 45.
"""

import numpy as np
import pytest
from scipy.special import erfc

from eisfv.constants import FARADAY
from eisfv.model.contacts import BathContact, BlockingContact, OhmicContact
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Dilute
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, VOLT, binary, metal, one_layer, wo3
from support.runs import TIGHT, total
from support.slab import fed_slab

D, LENGTH, START = 1e-9, 1e-6, 10.0  # m2/s, m, mol/m3
UNIFORM = MeshOptions(cells={"layer": 400})
OPTIONS = SolverOptions(tolerance=1e-5, newton=1e-9)


def neutral() -> Electrolyte:
    """Return a solvent with an uncharged solute."""
    return Electrolyte(80.0, {"solute": Dilute(0, concentration=START, diffusivity=D)})


def against_bath(duration: float, bath: float = 30.0) -> tuple[Simulation, float]:
    """Return a slab some time after a bath of another concentration touched it, and the amount (mol/m2) it has
    taken.
    """
    device = one_layer(neutral(), LENGTH, BathContact({"solute": bath}), BlockingContact(), UNIFORM)
    simulation = Simulation(device, OPTIONS)
    before = total(simulation, "solute")
    simulation.run(VoltageStep(duration, Constant(0.0)))
    return simulation, (total(simulation, "solute") - before) / AREA


@pytest.mark.parametrize("bath", [0.1, 30.0])
def test_early_uptake_is_cottrells(bath: float) -> None:
    """Integrated: n = 2 (c_bath - c0) sqrt(D t/pi)."""
    t = 0.02 * LENGTH**2 / D
    _, taken = against_bath(t, bath)
    np.testing.assert_allclose(taken, 2 * (bath - START) * np.sqrt(D * t / np.pi), rtol=1e-3)


def test_early_profile_is_the_complementary_error_function() -> None:
    t = 0.02 * LENGTH**2 / D
    simulation, _ = against_bath(t)
    y = simulation.built.mesh.position[:, 0]
    exact = START + 20.0 * erfc(y / (2 * np.sqrt(D * t)))
    np.testing.assert_allclose(simulation.profile().concentration[:, 0], exact, atol=2e-4 * 20.0)


def test_uptake_proportional_to_time_is_not_cottrells() -> None:
    t = 0.01 * LENGTH**2 / D
    ratio = against_bath(2 * t)[1] / against_bath(t)[1]
    np.testing.assert_allclose(ratio, np.sqrt(2.0), rtol=2e-3)
    assert abs(ratio - 2.0) > 0.5


def test_slab_fills_with_the_time_constant_of_its_first_mode() -> None:
    """One side closed: tau = 4 L^2/(pi^2 D)."""
    slab = 0.5 * LENGTH**2 / D
    remainder = [20.0 * LENGTH - against_bath(t)[1] for t in (slab, 2 * slab)]
    np.testing.assert_allclose(slab / np.log(remainder[0] / remainder[1]), 4 * LENGTH**2 / (np.pi**2 * D), rtol=1e-3)


def salt_cell(share: float, neutral_salt: bool, duration: float) -> tuple[Simulation, float]:
    """Return a 1:1 salt between its metals after a constant current of `share` of the limiting one, and the flux.

    The salt moves with D and takes the part 1 - t_+ = 1/2 of the current at each metal.
    """
    length = 2e-6
    material = binary(START, 1.0, (D, D), electroneutral=neutral_salt)
    mesh = MeshOptions(first=0.5, growth=1.15, largest=0.01)
    device = one_layer(material, length, metal(1e5, 1e-2), metal(1e5, 1e-2), mesh)
    simulation = Simulation(device, OPTIONS)
    current = share * 4 * FARADAY * D * START / length
    simulation.run(CurrentStep(duration, Constant(current * AREA)))
    return simulation, 0.5 * current / FARADAY


@pytest.mark.parametrize("s", [0.03, 0.2, 2.0])
@pytest.mark.parametrize("neutral_salt, atol", [(True, 1e-3), (False, 3e-2)])
def test_salt_between_two_metals_follows_the_series(s: float, neutral_salt: bool, atol: float) -> None:
    """In at the gate, out at the channel: the slab's series and its mirror image. Space charge makes a part of
    lambda_D/L = 2e-4, larger where the layers are."""
    length = 2e-6
    time = s * length**2 / D
    simulation, flux = salt_cell(0.5, neutral_salt, time)
    y = simulation.built.mesh.position[:, 0]
    salt = 0.5 * simulation.profile().concentration.sum(axis=1)
    expected = fed_slab(length - y, time, flux, D, length) - fed_slab(y, time, flux, D, length)
    inside = (y > 0.02 * length) & (y < 0.98 * length)
    np.testing.assert_allclose(salt[inside] - START, expected[inside], atol=atol * START)


@pytest.mark.parametrize("s", [0.05, 0.5])
def test_host_of_constant_diffusivity_fills_as_the_series_has_it(s: float) -> None:
    """U = U0 - (RT/F) ln(x/(1-x)), electrons far more mobile: the chemical diffusivity is that of the ion at every x.

    The electrons carry D; the ion enters through a metal at the gate and finds a closed end at the channel.
    """
    thickness, d = 100e-9, 1e-14
    sigma = PercolationConductivity(1e5, 1.0, 0.5, 2.0)
    host = wo3("H", 1, AnalyticOpenCircuit(0.0, polarons=False), sigma, zero_charge_x=0.3, diffusivity=d)
    mesh = MeshOptions(first=1.0, host_growth=1.1, largest=0.02)
    device = one_layer(host, thickness, metal(1e3, 1.0, 0.0, "H"), OhmicContact(), mesh, x=0.3)
    simulation = Simulation(device, TIGHT)
    before = simulation.profile().concentration[:, 0]
    time = s * thickness**2 / d
    flux = 0.05 * 0.3 * 30883.0 * d / thickness
    simulation.run(CurrentStep(time, Constant(FARADAY * flux * AREA)))
    y = simulation.built.mesh.position[:, 0]
    found = simulation.profile().concentration[:, 0] - before
    expected = fed_slab(thickness - y, time, flux, d, thickness)
    deep = (y > 2e-9) & (y < thickness - 2e-9)
    np.testing.assert_allclose(found[deep], expected[deep], atol=5e-3 * np.ptp(expected))


def test_host_with_a_steeper_curve_does_not_follow_that_series() -> None:
    thickness, d = 100e-9, 1e-14
    sigma = PercolationConductivity(1e5, 1.0, 0.5, 2.0)
    host = wo3("H", 1, AnalyticOpenCircuit(0.0, False, 0.1), sigma, zero_charge_x=0.3, diffusivity=d)
    mesh = MeshOptions(first=1.0, host_growth=1.1, largest=0.02)
    simulation = Simulation(one_layer(host, thickness, metal(1e3, 1.0, 0.0, "H"), OhmicContact(), mesh, x=0.3), TIGHT)
    before = simulation.profile().concentration[:, 0]
    time = 0.05 * thickness**2 / d
    flux = 0.05 * 0.3 * 30883.0 * d / thickness
    simulation.run(CurrentStep(time, Constant(FARADAY * flux * AREA)))
    y = simulation.built.mesh.position[:, 0]
    deep = (y > 2e-9) & (y < thickness - 2e-9)
    found = simulation.profile().concentration[deep, 0] - before[deep]
    expected = fed_slab(thickness - y[deep], time, flux, d, thickness)
    assert np.abs(found - expected).max() > 0.05 * np.ptp(expected)


def test_salt_at_the_depleting_metal_is_gone_at_sands_time() -> None:
    """Tau = pi D (F c0/(2 j (1 - t_+)))^2 above the limiting current; the voltage takes off there."""
    length = 2e-6
    share = 6.0
    current = share * 4 * FARADAY * D * START / length
    sand = np.pi * D * (FARADAY * START / (2 * current * 0.5)) ** 2
    assert sand < 0.1 * length**2 / D
    simulation, _ = salt_cell(share, True, 0.5 * sand)
    # The ions of the layer at the metal are in equilibrium: their geometric mean is the salt beside it.
    left = np.sqrt(simulation.profile().concentration[-1].prod())
    np.testing.assert_allclose(left / START, 1 - np.sqrt(0.5), rtol=0.02)
    before = simulation.voltage
    late, _ = salt_cell(share, True, 0.97 * sand)
    assert late.voltage > before + 3 * VOLT
