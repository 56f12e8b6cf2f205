"""TR-BDF2 is of second order on the coupled system, implicit Euler of first: fixed steps under a smooth drive."""

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.contacts import BlockingContact
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Source
from support.devices import VOLT, binary, h_stack, metal, mg_electrolyte, mg_stack, one_layer
from support.orders import assert_second_order, observed
from support.runs import held, stepped

SMALL = MeshOptions(first=2.0, growth=1.6, host_growth=1.6, largest=0.25)
OPTIONS = SolverOptions(newton=1e-10)
# device, amplitude of the voltage in V, period in s
CASES = {
    "Mg stack": (mg_stack(length=100e-9, mesh=SMALL), 0.3, 0.4),
    "electroneutral": (mg_stack(length=1e-6, electrolyte=mg_electrolyte(electroneutral=True), mesh=SMALL), 0.3, 0.4),
    "hopping protons": (h_stack(0.1, mesh=SMALL), 1.0, 10.0),
    "walls": (one_layer(binary(), 100e-9, BlockingContact(0.1), BlockingContact(0.1), SMALL), 0.2, 5e-6),
    "metals": (one_layer(binary(), 100e-9, metal(100.0, 0.1), metal(100.0, 0.1), SMALL), 0.2, 5e-6),
}


def final_amounts(device: Device, amplitude: float, period: float, steps: int, scheme: str) -> Floats:
    """Return the stored amounts of every species after half a period, each over its largest."""
    simulation = Simulation(device, OPTIONS)
    rest = simulation.state.at.voltage

    def drive(time: float) -> Source:
        # Value and first two derivatives vanish at the start: the state at rest is consistent with it.
        return Source("voltage", rest + amplitude / VOLT * np.sin(np.pi * time / period) ** 3, 0.0)

    stored = held(stepped(simulation, drive, 0.5 * period, steps, scheme))
    return np.asarray(stored / np.abs(stored).max(axis=0))


def orders(name: str, scheme: str, counts: tuple[int, ...]) -> list[float]:
    device, amplitude, period = CASES[name]
    return observed([final_amounts(device, amplitude, period, n, scheme) for n in counts])


@pytest.mark.parametrize("name", CASES)
def test_tr_bdf2_is_of_second_order(name: str) -> None:
    assert_second_order(orders(name, "tr_bdf2", (40, 80, 160, 320)))


@pytest.mark.parametrize("name", ["Mg stack", "walls"])
def test_implicit_euler_is_of_first_order_and_fails_the_check(name: str) -> None:
    found = orders(name, "backward_euler", (40, 80, 160, 320))
    assert 0.9 < found[-1] < 1.1
    with pytest.raises(AssertionError):
        assert_second_order(found)


def test_terminal_voltage_is_of_second_order_under_a_drive_of_current() -> None:
    def run(steps: int) -> float:
        # Like hosts: a leaking cell off equilibrium is not at rest when its current is zero.
        simulation = Simulation(mg_stack((0.1, 0.1), length=100e-9, mesh=SMALL), OPTIONS)
        peak = 1e-5 / 96485.0

        def drive(time: float) -> Source:
            return Source("current", peak * np.sin(np.pi * time) ** 3, 0.0)

        return stepped(simulation, drive, 0.3, steps).state.at.voltage

    assert_second_order(observed([run(n) for n in (20, 40, 80, 160)]))
