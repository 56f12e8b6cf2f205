"""Steady conduction: limiting current, thin-film cells, leakage, Hebb-Wagner, hopping in a high field.

Thin film of a 1:1 electrolyte between its metals, j = i L/(4 F D c0), v the voltage in RT/F:

    neutral bulk, fast metals            v = 4 atanh j                                        j < 1
    Stern layer far thicker than the diffuse layer (alpha = 1/2, rates k and jr over 4 D c0/L)
                                         v = 2 ln(u1/u0) + 2 atanh j
                                         u0 = [-j + sqrt(j^2 + 4 jr k (1 - j))]/2jr
                                         u1 = [j + sqrt(j^2 + 4 jr k (1 + j))]/2jr

Sources: M. Z. Bazant, K. T. Chu, B. J. Bayly, SIAM J. Appl. Math. 65 (2005) 1463; M. H. Hebb, J. Chem. Phys. 20 (1952)
185; C. Wagner, Proc. CITCE 7 (1957) 361; N. F. Mott, R. W. Gurney, Electronic Processes in Ionic Crystals, 1948, ch. 2.
"""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.model.contacts import BathContact, BlockingContact, OhmicContact
from eisfv.model.interface_laws import Blocking
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Dilute
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, VOLT, binary, debye, metal, mg_electrolyte, mg_stack, one_layer
from support.runs import held, settled

D, BULK = 1e-9, 10.0  # m2/s, mol/m3
LENGTH = 1e-6
LIMIT = 4 * FARADAY * D * BULK / LENGTH  # A/m2
LONG = 1e3 * LENGTH**2 / D  # s
MESH = MeshOptions(first=0.1, growth=1.1, largest=0.01)
OPTIONS = SolverOptions(tolerance=1e-2, newton=1e-8)


def salt(thinness: float) -> Electrolyte:
    """Return the 1:1 electrolyte with the Debye length `thinness` times the length of the cell; 0: electroneutral."""
    if thinness == 0.0:
        return binary(BULK, 1.0, (D, D), electroneutral=True)
    return binary(BULK, (thinness * LENGTH / debye(BULK, 1.0)) ** 2, (D, D))


@pytest.mark.parametrize("thinness, rtol", [(0.0, 5e-4), (5e-4, 5e-3)])
@pytest.mark.parametrize("v", [0.5, 4.0])
def test_current_between_fast_metals_is_the_hyperbolic_tangent(thinness: float, rtol: float, v: float) -> None:
    gate = metal(1e7, 1.0)
    simulation = settled(one_layer(salt(thinness), LENGTH, gate, gate, MESH), v * VOLT, LONG, OPTIONS)
    np.testing.assert_allclose(simulation.current / AREA / LIMIT, np.tanh(v / 4), rtol=rtol)


@pytest.mark.parametrize("thinness, rtol", [(0.0, 2e-3), (5e-5, 1e-2)])
def test_neutral_salt_passes_no_more_than_the_limiting_current(thinness: float, rtol: float) -> None:
    """4 F D c0/L; space charge at the depleted metal lets (lambda_D/L)^(2/3) more pass."""
    gate = metal(1e7, 1.0)
    simulation = settled(one_layer(salt(thinness), LENGTH, gate, gate, MESH), 16 * VOLT, LONG, OPTIONS)
    np.testing.assert_allclose(simulation.current / AREA / LIMIT, np.tanh(4.0), rtol=rtol)


def test_a_single_ion_conductor_has_no_limiting_current() -> None:
    cation = salt(5e-4).species["cation"]
    fixed = replace(salt(5e-4), species={"cation": cation}, fixed_charge=-BULK)
    gate = metal(1e9, 1.0)
    currents = [
        settled(one_layer(fixed, LENGTH, gate, gate, MESH), v * VOLT, LONG, OPTIONS).current for v in (16.0, 32.0)
    ]
    np.testing.assert_allclose(currents[1] / currents[0], 2.0, rtol=1e-2)


