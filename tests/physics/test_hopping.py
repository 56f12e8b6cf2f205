"""The field factor of hopping: Mott and Gurney's sinh."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.exact import sinh_over_exact
from support.slopes import assert_slopes

from eisfv.physics.hopping import ARGUMENT_MAX, hopping_factor

ARGUMENTS = st.floats(-ARGUMENT_MAX, ARGUMENT_MAX)


@given(ARGUMENTS)
def test_factor_is_sinh_w_over_w(w: float) -> None:
    np.testing.assert_allclose(hopping_factor(w)[0], sinh_over_exact(w), rtol=2e-15)


@given(ARGUMENTS)
def test_factor_is_even_in_the_field_and_only_enhances(w: float) -> None:
    factor, slope = hopping_factor(w)
    assert factor >= 1.0
    assert hopping_factor(-w) == (factor, -slope)


def test_slope_is_the_derivative_in_both_branches() -> None:
    assert_slopes(hopping_factor, [(w,) for w in (-40.0, -3.0, -0.1, -0.004, 0.0, 1e-3, 0.011, 0.5, 2.0, 20.0)])


def test_slope_is_small_but_right_at_a_small_field() -> None:
    # w/3 (1 + w^2/10 + ...): the closed form would have lost half its digits here
    np.testing.assert_allclose(hopping_factor(0.02)[1], 0.02 / 3 * (1 + 0.02**2 / 10), rtol=1e-7)


def test_no_field_leaves_linear_drift() -> None:
    assert hopping_factor(0.0) == (1.0, 0.0)


def test_the_factor_stays_finite_in_any_field() -> None:
    for w in (1e3, -1e300):
        assert hopping_factor(w) == (np.sinh(ARGUMENT_MAX) / ARGUMENT_MAX, 0.0)
