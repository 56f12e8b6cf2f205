"""Electrons and holes in one film under a gate: graphene and sheets by algebra, a film by Poisson's equation."""

from math import cosh, log, pi

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from eisfv.constants import FARADAY, thermal_voltage
from eisfv.device.carriers import balanced
from eisfv.model.band_filling import cone, space
from eisfv.model.materials import Electrolyte
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Band
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant, PiecewiseLinear
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation
from support.sheets import (
    AREA,
    AVOGADRO,
    BOLTZMANN,
    ELECTRONVOLT,
    ELEMENTARY,
    HBAR,
    film_at,
    gated_film,
    graphene_states,
    sheet_at,
    sheet_states,
)

T = 298.15
VOLT = thermal_voltage(T)
GRAPHENE, OXIDE = (0.335e-9, 5.0), (10e-9, 9.0)  # thickness m, relative permittivity
ELECTRON_MOBILITY, HOLE_MOBILITY = 1.0, 0.4  # m2/(V s)


def graphene(options: SolverOptions | None = None) -> Simulation:
    states = graphene_states(T, GRAPHENE[0])
    bands = {
        "electron": Band(-1, density=states, mobility=ELECTRON_MOBILITY, filling="graphene"),
        "hole": Band(1, density=states, mobility=HOLE_MOBILITY, filling="graphene"),
    }
    return Simulation(gated_film(bands, GRAPHENE, OXIDE, T, (8, 1), gap=0.0), options)


def charge_of_graphene(psi: float) -> float:
    """Return p - n (mol/m3) at a potential: p - n = (2/pi) (kT/hbar v)^2 [F_1(-psi) - F_1(psi)]."""
    both = cone(np.array([-psi, psi]))[0]
    return float(graphene_states(T, GRAPHENE[0]) * (both[0] - both[1]))


@pytest.mark.parametrize("voltage", [0.0, 0.2, 3.0, -3.0])
def test_charge_and_conductance_of_gated_graphene(voltage: float) -> None:
    simulation = graphene()
    simulation.run(VoltageStep(1e-3, Constant(voltage)))
    psi, charge = sheet_at(charge_of_graphene, GRAPHENE, OXIDE, voltage, VOLT)
    np.testing.assert_allclose(simulation.state.charge * FARADAY / AREA, -charge, rtol=1e-3, atol=1e-12)
    n, p = graphene_states(T, GRAPHENE[0]) * cone(np.array([psi, -psi]))[0]
    conductance = FARADAY * GRAPHENE[0] * (ELECTRON_MOBILITY * n + HOLE_MOBILITY * p)
    np.testing.assert_allclose(ChannelReadout(simulation.built).conductance(simulation.state), conductance, rtol=1e-3)


def between_the_steps(largest: float | None) -> float:
    """Return how far G drawn straight from step to step of a ramp is from G held at the same voltages, over the least
    G."""
    simulation = graphene(SolverOptions(largest_step=largest))
    simulation.run(VoltageStep(1e-3, Constant(-2.0)))
    ramp = PiecewiseLinear((0.0, 1.0), (-2.0, 2.0))
    read = ChannelReadout(simulation.built).conductance
    drawn = [(step.end.at.voltage * VOLT, read(step.end)) for step in simulation.drive(VoltageStep(1.0, ramp))]
    held = graphene()
    worst, least = 0.0, read(held.state)
    for voltage in (-1.03, -0.13, -0.03, 0.01, 0.33):
        held.run(VoltageStep(1e-3, Constant(voltage)))
        line = np.interp(voltage, *np.transpose(drawn))
        worst = max(worst, abs(float(line) - read(held.state)))
    return worst / least


def test_a_ramp_is_followed_through_the_dirac_point() -> None:
    assert between_the_steps(None) < 0.05
    assert between_the_steps(1.0) > 1.0  # a bound of the case's own that is none


