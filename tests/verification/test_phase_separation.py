"""A host that falls apart: the plateau, its phases, its boundary and its instability, each against an exact value."""

import numpy as np
import pytest
from scipy.optimize import brentq

from eisfv.constants import FARADAY
from eisfv.equations.local import laws_at
from eisfv.model.phase_separation import GradientEnergy
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.stepping.choice import plain_integrator
from eisfv.stepping.growth import Growth
from support.devices import SITES
from support.phases import (
    AREA,
    GATE,
    KAPPA,
    OVERSHOOT,
    PLATEAU,
    POOR,
    RICH,
    RT,
    SPINODAL,
    THICKNESS,
    WIDTH,
    energy,
    filling,
    film,
    regular,
)
from support.runs import total

CURRENT = 1e-10  # A
FULL = FARADAY * SITES * THICKNESS * AREA / CURRENT  # s


def inserted(simulation: Simulation, share: float, sign: float = 1.0) -> np.ndarray:
    """Insert a share of the sites; return mean x and U - U0 (V) after every step."""
    rows = []
    for _ in simulation.drive(CurrentStep(share * FULL, Constant(sign * CURRENT))):
        rows.append((filling(simulation).mean(), GATE - simulation.voltage - PLATEAU))
    return np.array(rows)


@pytest.fixture(scope="module")
def film_filled() -> tuple[Simulation, np.ndarray]:
    simulation = Simulation(film(0.15), SolverOptions(method="bdf"))
    return simulation, inserted(simulation, 0.4)


def test_the_film_overshoots_to_the_spinodal_and_falls_onto_the_plateau(film_filled) -> None:
    x, above = film_filled[1].T
    deepest = int(np.argmin(above))
    np.testing.assert_allclose(above[deepest], -OVERSHOOT, rtol=2e-3)
    assert abs(x[deepest] - SPINODAL) < 2e-3
    plateau = above[x > 0.235]
    assert len(plateau) > 10
    assert np.abs(plateau).max() < 1e-4
    assert np.ptp(plateau) < 5e-5


def test_while_the_boundary_moves_its_phases_are_those_of_the_common_tangent(film_filled) -> None:
    x = filling(film_filled[0])
    np.testing.assert_allclose(x.min(), POOR, rtol=1e-3)
    np.testing.assert_allclose(x.max(), RICH, rtol=3e-4)


def test_at_rest_the_phases_are_exact_the_energy_falls_and_no_ion_is_lost(film_filled) -> None:
    simulation = film_filled[0]
    simulation.run(OpenCircuitStep(1e3))  # the gate's double layer gives back what the current held there
    before, energies = total(simulation, "Li"), [energy(simulation)]
    for _ in simulation.drive(OpenCircuitStep(1e6)):
        energies.append(energy(simulation))
    x = filling(simulation)
    # Of most cells: at the wall to the electrolyte the last nanometre holds a space charge.
    np.testing.assert_allclose([np.median(x[x < 0.5]), np.median(x[x > 0.5])], [POOR, RICH], atol=5e-6)
    np.testing.assert_allclose(GATE - simulation.voltage, PLATEAU, atol=1e-6)  # V
    np.testing.assert_allclose(total(simulation, "Li"), before, rtol=1e-12)
    assert np.diff(energies).max() < 1e-12 * abs(energies[0])
    ascending = np.sort(x)
    rich = 1.0 - np.interp(0.5, ascending, np.arange(len(x)) + 0.5) / len(x)
    np.testing.assert_allclose(rich, (x.mean() - POOR) / (RICH - POOR), rtol=1e-2)


def test_in_a_uniform_film_at_rest_phases_part_and_the_energy_only_falls() -> None:
    simulation = Simulation(film(0.35), SolverOptions(method="bdf"))
    assert np.ptp(filling(simulation)) < 1e-2
    energies = [energy(simulation)]
    for _ in simulation.drive(OpenCircuitStep(1e4)):
        energies.append(energy(simulation))
    assert np.ptp(filling(simulation)) > 0.85
    fall = energies[0] - energies[-1]
    assert fall > 0.0
    assert np.diff(energies).max() < 1e-6 * fall
    np.testing.assert_allclose(filling(simulation).mean(), 0.35, rtol=2e-3)


