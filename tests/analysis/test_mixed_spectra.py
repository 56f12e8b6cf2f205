"""Impedance of films that ions or salt diffuse through: blocked ions beside electrons, a salt before a bath."""

import numpy as np
import pytest

from eisfv.analysis.noise import Noise
from eisfv.constants import ELEMENTARY_CHARGE, FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.tables import Floats
from eisfv.model.contacts import BathContact, OhmicContact
from eisfv.model.host_curves import PercolationConductivity
from eisfv.model.mesh_options import MeshOptions
from support.devices import AREA, SITES, TEMPERATURE, VOLT, binary, metal, one_layer, wo3, ysz
from support.runs import settled
from support.small_signals import impedances, signal

X, D, THICK = 0.1, 1e-15, 80e-9
# -dU/dx (V) of U = U0 - (RT/2F) [ln(x/(1-x)) + 2 ln(2x/(1-2x))] - 0.428 V x
FALL = 0.428 + 0.5 * VOLT * (1.0 / (X * (1.0 - X)) + 4.0 / (2.0 * X * (1.0 - 2.0 * X)))


def test_ions_between_metals_that_block_them_leave_the_electrons_alone_in_the_end() -> None:
    """Z A = L/sigma + (L/sigma_e - L/sigma) tanh(s)/s,    s^2 = i w L^2/(4 D_chem), the dielectric beside it

    sigma = sigma_i + sigma_e,    sigma_i = z^2 F^2 D c (1 - x)/RT
    D_chem = (sigma_e/sigma) D (-dU/dx) (zF/RT) x (1 - x)

    Sources: M. H. Hebb, J. Chem. Phys. 20 (1952) 185; J. Jamnik, J. Maier, Phys. Chem. Chem. Phys. 3 (2001) 1668.
    """
    ions = 4.0 * FARADAY**2 * D * SITES * X * (1.0 - X) / (GAS_CONSTANT * TEMPERATURE)
    electrons = 2.0 * ions
    film = wo3(sigma=PercolationConductivity(electrons, 1e-30, 1.0, 2.0), diffusivity=D)
    metals = OhmicContact(), OhmicContact()
    f = np.array([1e-4, 1e-2, 0.1, 1.0, 10.0, 100.0])
    found = impedances(one_layer(film, THICK, *metals, MeshOptions(cells={"layer": 400}), x=X), f)
    chemical = 2.0 / 3.0 * D * FALL * 2.0 / VOLT * X * (1.0 - X)
    s = np.sqrt(2j * np.pi * f * THICK**2 / (4.0 * chemical))
    together, alone = (THICK / (sigma * AREA) for sigma in (ions + electrons, electrons))
    dielectric = 2j * np.pi * f * 30.0 * VACUUM_PERMITTIVITY * AREA / THICK
    exact = 1.0 / (1.0 / (together + (alone - together) * np.tanh(s) / s) + dielectric)
    np.testing.assert_allclose(found, exact, rtol=1e-3)
    np.testing.assert_allclose(found[0].real, alone, rtol=1e-5)
    assert abs(found[-1].real / alone - 1.0) > 0.2  # where the ions help


def test_a_salt_before_a_bath_has_the_transmitting_warburg_element() -> None:
    """Z = R + 1/(1/(R_ct + R tanh(s)/s) + i w C_S A),    R = L RT/(2 F^2 c D A),    s^2 = i w L^2/D

    R for the cation's share of the current, R again for the salt that the cation leaves behind, as the anions rest.
    """
    d, length, c, exchange, stern = 1e-9, 10e-6, 10.0, 50.0, 1e-3
    f = np.array([1e-3, 1.0, 3.0, 10.0, 30.0, 100.0, 1e3])
    device = one_layer(binary(c), length, metal(exchange, stern), BathContact(), MeshOptions(grading="lengths"))
    found = impedances(device, f)
    resistance = length * GAS_CONSTANT * TEMPERATURE / (2.0 * FARADAY**2 * c * d * AREA)
    s = np.sqrt(2j * np.pi * f * length**2 / d)

    def behind_a_layer(warburg: Floats) -> Floats:
        faradaic = VOLT / (exchange * AREA) + warburg
        return np.asarray(resistance + 1.0 / (1.0 / faradaic + 2j * np.pi * f * stern * AREA))

    np.testing.assert_allclose(found, behind_a_layer(resistance * np.tanh(s) / s), rtol=1e-3)
    reflecting = behind_a_layer(resistance / (np.tanh(s) * s))
    assert abs(found[0] / reflecting[0]) < 0.1  # a wall in place of the bath would store without end


@pytest.mark.parametrize("volts, shot", [(10.0, 1.0738), (5.0, 1.4649)])
def test_ions_that_hop_in_a_high_field_make_the_noise_of_a_charge_that_goes_a_hop_at_a_time(
    volts: float, shot: float
) -> None:
    """S_I/(2 e I a/L) = coth w,  w = a V/(2 L RT/F): from thermal noise, 1/w, to the shot of a/L of a charge, 1.

    What the layers at both baths add falls with 1/L, to 0.9 % at 140 nm; of two lengths at one field it is taken off.
    """
    hop, length = 1.2e-9, 140e-9
    mesh = MeshOptions(first=0.3, growth=1.2, largest=0.02)
    ratios = []
    for times in (1.0, 4.0):
        device = one_layer(ysz(hop, leak=False), times * length, BathContact(), BathContact(), mesh)
        simulation = settled(device, times * volts, 1e4)
        found = signal(simulation)
        assert found.drift() < 1e-9
        current = Noise(found).at(found.at(1e-3)).current
        ratios.append(current / (2.0 * ELEMENTARY_CHARGE * simulation.current * hop / (times * length)))
    exact = 1.0 / np.tanh(hop * volts / (2.0 * length * VOLT))
    np.testing.assert_allclose(exact, shot, rtol=1e-4)
    np.testing.assert_allclose((4.0 * ratios[1] - ratios[0]) / 3.0, exact, rtol=1e-4)
    assert 1.002 < ratios[0] / exact < 1.01
