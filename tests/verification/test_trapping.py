"""Ions bound at traps: nothing is lost, Langmuir's isotherm at rest, the rates of capture and release."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.protocol import OpenCircuitStep, VoltageStep
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Bound, Dilute
from eisfv.model.waveforms import Constant
from eisfv.observers.ion_balance import enclosed
from eisfv.simulation import Simulation
from support.devices import AREA, binary, one_layer, wo3
from support.runs import held, total

START, TRAPS, CAPTURE, RELEASE = 10.0, 4.0, 30.0, 5.0  # mol/m3, mol/m3, 1/s, 1/s
COARSE = MeshOptions(cells={"layer": 6})
TIGHT = SolverOptions(tolerance=1e-6, newton=1e-10)
LENGTH = 1e-7


def trapping(concentration: float | None = None) -> Electrolyte:
    """Return a solvent with an uncharged solute that finds traps."""
    traps = Bound(0, of="solute", density=TRAPS, capture=CAPTURE, release=RELEASE, concentration=concentration)
    return Electrolyte(80.0, {"solute": Dilute(0, concentration=START, diffusivity=1e-9), "bound": traps})


def closed(time: float, concentration: float | None = None) -> Simulation:
    """Return a closed film after a time (s)."""
    simulation = Simulation(one_layer(trapping(concentration), LENGTH, mesh=COARSE), TIGHT)
    simulation.run(OpenCircuitStep(time))
    return simulation


def free_and_bound(simulation: Simulation) -> tuple[float, float]:
    """Return the mean concentrations (mol/m3)."""
    return tuple(total(simulation, name) / (AREA * LENGTH) for name in ("solute", "bound"))  # type: ignore[return-value]


@pytest.mark.parametrize("time", [1e-3, 0.02, 0.1])
def test_a_closed_film_follows_the_two_rates(time: float) -> None:
    def change(_: float, bound: np.ndarray) -> np.ndarray:
        return CAPTURE * (START - bound) * (1.0 - bound / TRAPS) - RELEASE * bound

    exact = solve_ivp(change, (0.0, time), [0.0], rtol=1e-11, atol=1e-12).y[0, -1]
    free, bound = free_and_bound(closed(time))
    np.testing.assert_allclose(bound, exact, rtol=5e-5)
    np.testing.assert_allclose(free + bound, START, rtol=1e-13)


def test_at_rest_it_is_langmuirs_isotherm() -> None:
    free, bound = free_and_bound(closed(10.0))
    share = bound / TRAPS
    np.testing.assert_allclose(share / (1.0 - share), CAPTURE * free / (RELEASE * TRAPS), rtol=1e-9)
    assert abs(share - CAPTURE * free / (RELEASE * TRAPS)) > 0.1  # Henry's line is another isotherm


def test_traps_beside_a_bath_relax_with_their_own_rate() -> None:
    """k_t c/N_t + k_r at a concentration that is held."""
    device = one_layer(trapping(1.0), LENGTH, BathContact({"solute": START}), BlockingContact(), COARSE)
    rest = TRAPS * CAPTURE * START / (CAPTURE * START + RELEASE * TRAPS)
    rate = CAPTURE * START / TRAPS + RELEASE
    simulation = Simulation(device, TIGHT)
    for _ in range(3):
        before = rest - free_and_bound(simulation)[1]
        simulation.run(VoltageStep(0.5 / rate, Constant(0.0)))
        np.testing.assert_allclose(rest - free_and_bound(simulation)[1], before * np.exp(-0.5), rtol=1e-4)


def test_charged_ions_are_kept_through_pulses_and_bound_ones_keep_their_charge() -> None:
    plain = binary(10.0)
    traps = Bound(1, of="cation", density=40.0, concentration=5.0, capture=1e4, release=50.0)
    anion = replace(plain.species["anion"], concentration=15.0)
    material = replace(plain, species={**plain.species, "anion": anion, "bound": traps})
    simulation = Simulation(one_layer(material, LENGTH, BlockingContact(0.1), BlockingContact(0.1)), SolverOptions())
    before = held(simulation).sum(axis=0)
    for volts in (0.3, -0.3, 0.1):
        simulation.run(VoltageStep(1e-3, Constant(volts)))
    after = held(simulation).sum(axis=0)
    free, other, bound = (simulation.built.number(name) for name in ("cation", "anion", "bound"))
    np.testing.assert_allclose(after[free] + after[bound], before[free] + before[bound], rtol=1e-13)
    np.testing.assert_allclose(after[other], before[other], rtol=1e-13)
    assert after[bound] > 1.5 * before[bound]
    assert enclosed(simulation.built.tables) == [free, other]


def test_a_host_whose_ions_are_trapped_keeps_their_electrons() -> None:
    plain = wo3()
    traps = Bound(2, of="Mg", density=500.0, capture=10.0, release=1.0)
    host = replace(plain, species={**plain.species, "bound": traps})
    simulation = Simulation(one_layer(host, 50e-9, x=0.1, mesh=COARSE), TIGHT)
    before = held(simulation).sum(axis=0)
    simulation.run(OpenCircuitStep(1.0))
    after = held(simulation).sum(axis=0)
    ion, bound, electron = (simulation.built.number(name) for name in ("Mg", "bound", "electron"))
    np.testing.assert_allclose(after[electron], before[electron], rtol=1e-12)
    np.testing.assert_allclose(after[ion] + after[bound], before[ion], rtol=1e-12)
    assert after[bound] > 0.1 * before[ion]
