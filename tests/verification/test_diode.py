"""A film of one carrier between two metals: capacitance, current and its limits."""

import numpy as np
import pytest

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.diode import (
    AREA,
    GEOMETRIC,
    MOBILITY,
    PERMITTIVITY,
    STATES,
    THICKNESS,
    VOLT,
    capacitance,
    diode,
    double_injection,
)

# C/C_geometric at 1 kHz and 0.25, 1, 2 V, by another solver of the drift-diffusion equations
CAPACITANCE = {0.0: (1.06810, 0.896109, 0.846460), 0.2: (0.990625, 0.844164, 0.806396)}
MOTT_GURNEY = 9.0 / 8.0 * PERMITTIVITY * VACUUM_PERMITTIVITY * MOBILITY / THICKNESS**3  # A m^-2 V^-2


def at(simulation: Simulation, voltage: float, duration: float = 1e-3) -> float:
    """Return the current (A/m2) after a rest at a voltage (V)."""
    simulation.run(VoltageStep(duration, Constant(voltage)))
    return simulation.current / AREA


@pytest.mark.parametrize("barrier", CAPACITANCE)
def test_capacitance_of_a_hole_diode(barrier: float) -> None:
    simulation = Simulation(diode(barrier))
    for voltage, expected in zip((0.25, 1.0, 2.0), CAPACITANCE[barrier], strict=True):
        at(simulation, voltage)
        np.testing.assert_allclose(capacitance(simulation, 1e3) / GEOMETRIC, expected, rtol=1e-3)


def test_barriers_are_told_apart() -> None:
    """The negative control: the values of one barrier are 6 to 8 % off those of the other."""
    assert min(a / b - 1.0 for a, b in zip(*CAPACITANCE.values(), strict=True)) > 0.04


@pytest.mark.parametrize("filling", ["boltzmann", "fermi_dirac"])
def test_electrons_are_the_mirror_of_holes(filling: str) -> None:
    currents = [
        at(Simulation(diode(0.1, carrier, filling=filling)), voltage)
        for carrier, voltage in (("hole", 1.0), ("electron", 1.0), ("hole", -1.0))
    ]
    np.testing.assert_allclose(currents, [currents[0], currents[0], -currents[0]], rtol=1e-9)


def test_current_goes_over_to_mott_and_gurney() -> None:
    """J = (9/8) eps u V^2/L^3 far above RT/F, approached from above since carriers diffuse in."""
    simulation = Simulation(diode(0.0))
    excess = [at(simulation, voltage) / (MOTT_GURNEY * voltage**2) - 1.0 for voltage in (10.0, 40.0, 160.0)]
    assert 0.0 < excess[2] < 0.04
    assert excess[2] < 0.5 * excess[1] < 0.25 * excess[0]


def test_a_barrier_that_lets_little_in_limits_the_current() -> None:
    """With p at the metal far below what space charge needs the film is a resistor: J = F u p V/L."""
    barrier = 0.45
    held, volts = STATES * np.exp(-barrier / VOLT), 1.0
    found = at(Simulation(diode(barrier)), volts)
    np.testing.assert_allclose(found, FARADAY * MOBILITY * held * volts / THICKNESS, rtol=2e-2)


def test_injected_electrons_and_holes_recombine_where_neither_passes_through() -> None:
    """Metals that pass one carrier each: what flows in is what recombines, F int R dy; without recombination nothing
    flows."""
    current, recombined = double_injection(1.0)
    np.testing.assert_allclose(current, recombined, rtol=1e-6)
    assert current > 10.0
    without, _ = double_injection(0.0)
    assert abs(without) < 1e-6 * current
