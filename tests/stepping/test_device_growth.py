"""The growth rate of a whole device: of a film whose ions come through a resistance, and what steps make of it."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from eisfv.constants import FARADAY
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Known, Source
from eisfv.stepping.device_growth import KNOWN, DeviceGrowth
from eisfv.stepping.growth import Growth
from eisfv.stepping.state import counted
from support.devices import SITES
from support.phases import AREA, GATE, PLATEAU, VT, filling, film
from support.runs import resumed

THIN = 5e-9  # m: no boundary has room in it, it is unstable only as a whole
RESISTANCE = 1e9  # ohm, 1e5 times that of the rest
CAPACITY = FARADAY * SITES * THIN * AREA  # C
RATE = 4.0 * VT / (RESISTANCE * CAPACITY)  # 1/s, at x = 1/2, where F dU/dx = 4 RT
HELD = VoltageStep(6.0 / RATE, Constant(GATE - PLATEAU))


def behind_resistance(x: float, method: Literal["bdf", "tr_bdf2"] = "bdf") -> Simulation:
    """Return a thin film that is filled and emptied through the resistance."""
    device = replace(film(x, thickness=THIN, cells=8), series_resistance=RESISTANCE)
    return Simulation(device, SolverOptions(method=method))


def source_of(simulation: Simulation) -> Source:
    """Return the drive of the film held on its plateau."""
    return simulation.source(simulation.begun(HELD), 0.0)


def test_a_film_that_fills_through_a_resistance_grows_as_fast_as_its_current_lets_it() -> None:
    """The host alone, its ions at hand, a thousand times faster."""
    simulation = behind_resistance(0.5)
    source, at = source_of(simulation), simulation.state.at
    growth = Growth(simulation.built)
    above, _ = growth.look(at.u, exchanges=True)
    assert growth.inside(at.u) < 0.0
    assert above > 1e3 * RATE
    device = DeviceGrowth(simulation.newton)
    found = device.rate(at, source, above, 0.0)
    np.testing.assert_allclose(found, RATE, rtol=1.5 * KNOWN)
    assert found >= RATE
    enough = 0.1 * above
    assert RATE < device.rate(at, source, above, enough) < enough, "no more is asked than is needed"


@pytest.mark.parametrize("method", ["bdf", "tr_bdf2"])
def test_it_empties_by_the_course_of_its_voltage_in_steps_of_its_own_pace(method: Literal["bdf", "tr_bdf2"]) -> None:
    """Q dx/dt = (U - U0)/R with U of the regular solution; 1e3 times as many steps by the rate of the host alone."""
    simulation = behind_resistance(0.49, method)
    times, mean = [], []
    for _ in simulation.drive(HELD):
        times.append(simulation.state.offset)
        mean.append(float(filling(simulation).mean()))
    assert len(times) < 400

    def filled(_: float, x: np.ndarray) -> np.ndarray:
        above = VT * (-2.0 * np.log(x / (1.0 - x)) - 6.0 * (1.0 - 2.0 * x))
        return np.asarray(above / (RESISTANCE * CAPACITY))

    exact = solve_ivp(filled, (0.0, times[-1]), [mean[0]], t_eval=times, method="LSODA", rtol=1e-9, atol=1e-12).y[0]
    assert exact[-1] < 0.1, "it has left its gap"
    np.testing.assert_allclose(mean, exact, atol=5e-3)


@pytest.mark.parametrize("method", ["bdf", "tr_bdf2"])
def test_a_run_cut_in_two_takes_the_same_steps(method: Literal["bdf", "tr_bdf2"]) -> None:
    whole, cut, again = (behind_resistance(0.49, method) for _ in range(3))
    whole.run(HELD)
    steps = cut.drive(HELD)
    while cut.state.offset < 0.3 * HELD.duration:
        next(steps)
    steps.close()
    resumed(cut, again, HELD)
    np.testing.assert_array_equal(again.state.at.u, whole.state.at.u)


@pytest.mark.parametrize("kind", ["voltage", "resistance", "current"])
def test_a_perturbation_is_multiplied_as_newtons_stage_does_it(kind: str) -> None:
    simulation = behind_resistance(0.4)
    newton, tau = simulation.newton, 0.02
    state = counted(newton, simulation.state)
    source = {
        "voltage": Source("voltage", state.at.voltage, 0.0),
        "resistance": source_of(simulation)._replace(value=state.at.voltage),
        "current": Source("current", 0.0, 0.0),
    }[kind]
    device = DeviceGrowth(newton)
    plain = newton.stage(state.at, Known(state.stored, state.charge), tau, source)
    t, ion = simulation.built.tables, simulation.built.number("Li")
    inside = (t.region == 1) & (t.volume > 0.0)
    before = np.zeros_like(state.stored)
    before[inside, ion] = 1e-7 * SITES * t.volume[inside] * np.random.default_rng(3).uniform(size=inside.sum())
    before[inside, t.electron[0]] = before[inside, ion]
    charge = 0.1 * before.sum()
    found = newton.stage(plain.at, Known(state.stored + before, state.charge + charge), tau, source)
    assert plain.converged
    assert found.converged
    device.multiplied(plain.at, source, tau)
    rhs = np.zeros_like(newton.system.residual)
    rhs[:, 1 : 1 + before.shape[1]] = before
    after = device.amounts(newton.linear.solve(rhs), charge, tau, source)
    size = np.abs(before).max()
    np.testing.assert_allclose(after[:-1].reshape(before.shape), found.stored - plain.stored, atol=1e-4 * size)
    np.testing.assert_allclose(after[-1], found.charge - plain.charge, atol=1e-4 * size)
    assert np.abs(after[:-1]).max() > 0.1 * size
