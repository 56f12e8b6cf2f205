"""The field factor of hopping: Mott and Gurney's sinh, up to a hop at every attempt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.hopping import ARGUMENT_MAX, hopping_factor
from support.exact import sinh_over_exact
from support.slopes import assert_slopes

ARGUMENTS = st.floats(-ARGUMENT_MAX, ARGUMENT_MAX)
NO_LIMIT = 1e200
LIMIT = 5e4


@given(ARGUMENTS)
def test_factor_is_sinh_w_over_w_far_below_the_attempt_frequency(w: float) -> None:
    np.testing.assert_allclose(hopping_factor(w, NO_LIMIT, 0.0)[0], sinh_over_exact(w), rtol=2e-15)


@given(ARGUMENTS, st.floats(1.0, 1e8))
def test_factor_joins_the_two_limits(w: float, largest: float) -> None:
    free = sinh_over_exact(w)
    np.testing.assert_allclose(
        hopping_factor(w, largest, 0.0)[0], free / np.sqrt(1 + (free / largest) ** 2), rtol=1e-14
    )


@given(st.floats(-1e4, 1e4), st.floats(1.0, 1e8))
def test_factor_is_even_in_the_field_and_bounded(w: float, largest: float) -> None:
    factor, slope = hopping_factor(w, largest, 0.0)
    assert 0.0 < factor <= largest * (1 + 1e-15)
    assert hopping_factor(-w, largest, 0.0) == (factor, -slope)


@pytest.mark.parametrize("largest", [NO_LIMIT, LIMIT, 3.0])
def test_slope_is_the_derivative_in_every_branch(largest: float) -> None:
    points = [(w,) for w in (-40.0, -3.0, -0.1, -0.004, 0.0, 1e-3, 0.011, 0.5, 2.0, 12.0, 20.0, 61.0)]
    assert_slopes(lambda w: hopping_factor(w, largest, 0.0), points, rtol=1e-6)


def test_slope_is_small_but_right_at_a_small_field() -> None:
    # w/3 (1 + w^2/10 + ...): the closed form would have lost half its digits here
    np.testing.assert_allclose(hopping_factor(0.02, NO_LIMIT, 0.0)[1], 0.02 / 3 * (1 + 0.02**2 / 10), rtol=1e-7)


def test_no_field_leaves_linear_drift() -> None:
    assert hopping_factor(0.0, NO_LIMIT, 0.0) == (1.0, 0.0)


def test_the_factor_stays_finite_in_any_field() -> None:
    for w in (1e3, -1e5):
        np.testing.assert_allclose(hopping_factor(w, LIMIT, 0.0)[0], LIMIT, rtol=1e-12)


def test_no_field_makes_an_ion_hop_faster_than_it_attempts() -> None:
    assert hopping_factor(30.0, LIMIT, 0.0)[0] < LIMIT < sinh_over_exact(30.0)


@pytest.mark.parametrize("w", [-30.0, -2.1, 2.1, 7.0, 30.0])
def test_beyond_a_threshold_it_is_the_factor_of_what_is_beyond(w: float) -> None:
    np.testing.assert_allclose(hopping_factor(w, NO_LIMIT, 2.0)[0], sinh_over_exact(abs(w) - 2.0), rtol=1e-14)
    assert hopping_factor(w, NO_LIMIT, 2.0)[0] < hopping_factor(w, NO_LIMIT, 0.0)[0]


@pytest.mark.parametrize("w", [-2.0, -0.3, 0.0, 1.99])
def test_below_a_threshold_the_field_enhances_nothing(w: float) -> None:
    assert hopping_factor(w, NO_LIMIT, 2.0) == (1.0, 0.0)
    assert hopping_factor(1.0, NO_LIMIT, 0.0)[0] > 1.1


def test_slope_is_the_derivative_with_a_threshold() -> None:
    points = [(w,) for w in (-40.0, -3.0, -2.02, -1.0, 0.5, 2.003, 2.4, 12.0)]
    assert_slopes(lambda w: hopping_factor(w, LIMIT, 2.0), points, rtol=1e-5)
