"""Errors told of made values, whose true errors are known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eisfv.running.numerical_error import Figure, Runs, share_of, time_share, worst


class Quantity:
    """One reported quantity that changes by one in every step."""

    def __init__(self, steps: int) -> None:
        self.rows, self.scale = np.arange(steps + 1.0)[:, None], np.ones((steps, 1))
        self.names, self.units, self.noise = ["charge"], ["C"], np.zeros(1)


# A quantity f = 1 + c h^p on three meshes, and what is left of it on the finest.
def made(order: float, constant: float) -> tuple[float, float]:
    values = [1.0 + constant * h**order for h in (1.0, 2.0, 4.0)]
    ratio = (values[2] - values[1]) / (values[1] - values[0])
    return share_of(ratio) * abs(values[1] - values[0]), abs(values[0] - 1.0)


def test_a_second_order_error_is_told_exactly() -> None:
    told_error, true = made(2.0, 1e-3)
    np.testing.assert_allclose(told_error, true, rtol=1e-9)


@pytest.mark.parametrize("order, growth", [(2.0, 1.0), (2.0, 2.5), (1.0, 2.5)])
def test_the_first_steps_on_every_second_face_tell_what_the_rest_on_every_fourth_is_worth(
    order: float, growth: float
) -> None:
    # The error of a step's change, eight steps of 1e-4 and then larger ones, on cells of 1, 2 and 4.
    own: Any = Quantity(20)
    errors = np.cumsum(np.append(np.zeros(1), 1e-4 * np.where(np.arange(20) < 8, 1.0, growth)))[:, None]
    half, quarter = (own.rows + errors * (h**order - 1.0) for h in (2.0, 4.0))
    runs = Runs(own, half[:9], quarter, (quarter, quarter))
    figure = worst(runs.estimate().mesh)
    assert figure.reached == (order == 2.0)
    # Of a lower order the whole difference of the two finest is told, as ever.
    np.testing.assert_allclose(figure.relative, 1e-4 * growth, rtol=1e-9)
    # A third of the difference on the first steps alone would not see what comes later.
    assert worst(Runs(own, half[:9], None, (quarter, quarter)).estimate().mesh).relative < 4e-4


def test_steps_that_show_little_of_an_error_do_not_tell_its_order() -> None:
    # Steps that err by 1e-4, and by 4e-4 from the eleventh on, are of second order; the twelfth, by 2e-3, is of first.
    own: Any = Quantity(20)
    k = np.arange(20)
    errors = [
        np.cumsum(np.append(0.0, np.where(k == 11, 2e-3 * (h - 1), np.where(k < 10, 1e-4, 4e-4) * (h * h - 1) / 3)))[
            :, None
        ]
        for h in (2, 4)
    ]
    half, quarter = (own.rows + each for each in errors)
    runs = Runs(own, half[:9], quarter, (quarter, quarter))
    figure = worst(runs.estimate().mesh)
    assert figure.step == 12
    assert not figure.reached
    np.testing.assert_allclose(figure.relative, 2e-3, rtol=1e-9)  # a fifteenth of the difference would be 4e-4
    assert runs.lacking(60) == 12
    assert runs.lacking(11) == 0
    gone_on = replace(runs, half=half[:13])
    assert gone_on.lacking(60) == 0
    np.testing.assert_allclose(worst(gone_on.estimate().mesh).relative, 2e-3, rtol=1e-9)


def test_the_time_error_of_a_step_that_is_driven_late_is_told_of_its_place() -> None:
    own: Any = Quantity(20)
    loose = own.rows[:4]
    tight = loose + np.cumsum([0.0, 1e-6, 1e-6, 1e-3])[:, None]
    figure = worst(Runs(own, own.rows, None, (loose, tight), [0, 1, 19]).estimate().time)
    assert figure.step == 20
    np.testing.assert_allclose(figure.relative, time_share(8.0) * 1e-3, rtol=1e-6)


@pytest.mark.parametrize("size, order, near", [(1e-2, 2.0, True), (2e-1, 2.0, False), (1e-3, 0.3, False)])
def test_time_steps_on_a_mesh_that_resolves_nothing_or_whose_order_is_not_seen_have_none(
    size: float, order: float, near: bool
) -> None:
    own: Any = Quantity(4)
    half, quarter = (own.rows * (1.0 + size * (h**order - 1.0)) for h in (2.0, 4.0))
    estimate = Runs(own, half, quarter, (own.rows, own.rows * (1.0 + 1e-4))).estimate()
    assert worst(estimate.time).reached == near
    assert ("its order is not seen" in estimate.line) != near
    entries: Any = estimate.written()["time"]
    assert entries["charge"]["asymptotic"] == near


@pytest.mark.parametrize("order", [0.6, 1.0, 1.4])
def test_an_error_of_lower_order_is_not_told_as_of_the_second(order: float) -> None:
    told_error, true = made(order, 1e-3)
    assert told_error > 0.5 * true
    assert (2.0**order - 1.0) / 3.0 * true < 0.6 * true  # what a third of the difference would have said


def test_a_difference_that_is_small_by_chance_does_not_count() -> None:
    assert share_of(40.0) * 1.0 > 3.0


def test_a_time_error_is_told_exactly_at_the_square_root_and_from_above_at_second_order() -> None:
    # error = T^p, at T and T/8: 1 and 8^-p
    np.testing.assert_allclose(time_share(8.0) * (1.0 - 8.0**-0.5), 1.0, rtol=1e-12)
    assert 1.0 < time_share(8.0) * (1.0 - 8.0 ** (-2.0 / 3.0)) < 1.2


def test_what_is_not_resolved_is_said_before_what_is() -> None:
    doubtful = Figure("charge", "C", 0.02, 1, 0.0, 1.5, False)
    sound = Figure("voltage", "V", 0.05, 1, 0.0, 4.0, True)
    assert "> 1 %: not resolved" in worst([sound, doubtful]).text
    assert "not resolved" not in sound.text
