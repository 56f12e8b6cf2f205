"""A gated semiconductor against Poisson's equation solved by itself: charge and conductance over the gate voltage."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from eisfv.constants import FARADAY
from eisfv.device.tables import Floats
from eisfv.model.back_gate import BackGate
from eisfv.model.band_filling import band_excess, sheet, space
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation
from support.transistor import AREA, DONORS, FILM, MOBILITY, exact, gated

ETA = np.linspace(-40.0, 60.0, 4001)
LOGARITHM = CubicSpline(ETA, np.log(space(ETA)[0]))  # Poisson's solver asks for it 1e7 times
FILLINGS: dict[str, Callable[[Floats], Floats]] = {
    "boltzmann": np.exp,
    "fermi_dirac": lambda eta: np.exp(LOGARITHM(eta)),
    "fermi_dirac_2d": lambda eta: sheet(eta)[0],
}
VOLTAGES = (0.5, 2.0, -0.3)


@pytest.mark.parametrize("filling", FILLINGS)
def test_charge_and_conductance_over_the_gate_are_those_of_poissons_equation(filling: str) -> None:
    simulation = Simulation(gated(filling))
    channel = ChannelReadout(simulation.built)
    squares = 10.0
    np.testing.assert_allclose(channel.conductance(simulation.state), squares * FARADAY * MOBILITY * DONORS * FILM)
    for voltage in VOLTAGES:
        simulation.run(VoltageStep(1e-3, Constant(voltage)))
        electrons, charge = exact(FILLINGS[filling], voltage)
        found = channel.conductance(simulation.state)
        np.testing.assert_allclose(found, squares * FARADAY * MOBILITY * electrons, rtol=1e-3)
        np.testing.assert_allclose(simulation.state.charge * FARADAY / AREA, charge, rtol=1e-3)


def test_the_fillings_are_told_apart() -> None:
    """The negative control: at 2 V Boltzmann's electrons crowd closer to the insulator, for 1 to 4 % more charge."""
    found = [exact(law, 2.0)[1] for law in FILLINGS.values()]
    assert found[0] > 1.02 * found[1] > 1.03 * found[2]


def test_a_film_that_is_switched_off_goes_on() -> None:
    """At -3 V there is no electron left in 10 nm, e^-100 of the donors; the gate holds the charge of the donors."""
    simulation = Simulation(gated("fermi_dirac_2d"))
    simulation.run(VoltageStep(1e-3, Constant(-3.0)))
    assert ChannelReadout(simulation.built).conductance(simulation.state) < 1e-40
    np.testing.assert_allclose(simulation.state.charge * FARADAY / AREA, -FARADAY * DONORS * FILM, rtol=1e-9)
    simulation.run(VoltageStep(1e-3, Constant(0.0)))
    back = ChannelReadout(simulation.built).conductance(simulation.state)
    np.testing.assert_allclose(back, 10.0 * FARADAY * MOBILITY * DONORS * FILM, rtol=1e-6)


@pytest.mark.parametrize("filling", ["fermi_dirac", "fermi_dirac_2d"])
def test_the_excess_of_a_band_inverts_its_filling(filling: str) -> None:
    """Eta = ln(n/N) + E; F_1/2 by its limits e^eta - e^2eta/2^1.5 and (4/3 sqrt pi) eta^1.5 (1 + pi^2/(8 eta^2))."""
    excess = band_excess(filling)
    assert excess is not None
    eta = np.array([-10.0, -1.0, 0.0, 3.0, 30.0, 200.0])
    ln_nu = np.log({"fermi_dirac": space, "fermi_dirac_2d": sheet}[filling](eta)[0])
    np.testing.assert_allclose(ln_nu + excess.value(ln_nu), eta, atol=2e-4)
    value, slope = space(np.array([-9.0, 0.0, 60.0]))
    np.testing.assert_allclose(value[0], np.exp(-9.0) - np.exp(-18.0) / 2.0**1.5, rtol=1e-8)
    np.testing.assert_allclose(value[1], 0.765147024625408, rtol=1e-10)  # (1 - 2^-0.5) zeta(3/2)
    degenerate = 4.0 / (3.0 * np.sqrt(np.pi)) * 60.0**1.5 * (1.0 + np.pi**2 / (8.0 * 60.0**2))
    np.testing.assert_allclose(value[2], degenerate, rtol=1e-6)
    np.testing.assert_allclose(slope[1], 0.604898643421630, rtol=1e-10)  # (1 - 2^0.5) zeta(1/2)


BACK = 3e-3  # F/m2 of 10 nm of SiO2


@pytest.mark.parametrize("front, behind", [(2.0, 3.0), (2.0, -3.0), (-0.3, 3.0), (0.5, 0.0)])
def test_a_back_gate_fills_and_empties_the_film_as_poissons_equation_says(front: float, behind: float) -> None:
    back = BackGate(BACK, behind)
    simulation = Simulation(gated("fermi_dirac_2d", back=back))
    simulation.run(VoltageStep(1.0, Constant(front)))  # through a face that is empty the electrons need 0.1 s
    electrons, charge = exact(FILLINGS["fermi_dirac_2d"], front, back)
    found = ChannelReadout(simulation.built).conductance(simulation.state)
    np.testing.assert_allclose(found, 10.0 * FARADAY * MOBILITY * electrons, rtol=1e-3)
    np.testing.assert_allclose(simulation.state.charge * FARADAY / AREA, charge, rtol=1e-3)
    alone, _ = exact(FILLINGS["fermi_dirac_2d"], front)
    assert abs(electrons / alone - 1.0) > 0.01  # the negative control: without it the film is another


def test_a_far_back_gate_brings_a_capacitor_of_electrons() -> None:
    """Of 300 nm of SiO2 the voltage falls in the oxide: C V_b electrons come, whatever the film does."""
    back, volt = 3.9 * 8.8541878128e-12 / 300e-9, 10.0
    found = []
    for behind in (0.0, volt):
        simulation = Simulation(gated("fermi_dirac_2d", back=BackGate(back, behind)))
        simulation.run(VoltageStep(1e-3, Constant(2.0)))
        found.append(ChannelReadout(simulation.built).conductance(simulation.state))
    np.testing.assert_allclose((found[1] - found[0]) / (10.0 * MOBILITY), back * volt, rtol=0.02)
