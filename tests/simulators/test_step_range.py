"""Where both directions were measured, and the weights that stand for it."""

import numpy as np
import pytest

from eisfv.postprocess.simulators.step_range import MIDDLE, SYMMETRY, StepRange, step_range
from simulators.made_steps import HIGH, LOW, Step, extraction, linear_step, soft_down, soft_up


def found(**given: object) -> StepRange:
    steps = step_range(extraction(**given))
    assert isinstance(steps, StepRange)
    return steps


def test_weight_zero_is_where_up_and_down_undo_each_other() -> None:
    steps = found(up=soft_up(0.05, HIGH), down=soft_down(0.03, LOW))
    # 0.05 (HIGH - G) = 0.03 (G - LOW)
    np.testing.assert_allclose(steps.zero, (0.05 * HIGH + 0.03 * LOW) / 0.08, rtol=1e-12)
    assert steps.zero_is == SYMMETRY
    at = np.array([steps.zero])
    np.testing.assert_allclose(steps.step_up(at), -steps.step_down(at), rtol=1e-9)


def test_weights_are_two_wide() -> None:
    steps = found(up=soft_up(), down=soft_down())
    low, high = steps.weight(steps.low), steps.weight(steps.high)
    np.testing.assert_allclose(high - low, 2.0, rtol=1e-12)
    assert low < 0.0 < high


def test_without_a_symmetry_point_zero_is_the_middle_and_said_to_be() -> None:
    steps = found(up=linear_step(2e-7), down=linear_step(1e-7))
    assert steps.zero_is == MIDDLE
    np.testing.assert_allclose(steps.zero, 0.5 * (LOW + HIGH), rtol=1e-12)


def test_equal_steps_are_symmetric_about_the_middle() -> None:
    steps = found(up=linear_step(), down=linear_step())
    assert steps.symmetric
    np.testing.assert_allclose(steps.zero, 0.5 * (LOW + HIGH), rtol=1e-12)


def test_of_several_symmetry_points_it_is_the_one_next_to_the_middle() -> None:
    middle = 0.5 * (LOW + HIGH)
    wave: Step = lambda g: 1e-7 * (1.0 + 0.5 * np.sin(3.0 * np.pi * (g - 1.05 * middle) / (HIGH - LOW)))  # noqa: E731
    steps = found(up=wave, down=linear_step(1e-7), nodes=2001)
    np.testing.assert_allclose(steps.zero, 1.05 * middle, rtol=1e-6)


def test_states_are_the_range_over_the_mean_step() -> None:
    steps = found(up=linear_step(2e-7), down=linear_step(1e-7))
    np.testing.assert_allclose(steps.states, (HIGH - LOW) / 1.5e-7, rtol=1e-12)


def test_only_where_both_were_measured_counts() -> None:
    steps = found(up=soft_up(), down=soft_down(), up_range=(LOW, 8e-6), down_range=(4e-6, HIGH))
    np.testing.assert_allclose([steps.low, steps.high], [4e-6, 8e-6], rtol=1e-12)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"up": linear_step()}, "no pulses lower the conductance"),
        ({"down": linear_step()}, "no pulses raise the conductance"),
        ({}, "no pulses raise or lower the conductance"),
        (
            {"up": linear_step(), "down": linear_step(), "up_range": (LOW, 4e-6), "down_range": (5e-6, HIGH)},
            "steps up were measured from 2 µS to 4 µS, steps down from 5 µS to 10 µS: nowhere both",
        ),
        ({"up": linear_step(9e-6), "down": linear_step(9e-6)}, "8 µS only, less than a step"),
        ({"up": linear_step(), "down": linear_step(-1e-7)}, "do not move the conductance that way"),
        ({"up": linear_step(), "down": linear_step(), "nodes": 1}, "fewer than two conductances"),
    ],
)
def test_a_range_that_is_not_there_has_its_reason(given: dict[str, object], why: str) -> None:
    reason = step_range(extraction(**given))
    assert isinstance(reason, str)
    assert why in reason