def test_quantum_capacitance_of_graphene_is_least_at_the_dirac_point() -> None:
    """(2 e^2 kT/(pi (hbar v)^2)) ln[2 (1 + cosh u)]: 0.8385 uF/cm2 at u = 0; dQ/dV less insulator, half sheet."""
    simulation = graphene()
    charges, step = [], 2e-3
    for voltage in (-step, step, 1.5 - step, 1.5 + step):
        simulation.run(VoltageStep(1e-3, Constant(voltage)))
        charges.append(simulation.state.charge * FARADAY / AREA)
    eps = 8.8541878128e-12
    series = OXIDE[0] / (OXIDE[1] * eps) + 0.5 * GRAPHENE[0] / (GRAPHENE[1] * eps)
    quantum = [1.0 / (2.0 * step / (b - a) - series) for a, b in (charges[:2], charges[2:])]
    unit = 2.0 * ELEMENTARY**2 * BOLTZMANN * T / (pi * (HBAR * 1e6) ** 2)
    psi, _ = sheet_at(charge_of_graphene, GRAPHENE, OXIDE, 1.5, VOLT)
    np.testing.assert_allclose(quantum, [unit * log(4.0), unit * log(2.0 * (1.0 + cosh(psi)))], rtol=2e-3)
    np.testing.assert_allclose(quantum[0], 0.8385e-2, rtol=2e-3)
    assert quantum[1] > 3.0 * quantum[0]


def test_carriers_of_graphene_at_the_dirac_point() -> None:
    """N = p = (pi/6) (kT/hbar v)^2, 7.98e10 1/cm2, and F_1 by its limits."""
    simulation = graphene()
    held = ChannelReadout(simulation.built).carriers(simulation.state)[0]
    n = held / (1.0 + HOLE_MOBILITY / ELECTRON_MOBILITY) * graphene_states(T, GRAPHENE[0]) * GRAPHENE[0] * AVOGADRO
    np.testing.assert_allclose(n, pi / 6.0 * (BOLTZMANN * T / (HBAR * 1e6)) ** 2, rtol=1e-4)
    np.testing.assert_allclose(n, 7.98e14, rtol=2e-3)
    value, slope = cone(np.array([-9.0, 0.0, 40.0]))
    np.testing.assert_allclose(
        value, [np.exp(-9.0) - np.exp(-18.0) / 4.0, pi**2 / 12.0, 800.0 + pi**2 / 6.0], rtol=1e-8
    )
    np.testing.assert_allclose(slope[1], log(2.0), rtol=1e-14)


FILM, GAP = (5e-9, 12.0), 0.6
STATES = (6.6, 4.2)  # mol/m3
ETA = np.linspace(-200.0, 60.0, 8001)
LOGARITHM = CubicSpline(ETA, np.log(space(ETA)[0]))  # Poisson's solver asks for it 1e6 times


