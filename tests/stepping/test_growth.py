"""The growth rate of what falls apart: the two forms of one eigenvalue problem, and what steps make of it."""

from typing import Literal

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.equations.unknowns import of_species
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.stepping.fastest_wave import Network, bound, fastest_wave
from eisfv.stepping.growth import Growth, HostGrowth
from support.phases import GATE, PLATEAU, filling, film
from support.runs import resumed

CELLS = 24


@pytest.fixture(scope="module")
def host() -> HostGrowth:
    return Growth(Simulation(film(0.5, thickness=10e-9, cells=CELLS)).built).hosts[0]


@pytest.mark.parametrize("walls", [np.zeros(0), np.array([3e-17])])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_row_of_cells_has_the_rate_of_the_same_cells_in_a_section(host: HostGrowth, walls: Floats, seed: int) -> None:
    """And both that of the definition, -V^-1 B' m B V^-1 H, whose eigenvalues a general solver finds."""
    rng = np.random.default_rng(seed)
    own, ease = rng.normal(-2.0, 1.0, CELLS) * host.volume, rng.uniform(size=CELLS - 1) * 1e-15 * host.aspect
    network = Network(host.volume, host.left, host.right, host.stiff, np.zeros(1, int))
    above = bound(network, own, ease, walls)
    chain, anywhere = host.along_chain(own, ease, walls), fastest_wave(network, own, ease, walls, False, above)
    np.testing.assert_allclose(anywhere, chain, rtol=1e-6)
    rise = np.diff(np.eye(CELLS), axis=0)
    hessian = np.diag(own) + rise.T @ np.diag(host.stiff) @ rise
    mobile = rise.T @ np.diag(ease) @ rise
    if len(walls):
        mobile[0, 0] += walls[0]
    rates = np.linalg.eigvals(-mobile @ (hessian / host.volume) / host.volume[:, None])
    np.testing.assert_allclose(chain, rates.real.max(), rtol=1e-6)


@pytest.mark.parametrize("walls", [np.zeros(0), np.array([3e-17])])
def test_the_rate_of_a_row_is_not_asked_for_where_it_is_less_than_enough(host: HostGrowth, walls: Floats) -> None:
    rng = np.random.default_rng(4)
    own, ease = rng.normal(-2.0, 1.0, CELLS) * host.volume, rng.uniform(size=CELLS - 1) * 1e-15 * host.aspect
    rate = host.along_chain(own, ease, walls)
    assert rate > 0.0
    for enough, found in ((1.001 * rate, 1.001 * rate), (0.999 * rate, rate)):
        np.testing.assert_allclose(host.along_chain(own, ease, walls, enough), found, rtol=1e-12)
    # Where every perturbation decays, any rate is enough.
    assert host.along_chain(-own.min() + np.abs(own), ease, walls, 1e-9 * rate) == 1e-9 * rate


def test_a_bound_of_the_rate_stands_for_it_where_that_is_enough() -> None:
    simulation = Simulation(film(0.5, thickness=10e-9, cells=CELLS))
    growth, u = Growth(simulation.built), simulation.state.at.u
    for exchanges in (False, True):
        rate, above = (growth.look(u, exchanges, enough)[0] for enough in (0.0, np.inf))
        assert 0.0 < rate < above
        assert rate <= growth.look(u, exchanges, above)[0] <= above
        assert growth.look(u, exchanges, 0.5 * rate)[0] == rate


def test_a_full_end_leaves_the_rate_of_the_rest_what_it_is() -> None:
    """One free site in 1e10 or in 1e30: the second is the rounding of a stiffness 1e20 times as large."""
    simulation = Simulation(film(0.5, thickness=10e-9, cells=CELLS))
    growth, u = Growth(simulation.built), simulation.state.at.u.copy()
    host = growth.hosts[0]
    rates = []
    for y in (23.0, 69.0):
        u[host.cells[-2:], of_species(host.ion)] = 8.0, y
        rates.append(growth.look(u, False)[0])
    assert rates[0] > 0.0
    np.testing.assert_allclose(rates[1], rates[0], rtol=1e-5)


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_a_film_held_at_a_voltage_inside_its_gap_does_not_stay_there(method: str) -> None:
    """At a given voltage ions come and go: the uniform film is unstable as a whole, and ends in one of its phases."""
    simulation = Simulation(film(0.4), SolverOptions(method=method))
    simulation.run(VoltageStep(1e3, Constant(GATE - PLATEAU + 5e-3)))
    assert filling(simulation).min() > 0.9


@pytest.mark.parametrize(
    "method, x, step, count",
    [
        ("bdf", 0.3, OpenCircuitStep(0.2), 10),
        ("tr_bdf2", 0.15, CurrentStep(1e4, Constant(1e-10)), 9),  # where the mean x bounds the steps
    ],
)
def test_a_run_that_is_cut_in_two_takes_the_same_steps(
    method: Literal["tr_bdf2", "bdf"], x: float, step: Step, count: int
) -> None:
    whole, cut, again = (Simulation(film(x), SolverOptions(method=method)) for _ in range(3))
    whole.run(step)
    steps = cut.drive(step)
    for _ in range(count):
        next(steps)
    steps.close()
    resumed(cut, again, step)
    np.testing.assert_array_equal(again.state.at.u, whole.state.at.u)