def test_without_the_bound_a_film_walks_through_its_gap_in_one_piece() -> None:
    """The negative control: steps of an hour pass over what grows within milliseconds."""
    simulation = Simulation(film(0.15), SolverOptions(method="tr_bdf2", tolerance=2e-3))
    simulation.integrator = plain_integrator(simulation.built, simulation.newton, simulation.options, banded=True)
    above = inserted(simulation, 0.2)[:, 1]
    assert np.ptp(filling(simulation)) < 0.02, "one piece"
    assert above[-1] < -0.5 * OVERSHOOT, "no plateau"


@pytest.mark.parametrize(("thickness", "parts"), [(6.0e-9, False), (6.5e-9, True)])
def test_a_film_thinner_than_half_the_shortest_unstable_wave_stays_uniform(thickness: float, parts: bool) -> None:
    """The length pi sqrt(kappa/4) is 6.283 nm."""
    simulation = Simulation(film(0.5, thickness=thickness, cells=32), SolverOptions(method="bdf"))
    simulation.run(OpenCircuitStep(3.0))
    assert bool(np.ptp(filling(simulation)) > 0.2) is parts


@pytest.mark.parametrize("sigma", [None, 1e-4])
def test_the_one_unstable_wave_of_a_thin_film_grows_at_its_rate(sigma: float | None) -> None:
    """D x(1-x) k^2 (4 - kappa k^2), k = pi/L: 1194.65 1/s at L = 10 nm and x = 1/2; of electrons slower than the
    ions, sigma in S/m, less by 1 + D x(1-x) F^2 c_site/(sigma RT)."""
    thickness = 10e-9
    k = np.pi / thickness
    exact = 2e-14 * 0.25 * k**2 * (4.0 - KAPPA * k**2)
    np.testing.assert_allclose(exact, 1194.65, rtol=1e-5)
    slower = 1.0 if sigma is None else 1.0 + 2e-14 * 0.25 * FARADAY**2 * SITES / (sigma * RT)
    exact /= slower
    simulation = Simulation(
        film(0.5, regular(sigma=sigma), thickness=thickness, cells=40),
        SolverOptions(method="bdf", tolerance=1e-6, largest_step=5e-5 * slower),
    )
    rate, _ = Growth(simulation.built).look(simulation.state.at.u, exchanges=False)
    np.testing.assert_allclose(rate, exact, rtol=1e-2)
    times, waves = [], []
    depth = (np.arange(40) + 0.5) / 40
    # The start is stationary; what grows from it is the rounding of the first steps.
    start = np.cos(np.pi * depth) @ filling(simulation)
    for _ in simulation.drive(OpenCircuitStep(0.02 * slower)):
        times.append(simulation.state.offset)
        waves.append(abs(np.cos(np.pi * depth) @ filling(simulation) - start) / 20)
    grown = (np.array(waves) > 1e-11) & (np.array(waves) < 1e-5)
    slope = np.polyfit(np.array(times)[grown], np.log(np.array(waves)[grown]), 1)[0]
    np.testing.assert_allclose(slope, exact, rtol=1e-2)


@pytest.mark.parametrize("wetting", [0.02, -0.02])
def test_a_wall_that_is_wetted_has_the_composition_of_its_energy(wetting: float) -> None:
    """First integral (kappa/2) x'^2 = g(x), with kappa x' = gamma_s'/(RT c): sqrt(2 kappa g) = 6 |w| x (1-x)/(RT c)."""
    host = regular(GradientEnergy(width=WIDTH, wetting=wetting))
    simulation = Simulation(film(POOR, host, cells=240), SolverOptions(method="bdf"))
    simulation.run(OpenCircuitStep(1e6))
    t = simulation.built.tables
    node = int(np.flatnonzero((t.region == 1) & (t.volume == 0.0))[0])
    law = laws_at(t, t.region[[node]], simulation.state.at.u[[node]])
    strength = 6.0 * abs(wetting) / (RT * SITES)

    def first_integral(x: float) -> float:
        mixing = 2.0 * (x * np.log(x) + (1.0 - x) * np.log1p(-x)) + 6.0 * x * (1.0 - x)
        tangent = 2.0 * (POOR * np.log(POOR) + RICH * np.log(RICH)) + 6.0 * POOR * RICH
        return float(np.sqrt(2.0 * KAPPA * (mixing - tangent)) - strength * x * (1.0 - x))

    exact = brentq(first_integral, *((POOR, 0.4) if wetting > 0.0 else (1e-3, POOR)))
    np.testing.assert_allclose(law.concentration[0, simulation.built.number("Li")] / SITES, exact, rtol=5e-3)
    assert abs(exact / POOR - 1.0) > 0.02