def thin_film_voltage(j: float, rate: float, thinness: float, delta: float) -> float:
    """Return v (RT/F) at the current j of a film with k = jr = rate and lambda_S/lambda_D = delta."""
    material = salt(thinness)
    stern = material.relative_permittivity * VACUUM_PERMITTIVITY / (delta * thinness * LENGTH)
    # The reference density is the bulk concentration, so that k = jr = i0 L/(4 F D c0).
    gate = metal(rate * LIMIT, stern)
    simulation = Simulation(one_layer(material, LENGTH, gate, gate, MESH), OPTIONS)
    simulation.run(CurrentStep(LONG, Constant(j * LIMIT * AREA)))
    return simulation.voltage / VOLT


def helmholtz(j: float, rate: float) -> float:
    u0 = (-j + np.sqrt(j**2 + 4 * rate**2 * (1 - j))) / (2 * rate)
    u1 = (j + np.sqrt(j**2 + 4 * rate**2 * (1 + j))) / (2 * rate)
    return float(2 * np.log(u1 / u0) + 2 * np.arctanh(j))


def test_thin_film_with_thick_stern_layers_is_bazants() -> None:
    """At k = jr = 2, j = 0.5: 2.7527 in the limit."""
    np.testing.assert_allclose(helmholtz(0.5, 2.0), 2.7527, rtol=2e-5)
    found = [thin_film_voltage(0.5, 2.0, thinness, 0.25 / thinness) for thinness in (5e-3, 2.5e-3)]
    np.testing.assert_allclose(found[0], helmholtz(0.5, 2.0), rtol=2e-3)
    assert abs(found[1] - helmholtz(0.5, 2.0)) < 0.7 * abs(found[0] - helmholtz(0.5, 2.0))


def test_thin_film_with_thin_stern_layers_is_gouy_chapmans() -> None:
    """V = 4 atanh j + 2 atanh(j/jr) where the whole layer is diffuse: 2.708 at jr = 2, j = 0.5."""
    exact = 4 * np.arctanh(0.5) + 2 * np.arctanh(0.25)
    found = [thin_film_voltage(0.5, 2.0, thinness, 1e-3) for thinness in (1e-2, 5e-3)]
    # The published numbers at these thicknesses: 2.690 and 2.699.
    np.testing.assert_allclose(found, [2.690, 2.699], rtol=5e-4)
    np.testing.assert_allclose(2 * found[1] - found[0], exact, rtol=1e-3)


def test_the_two_limits_are_told_apart() -> None:
    assert abs(helmholtz(0.5, 2.0) - (4 * np.arctanh(0.5) + 2 * np.arctanh(0.25))) > 0.04


@pytest.mark.parametrize("volts", [0.02, -1.0])
def test_ion_blocking_stack_passes_the_ohmic_leak(volts: float) -> None:
    sigma_e, length = 1e-4, 1e-6
    device = mg_stack((0.1, 0.1), sigma_e=sigma_e, length=length, law=Blocking())
    simulation = settled(device, volts, 1e3, OPTIONS)
    np.testing.assert_allclose(simulation.current, sigma_e * volts / length * AREA, rtol=1e-5)


def mixed_conductor(n: float) -> Electrolyte:
    """Return a salt with dilute electrons of the reference concentration n."""
    electron = Dilute(-1, concentration=n, diffusivity=1e-8)
    return replace(salt(5e-3), species={**salt(5e-3).species, "electron": electron}, fixed_charge=n)


