"""What follows a jump of the drive: the electrons' charging dies out, Newton is not led astray, the start is cheap."""

from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection
from eisfv.mesh.box import Box
from eisfv.model.contact_edges import ContactEdge
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve import equilibrium, newton
from eisfv.solve.superlu import SuperLU
from eisfv.stepping.accepted import Accepted
from support.devices import h_stack

WIDTH = 3e-6  # m
JUMP = VoltageStep(1e-3, Constant(2.0))
STEPS = 4


def section() -> Device:
    """Return a channel charged through its two ends, slower than the first nanosecond: YSZ 14 nm | WO3 10 nm."""
    boxes = {"electrolyte": Box((0.0, WIDTH), (0.0, 14e-9)), "channel": Box((0.0, WIDTH), (14e-9, 24e-9))}
    contacts = {
        "gate": ContactEdge("electrolyte", "top"),
        "source": ContactEdge("channel", "left"),
        "drain": ContactEdge("channel", "right"),
    }
    mesh = MeshOptions(cells={"electrolyte": 18, "channel": 12}, lateral_cells=16)
    return replace(h_stack(mesh=mesh), area=WIDTH**2, section=BoxSection(WIDTH, boxes, contacts))


def simulation(tolerance: float = 2e-3) -> Simulation:
    return Simulation(section(), SolverOptions(linear="superlu", tolerance=tolerance))


@dataclass
class Behind:
    """The first steps behind the jump, and the factorisations that each took."""

    steps: list[Accepted]
    each: list[int]

    @property
    def factorisations(self) -> int:
        return sum(self.each)


def behind_the_jump(step: VoltageStep = JUMP, count: int = STEPS) -> Behind:
    made = simulation()
    steps, sums = [], [0]
    for accepted in islice(made.drive(step), count):
        steps.append(accepted)
        sums.append(made.newton.counts.factorisations)
    return Behind(steps, np.diff(sums).tolist())


@pytest.fixture(scope="module")
def damped() -> Behind:
    return behind_the_jump()


def highest_level(step: Accepted) -> float:
    """Return how far the electrons' level rises above that of the grounded metal that brings them, RT."""
    return max(float(state.at.u[:, -1].max()) for state in (step.middle, step.end) if state is not None)


def test_electrons_come_from_the_metal_and_never_rise_above_it(damped: Behind) -> None:
    assert [highest_level(step) < 0.0 for step in damped.steps[:2]] == [True, True]
    assert [step.end.current > 0.0 for step in damped.steps[:2]] == [True, True]


def test_newton_takes_few_matrices_for_a_jump_of_two_volts(damped: Behind) -> None:
    assert damped.each[0] <= 6
    assert damped.factorisations <= 24
    assert damped.steps[-1].end.offset > 1e-7  # s


@pytest.mark.parametrize(("volts", "most"), [(0.5, 5), (-2.0, 6), (5.0, 8)])
def test_the_first_step_behind_any_jump_takes_few(volts: float, most: int) -> None:
    assert behind_the_jump(VoltageStep(1e-3, Constant(volts)), 1).each[0] <= most


def test_held_back_to_a_volt_it_takes_more(damped: Behind, monkeypatch: pytest.MonkeyPatch) -> None:
    update = newton.apply_update
    monkeypatch.setattr(newton, "apply_update", lambda *of: update(*of[:-1], 0.0))
    held_back = behind_the_jump(count=1)
    assert held_back.each[0] > damped.each[0]
    np.testing.assert_allclose(held_back.steps[0].end.at.u, damped.steps[0].end.at.u, rtol=0.0, atol=1e-5)


def test_the_charge_of_a_pulse_holds_the_tolerance() -> None:
    coarse, fine = (simulation(tolerance).run(VoltageStep(1e-6, Constant(2.0))) for tolerance in (2e-3, 2e-5))
    np.testing.assert_allclose(coarse.passed, fine.passed, rtol=2e-3)
    np.testing.assert_allclose(coarse.spent, fine.spent, rtol=2e-3)


def resumed_in_between(keep: bool) -> tuple[Accepted, Accepted]:
    """Return the second step of a run let alone and of one taken up behind the first; keep: what was saved of it."""
    whole, other = simulation(), simulation()
    _, second = islice(whole.drive(JUMP), 2)
    again = simulation()
    next(other.drive(JUMP))
    saved = other.integrator.save()
    again.state = other.state
    again.integrator.restore(saved if keep else saved | {"damp": 0.0}, other.state)
    return second, next(again.drive(JUMP, resume=True))


@pytest.mark.parametrize("keep", [True, pytest.param(False, id="forgotten")])
def test_a_run_resumed_behind_the_first_step_goes_on_to_the_last_bit(keep: bool) -> None:
    second, again = resumed_in_between(keep)
    assert np.array_equal(second.end.stored, again.end.stored) == keep


def matrices_of_the_start(monkeypatch: pytest.MonkeyPatch) -> int:
    made = []
    factor = SuperLU.factor
    with monkeypatch.context() as patch:
        patch.setattr(SuperLU, "factor", lambda self, matrix: made.append(0) or factor(self, matrix))
        simulation()
    return len(made)


def test_the_start_keeps_its_matrix_once_little_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    assert matrices_of_the_start(monkeypatch) <= 3
    kept = simulation().state.at.u
    monkeypatch.setattr(equilibrium, "SMALL", 0.0)
    assert matrices_of_the_start(monkeypatch) >= 5
    np.testing.assert_allclose(kept, simulation().state.at.u, rtol=0.0, atol=1e-9)
