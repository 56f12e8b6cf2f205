"""Double layers as curves of their charge: against Grahame, Bikerman, and what the solver relaxes."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.postprocess.circuit.equations import equations
from eisfv.postprocess.circuit.layers import electrolyte_layer
from eisfv.postprocess.circuit.model import Factors
from eisfv.postprocess.circuit.stack import Electrolyte, Ion
from eisfv.postprocess.circuit.states import at_rest
from support.compact import Trained

TEMPERATURE, C0 = 298.15, 100.0
VOLT = thermal_voltage(TEMPERATURE)
PERMITTIVITY = 50.0 * VACUUM_PERMITTIVITY
UNIT = np.sqrt(2.0 * PERMITTIVITY * GAS_CONSTANT * TEMPERATURE * C0)  # C/m2


def ion(charge: int, concentration: float = C0, density: float = C0, lattice: bool = False) -> Ion:
    return Ion("M", charge, lattice, concentration, density, 1e-12, 0.0, 0.0)


def salt() -> Electrolyte:
    return Electrolyte(1e-6, PERMITTIVITY, (ion(1), ion(-1)), 0.0, 0.0)


@pytest.mark.parametrize("volts", [-0.15, -0.03, 1e-4, 0.05, 0.15])
def test_a_binary_salt_follows_grahame(volts: float) -> None:
    psi = electrolyte_layer(salt(), TEMPERATURE, 0.5).function()
    charge = 2.0 * UNIT * np.sinh(0.5 * volts / VOLT)
    np.testing.assert_allclose(psi(charge), volts, rtol=2e-3)


@pytest.mark.parametrize("volts", [0.3, 1.0, 4.0])
def test_ions_that_leave_a_fixed_background_deplete_it(volts: float) -> None:
    """q^2 = 2 eps F c (psi - RT/F), the ions gone but for the layer's edge."""
    single = Electrolyte(1e-8, PERMITTIVITY, (ion(1, density=5e4, lattice=True),), -C0, 0.0)
    psi = electrolyte_layer(single, TEMPERATURE, 0.5).function()
    charge = np.sqrt(2.0 * PERMITTIVITY * FARADAY * C0 * (volts - VOLT))
    np.testing.assert_allclose(psi(charge), volts, rtol=3e-3)


@pytest.mark.parametrize("volts", [-0.1, -0.4])
def test_ions_that_gather_on_sites_follow_their_pressure(volts: float) -> None:
    sites = 2e3
    single = Electrolyte(1e-8, PERMITTIVITY, (ion(1, density=sites, lattice=True),), -C0, 0.0)
    psi = electrolyte_layer(single, TEMPERATURE, 0.5).function()
    u, share = -volts / VOLT, C0 / sites
    pressure = sites * np.log(1.0 - share + share * np.exp(u)) - C0 * u
    charge = -np.sqrt(2.0 * PERMITTIVITY * GAS_CONSTANT * TEMPERATURE * pressure)
    np.testing.assert_allclose(psi(charge), volts, rtol=3e-3)


def test_without_the_background_the_layer_is_another() -> None:
    single = Electrolyte(1e-8, PERMITTIVITY, (ion(1, density=5e4, lattice=True),), -C0, 0.0)
    charge = np.sqrt(2.0 * PERMITTIVITY * FARADAY * C0 * (1.0 - VOLT))
    doubled = replace(single, fixed=-2.0 * C0, ions=(replace(single.ions[0], concentration=2.0 * C0),))
    assert electrolyte_layer(doubled, TEMPERATURE, 0.5).function()(charge) < 0.6


@pytest.mark.parametrize("name", ["mg", "ysz"])
def test_the_relaxed_layers_hold_what_the_solver_relaxes(name: str, request: pytest.FixtureRequest) -> None:
    """Voltage, conductance and filling of the run's first row; the layers move the last two a little."""
    trained: Trained = request.getfixturevalue(name)
    state, forms = at_rest(trained.model, Factors()), equations(trained.model, Factors())
    first = {key: float(values[0]) for key, values in trained.run.terminals.items()}
    np.testing.assert_allclose(forms.voltage(state), first["voltage_V"], rtol=1e-4)
    np.testing.assert_allclose(forms.conductance(state), first["conductance_S"], rtol=2e-4)
    x = trained.model.stack.channel.x
    np.testing.assert_allclose(forms.filling(state) - x, first["x_channel"] - x, rtol=0.1)
