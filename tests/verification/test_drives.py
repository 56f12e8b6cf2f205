"""The drives: each holds what it promises, and a switch between them is seamless."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.model.contacts import BlockingContact
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant, PiecewiseLinear
from eisfv.simulation import Simulation
from support.devices import VOLT, binary, h_stack, mg_stack, one_layer
from support.runs import LOOSE, TIGHT, at_temperature, held


def test_voltage_drive_holds_the_voltage_and_current_drive_the_current() -> None:
    simulation = Simulation(mg_stack(), LOOSE)
    for accepted in simulation.drive(VoltageStep(0.1, Constant(0.7))):
        np.testing.assert_allclose(accepted.end.at.voltage * VOLT, 0.7, rtol=1e-13)
    for accepted in simulation.drive(CurrentStep(0.1, Constant(3e-6))):
        np.testing.assert_allclose(accepted.end.current * FARADAY, 3e-6, rtol=1e-8)


def test_series_resistance_takes_its_share_of_the_source() -> None:
    simulation = Simulation(replace(mg_stack(), series_resistance=1e5), LOOSE)
    for accepted in simulation.drive(VoltageStep(0.1, Constant(1.0))):
        across = accepted.end.at.voltage * VOLT + 1e5 * accepted.end.current * FARADAY
        np.testing.assert_allclose(across, 1.0, rtol=1e-9)
    assert abs(simulation.voltage - 1.0) > 1e-2


def test_a_tiny_series_resistance_is_none() -> None:
    currents = []
    for resistance in (0.0, 1e-3):
        simulation = Simulation(replace(mg_stack(), series_resistance=resistance), TIGHT)
        simulation.run(VoltageStep(0.1, Constant(0.5)))
        currents.append(simulation.current)
    np.testing.assert_allclose(currents[0], currents[1], rtol=1e-4)


def test_holding_a_voltage_by_its_current_is_the_same_run() -> None:
    held = Simulation(mg_stack((0.1, 0.1)), TIGHT)
    held.run(CurrentStep(0.2, Constant(5e-6)))
    level = held.voltage
    held.run(VoltageStep(1e-4, Constant(level)))
    np.testing.assert_allclose(held.current, 5e-6, rtol=1e-3)


def test_steps_end_exactly_on_every_corner() -> None:
    simulation = Simulation(mg_stack(), LOOSE)
    corners = (0.0, 0.013, 0.1, 0.100001, 0.2)
    drive = PiecewiseLinear(corners, (0.0, 0.4, 0.4, -0.2, 0.0))
    ends = [accepted.end.time for accepted in simulation.drive(VoltageStep(0.3, drive))]
    assert set(corners[1:]) | {0.3} <= set(ends)
    np.testing.assert_allclose(simulation.voltage, 0.0, atol=1e-14)


def test_a_run_cut_into_many_steps_is_the_same_run() -> None:
    """A switch to the same drive only restarts the step size."""
    options = replace(TIGHT, tolerance=2e-5)
    whole, cut = Simulation(mg_stack(), options), Simulation(mg_stack(), options)
    whole.run(VoltageStep(0.2, Constant(0.5)))
    for _ in range(5):
        cut.run(VoltageStep(0.04, Constant(0.5)))
    np.testing.assert_allclose(held(cut), held(whole), rtol=1e-4)
    np.testing.assert_allclose(cut.state.time, whole.state.time, rtol=1e-12)


@pytest.mark.parametrize("fall", [1e-3, 1e-6, 1e-9])
def test_a_steep_ramp_tends_to_the_square_edge(fall: float) -> None:
    square, ramp = Simulation(mg_stack(), TIGHT), Simulation(mg_stack(), TIGHT)
    square.run(VoltageStep(0.05, Constant(0.5)))
    ramp.run(VoltageStep(0.05, PiecewiseLinear((0.0, fall), (ramp.voltage, 0.5))))
    channel = square.built.mesh.region == 2
    a, b = (held(s)[channel, 0].sum() for s in (square, ramp))
    before = held(Simulation(mg_stack()))[channel, 0].sum()
    np.testing.assert_allclose(a - before, b - before, rtol=max(0.05 * fall / 1e-3, 1e-3))


def test_open_circuit_voltage_scales_with_the_temperature() -> None:
    """V_oc of two hosts of one curve: the entropic part is proportional to T."""
    cold, warm = (Simulation(at_temperature(mg_stack((0.1, 0.01)), t)).voltage for t in (298.15, 350.0))
    x = np.array([0.1, 0.01])
    entropy = np.log(x / (1 - x)) + 2 * np.log(2 * x / (1 - 2 * x))
    expected = -(350.0 - 298.15) * GAS_CONSTANT / (2 * FARADAY) * (entropy[0] - entropy[1])
    np.testing.assert_allclose(warm - cold, expected, rtol=1e-9)


def test_capacitor_takes_the_energy_and_gives_it_back() -> None:
    """A blocking cell charged and discharged slowly: the integral of V I dt closes."""
    device = one_layer(binary(), 50e-9, BlockingContact(0.1), BlockingContact(0.1))
    simulation = Simulation(device, TIGHT)
    energies = []
    for levels in ((0.0, 0.05), (0.05, 0.0)):
        energy = 0.0
        for accepted in simulation.drive(VoltageStep(1e-2, PiecewiseLinear((0.0, 1e-2), levels))):
            start, end = accepted.start, accepted.end
            mean = 0.5 * (start.at.voltage * start.current + end.at.voltage * end.current)
            energy += mean * VOLT * FARADAY * (end.time - start.time)
        energies.append(energy)
    assert energies[0] > 0.0
    np.testing.assert_allclose(energies[1], -energies[0], rtol=1e-2)


def test_failure_names_the_time_and_what_was_tried() -> None:

    from eisfv.simulation import SolverError

    simulation = Simulation(h_stack(0.1), SolverOptions(tolerance=1e-2, newton=1e-9, smallest_step=1e-4))
    with pytest.raises(SolverError, match="no solution past t = ") as error:
        simulation.run(VoltageStep(1e-3, Constant(8.0)))
    assert np.isfinite(error.value.failure.state.stored).all()
