"""The double layer of ions with solvent shells: its capacitance at a blocking electrode, and what no shell is.

0.1 M of a 1:1 salt at 298.15 K, eps_r 78.49, 55.4 mol/dm3 of solvent. From the first integral of Poisson's equation

    C = |rho_w|/E_w,   eps E_w^2/2 = p_w - p_b,   p = -RT N ln x_0

with the charge rho and the pressure p of the solvent at the wall and in the bulk (Dreyer et al. 2014).
"""

import numpy as np
import pytest
from scipy.optimize import brentq

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.species import Solvated
from support.devices import AREA, TEMPERATURE, VOLT, debye, one_layer
from support.runs import settled, space_charge

BULK, SOLVENT, PERMITTIVITY = 100.0, 55400.0, 78.49  # mol/m3, mol/m3, -
LENGTH = 20.0 * debye(BULK, PERMITTIVITY)
FINE = MeshOptions(first=2e-4, growth=1.03, largest=0.01)
SETTLED = 1e8 * LENGTH**2 / 1e-9  # s: in a layer that is full a hop waits long for the room of a shell
VOLTAGES = (0.1, 0.2, 0.5, 1.0)  # V
CAPACITANCE = {10.0: (130.629, 115.705, 67.197, 44.617), 0.0: (242.868, 534.299, 234.520, 148.904)}  # uF/cm2
AT_REST = 72.248  # uF/cm2, with any shells


def solution(shell: float) -> Electrolyte:
    """Return the salt in water whose ions bind `shell` molecules each."""
    ions = {
        name: Solvated(charge, concentration=BULK, diffusivity=1e-9, solvent=SOLVENT, solvation_number=shell)
        for name, charge in (("cation", 1), ("anion", -1))
    }
    return Electrolyte(PERMITTIVITY, ions, reference="solution")


def charge(volts: float, shell: float) -> float:
    """Return the charge (C/m2) of an electrode so far above a bath of the solution."""
    device = one_layer(solution(shell), LENGTH, BlockingContact(), BathContact(), FINE)
    return float(-space_charge(settled(device, volts, SETTLED)).sum() / AREA)


def capacitance(volts: float, shell: float) -> float:
    """Return the differential capacitance in uF/cm2."""
    shift = 0.05 * VOLT
    return 100.0 * (charge(volts + shift, shell) - charge(volts - shift, shell)) / (2.0 * shift)


def exact(volts: float, shell: float) -> float:
    """Return the capacitance (uF/cm2) from the first integral."""
    size, u = 1.0 + shell, volts / VOLT
    free = SOLVENT - 2.0 * size * BULK
    total = free + 2.0 * BULK
    constant = BULK / total * (free / total) ** -size
    root = brentq(lambda x: np.exp(x) + 2 * constant * np.cosh(u) * np.exp(size * x) - 1.0, -600.0, 0.0, xtol=1e-14)
    ions = constant * np.exp(size * root)
    concentration = SOLVENT / (np.exp(root) + size * 2 * ions * np.cosh(u))
    pressure = GAS_CONSTANT * TEMPERATURE * SOLVENT * (np.log(free / total) - root)
    field = np.sqrt(2.0 * pressure / (PERMITTIVITY * VACUUM_PERMITTIVITY))
    return float(100.0 * FARADAY * concentration * 2 * ions * np.sinh(u) / field)


@pytest.mark.parametrize("shell", [10.0, 0.0])
def test_the_first_integral_gives_the_known_capacitances(shell: float) -> None:
    found = [exact(volts, shell) for volts in VOLTAGES]
    np.testing.assert_allclose(found, CAPACITANCE[shell], rtol=3e-4)
    np.testing.assert_allclose(exact(1e-5, shell), AT_REST, rtol=1e-5)


@pytest.mark.parametrize("shell", [10.0, 0.0])
@pytest.mark.parametrize("volts", VOLTAGES)
def test_capacitance_of_solvated_ions(volts: float, shell: float) -> None:
    np.testing.assert_allclose(capacitance(volts, shell), exact(volts, shell), rtol=1e-3)


@pytest.mark.parametrize("shell", [10.0, 0.0])
def test_capacitance_at_rest_knows_no_shell(shell: float) -> None:
    np.testing.assert_allclose(capacitance(0.0, shell), AT_REST, rtol=1e-3)


def test_bare_ions_are_not_taken_for_solvated_ones() -> None:
    assert abs(capacitance(0.2, 0.0) / exact(0.2, 10.0) - 1.0) > 1.0