@pytest.mark.parametrize("v", [0.5, 3.0, -3.0])
def test_hebb_wagner_cell_passes_what_its_electron_profile_carries(v: float) -> None:
    """Ions held by a reversible side (the bath), blocked at the other: i = (RT/FL) sigma_n (e^{FV/RT} - 1).

    V is the reversible side above the blocking one; where it is below, the electrons at the blocking side run out."""
    n = 1e-4
    device = one_layer(mixed_conductor(n), LENGTH, BathContact(), OhmicContact(), MESH)
    simulation = settled(device, v * VOLT, LONG, OPTIONS)
    sigma = FARADAY**2 * n * 1e-8 / (GAS_CONSTANT * TEMPERATURE)
    exact = GAS_CONSTANT * TEMPERATURE / (FARADAY * LENGTH) * sigma * (np.exp(v) - 1)
    np.testing.assert_allclose(simulation.current / AREA, exact, rtol=2e-3)


@pytest.mark.parametrize("w", [0.05, 2.0, 6.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_uniform_conductor_hops_as_mott_and_gurney_have_it(w: float, sign: int) -> None:
    """J = (2 F D c/a) sinh(F a E/2RT) with the field in the middle of a neutral film on a fixed background."""
    hop, length, c = 1.2e-9, 200e-9, 1000.0
    cation = Dilute(1, concentration=c, diffusivity=1e-15, hop_length=hop)
    film = Electrolyte(20.0, {"cation": cation}, fixed_charge=-c)
    gate = metal(1e9, 1.0)
    device = one_layer(film, length, gate, gate, MeshOptions(first=0.3, growth=1.2, largest=0.02))
    volts = sign * w * 2 * VOLT / hop * length
    simulation = settled(device, volts, 100.0 * length**2 / 1e-15, OPTIONS)
    y, phi = simulation.built.mesh.position[:, 0], simulation.profile().potential
    middle = np.flatnonzero((y > 0.4 * length) & (y < 0.6 * length))
    field = -np.polyfit(y[middle], phi[middle], 1)[0]
    found = simulation.current / AREA
    np.testing.assert_allclose(found, 2 * FARADAY * 1e-15 * c / hop * np.sinh(field * hop / (2 * VOLT)), rtol=1e-4)
    np.testing.assert_allclose(field, volts / length, rtol=0.05)
    linear = FARADAY**2 * 1e-15 * c / (GAS_CONSTANT * TEMPERATURE) * field
    np.testing.assert_allclose(found / linear, np.sinh(w) / w, rtol=0.35)


def test_baths_do_not_slow_the_hop_between_them() -> None:
    """The half cell to a bath hops like the film: the same current as from metals that hold the film uniform."""
    hop, length, c = 1.2e-9, 200e-9, 1000.0
    cation = Dilute(1, concentration=c, diffusivity=1e-15, hop_length=hop)
    film = Electrolyte(20.0, {"cation": cation}, fixed_charge=-c)
    mesh = MeshOptions(first=0.3, growth=1.2, largest=0.02)
    w = 4.0
    volts = w * 2 * VOLT / hop * length
    device = one_layer(film, length, BathContact(), BathContact(), mesh)
    found = settled(device, volts, 100.0 * length**2 / 1e-15, OPTIONS).current / AREA
    np.testing.assert_allclose(found, 2 * FARADAY * 1e-15 * c / hop * np.sinh(w), rtol=1e-2)


def test_blocked_cell_passes_nothing_in_the_end() -> None:
    device = one_layer(salt(5e-3), LENGTH, BlockingContact(), BlockingContact(), MESH)
    simulation = Simulation(device, OPTIONS)
    simulation.run(VoltageStep(1e-9, Constant(4 * VOLT)))
    first = simulation.current
    simulation.run(VoltageStep(LONG, Constant(4 * VOLT)))
    assert abs(simulation.current) < 1e-9 * first


def test_leak_is_no_part_of_the_electrolytes_storage() -> None:
    """Ohmic electrons carry current and store nothing: twice the conductivity, the same charges at rest."""
    charges = []
    for sigma_e in (1e-4, 2e-4):
        electrolyte = mg_electrolyte(sigma_e)
        simulation = Simulation(mg_stack((0.1, 0.1), electrolyte=electrolyte))
        charges.append(held(simulation))
    np.testing.assert_array_equal(charges[0], charges[1])