@pytest.mark.parametrize("voltage", [2.0, -1.8, 0.1])
@pytest.mark.parametrize("filling", ["boltzmann", "fermi_dirac"])
def test_an_ambipolar_film_follows_poissons_equation(filling: str, voltage: float) -> None:
    """N and p under the gate, and the conductance that both make, within 1e-3."""
    law = np.exp if filling == "boltzmann" else lambda eta: np.exp(LOGARITHM(eta))
    bands = {
        "electron": Band(-1, density=STATES[0], mobility=2e-4, filling=filling),
        "hole": Band(1, density=STATES[1], mobility=1e-4, filling=filling),
    }
    donors = 2e-3
    device = gated_film(bands, FILM, OXIDE, T, (8, 120), gap=GAP * ELECTRONVOLT, fixed_charge=donors)
    material = device.regions[1].material
    levels = balanced(material, donors, T)
    electron = levels["electron"]  # ln of the filling: both begin dilute
    assert electron < -8.0
    hole = -GAP / VOLT - electron

    def populations(psi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return STATES[0] * law(psi + electron), STATES[1] * law(hole - psi)

    n, p = film_at(populations, donors, FILM, OXIDE, voltage, T)
    simulation = Simulation(device)
    simulation.run(VoltageStep(1e-3, Constant(voltage)))
    np.testing.assert_allclose(
        simulation.state.charge * FARADAY / AREA, FARADAY * (n - p - donors * FILM[0]), rtol=1e-3
    )
    found = ChannelReadout(simulation.built).conductance(simulation.state)
    np.testing.assert_allclose(found, FARADAY * (2e-4 * n + 1e-4 * p), rtol=1e-3)


def test_bulk_of_a_gap_is_neutral_and_obeys_mass_action() -> None:
    """N p = N_e N_h e^(-E_g/RT) and n - p = donors; the intrinsic film has sqrt of the former."""
    bands = {name: Band(z, density=5.0, mobility=1e-4) for name, z in (("electron", -1), ("hole", 1))}
    for donors in (0.0, 1e-3, -2e-2):
        material = Electrolyte(12.0, bands, kind="semiconductor", gap=0.7 * ELECTRONVOLT, fixed_charge=donors or None)
        found = {name: 5.0 * np.exp(value) for name, value in balanced(material, donors, T).items()}
        squared = 25.0 * np.exp(-0.7 / VOLT)
        root = np.sqrt((0.5 * donors) ** 2 + squared)
        majority = root + 0.5 * abs(donors)
        expected = [majority, squared / majority]
        np.testing.assert_allclose([found["electron"], found["hole"]], expected if donors >= 0.0 else expected[::-1])


MOS2 = (0.65e-9, 7.0)
SILICA = (300e-9, 3.9)


def mos2(temperature: float, donors: float) -> Simulation:
    """Return a layer of MoS2 on 300 nm of silica; donors mol/m3."""
    states = sheet_states(temperature, MOS2[0], 0.5, 4.0)
    band = {"electron": Band(-1, density=states, mobility=1e-3, filling="fermi_dirac_2d", concentration=donors)}
    return Simulation(gated_film(band, MOS2, SILICA, temperature, (300, 1), fixed_charge=donors))


def test_states_of_a_layer_of_mos2() -> None:
    """G m kT/(2 pi hbar^2) = 1.073e13 1/cm2; F^2 N/RT, the most a sheet holds per volt, 66.9 uF/cm2."""
    area = sheet_states(T, MOS2[0], 0.5, 4.0) * MOS2[0]
    np.testing.assert_allclose(area * AVOGADRO, 1.073e17, rtol=1e-3)
    np.testing.assert_allclose(FARADAY * area / VOLT, 0.669, rtol=2e-3)


@pytest.mark.parametrize("temperature", [298.15, 623.15])
def test_a_transistor_that_is_switched_off_goes_on_to_minus_100_volts(temperature: float) -> None:
    """From accumulation through the threshold, ln(10) kT a decade below it, to no electron at all, and back."""
    donors = 100.0  # V_T = -q N_D t/C_ox
    simulation = mos2(temperature, donors)
    volt = thermal_voltage(temperature)
    channel = ChannelReadout(simulation.built)
    states = sheet_states(temperature, MOS2[0], 0.5, 4.0)
    bulk = np.log(np.expm1(donors / states))

    def electrons(psi: float) -> float:
        return float(states * np.logaddexp(0.0, psi + bulk))

    before = channel.conductance(simulation.state)
    np.testing.assert_allclose(before, FARADAY * 1e-3 * donors * MOS2[0], rtol=1e-9)
    for voltage in (10.0, -20.0, -40.0, -54.0, -55.0, -60.0, -80.0, -100.0, 0.0):
        simulation.run(VoltageStep(1e-3, Constant(voltage)))
        psi, charge = sheet_at(lambda psi: donors - electrons(psi), MOS2, SILICA, voltage, volt)
        expected = FARADAY * 1e-3 * electrons(psi) * MOS2[0]
        np.testing.assert_allclose(channel.conductance(simulation.state), expected, rtol=1e-3, atol=1e-60)
        np.testing.assert_allclose(simulation.state.charge * FARADAY / AREA, -charge, rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(channel.conductance(simulation.state), before, rtol=1e-6)
