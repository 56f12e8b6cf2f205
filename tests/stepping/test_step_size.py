"""The sizes of steps that both integrators have in common."""

from math import cos, pi

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.model.solver_options import Method, SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.stepping.step_size import (
    FIRST,
    counting,
    first_step,
    fitted,
    growth_max,
    least_step,
    next_try,
    steps_alike,
    straight,
)
from support.devices import h_stack, mg_stack
from support.runs import held


@pytest.mark.parametrize("offset", [0.0, 1e-9, 1.0, 1e5])
@pytest.mark.parametrize("left", [1e-9, 1e-3, 1e3])
def test_every_step_that_is_tried_moves_the_clock(offset: float, left: float) -> None:
    for h in (least_step(1e-18, left, offset), first_step(1e-18, np.inf, left, offset, 1e-3)):
        assert counting(h, offset) > 0.0
    assert first_step(1e-18, np.inf, left, 0.0, 1e-3) == FIRST * left
    np.testing.assert_allclose(first_step(1e-18, np.inf, left, 0.0, 5e-6), 0.1 * FIRST * left, rtol=1e-12)
    assert least_step(1e-18, 1e-6, 1e5) > FIRST * 1e-6, "a millionth of a microsecond is nothing to a clock at 1e5 s"


def test_a_corner_tries_shorter_steps_first_and_longer_ones_then() -> None:
    sizes, h = [], 1e-6
    while h > 0.0:
        sizes.append(h)
        h = next_try(h, 1e-6, 0.5e-8, 0.5e-3)
    np.testing.assert_allclose(sizes, [1e-6, 1e-7, 1e-8, 1e-5, 1e-4, 0.5e-3], rtol=1e-12)


def test_a_tighter_tolerance_holds_steps_that_no_error_limits() -> None:
    assert [steps_alike(tolerance) for tolerance in (4e-3, 5e-4, 6.25e-5, 7.8125e-6)] == [1, 2, 4, 8]
    growths = [growth_max(tolerance) for tolerance in (1e-1, 2e-3, 2.5e-4, 1e-9)]
    np.testing.assert_allclose(growths[:3], [6.0, 6.0, 6.0**0.5], rtol=1e-12)
    assert 1.0 < growths[3] < 1.02


@pytest.mark.parametrize("method, most", [("bdf", (2e-2, 1e-3, 1e-3)), ("tr_bdf2", (2e-2, 6e-3, 2e-3))])
def test_what_moves_little_beside_what_is_stored_is_right_as_well(method: Method, most: tuple[float, ...]) -> None:
    """A double layer relaxes over 1e-3 of what its cells hold, then the salt over 1e-6 of it: no error of the amounts
    sees that. Steps that grew at every step without bound left a tenth of what the rest moves, at any tolerance."""
    device = mg_stack((0.05, 0.05))
    pulse, rest = CurrentStep(0.2, Constant(-2e-5)), OpenCircuitStep(2.0)

    def moved(method: Method, tolerance: float) -> Floats:
        simulation = Simulation(device, SolverOptions(method=method, tolerance=tolerance, newton=1e-10))
        ions = []
        for step in (pulse, rest):
            simulation.run(step)
            ions.append(np.bincount(simulation.built.mesh.region, held(simulation)[:, 0]))
        return np.array(ions[1] - ions[0])

    other: Method = "tr_bdf2" if method == "bdf" else "bdf"
    reference = moved(other, 1e-6)
    for tolerance, bound in zip((5e-4, 6.25e-5, 7.8125e-6), most, strict=True):
        assert np.abs(moved(method, tolerance) - reference).max() < bound * np.abs(reference).max()


def test_a_step_ends_on_the_corner_and_leaves_no_sliver() -> None:
    assert fitted(1.0, 1.0) == fitted(2.0, 1.0) == fitted(1.0 - 1e-12, 1.0) == 1.0
    assert fitted(0.7, 1.0) == 0.5
    assert fitted(0.3, 1.0) == 0.3


def test_a_bent_drive_is_no_straight_line() -> None:
    assert straight(0.0, 0.5, 1.0, 1e-3, 1.0)
    assert straight(0.0, 0.5004, 1.0, 1e-3, 1.0)
    assert not straight(0.0, 0.51, 1.0, 1e-3, 1.0)
    assert not straight(0.0, 1.0, 0.0, 1e-3, -1.0)
    assert straight(0.0, 0.0, 0.0, 1e-3, 0.0)


def test_a_drive_that_rises_from_zero_bends_by_its_peak_alone() -> None:
    """t^2 bends by a quarter of itself from zero at any step: steps would go by its own size, not by what it brings."""
    for h in (1e-3, 1e-6, 1e-9):
        assert straight(0.0, (0.5 * h) ** 2, h**2, 1e-3, 1.0)
    assert not straight(0.0, 0.25, 1.0, 1e-3, 1.0)


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_a_swell_from_rest_takes_no_more_steps_than_it_has_bends(method: str) -> None:
    class Swell(Constant[float]):
        def value(self, t: float) -> float:
            return 0.5 * self.level * (1.0 - cos(2.0 * pi * t))

    simulation = Simulation(h_stack(leak=False), SolverOptions(method=method, tolerance=1e-4))
    steps = sum(1 for _ in simulation.drive(CurrentStep(1.0, Swell(1e-11))))
    assert 100 < steps < 600
    np.testing.assert_allclose(simulation.state.offset, 1.0, rtol=0.0)
