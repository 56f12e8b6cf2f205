"""The Bernoulli function against 265-bit arithmetic and its identities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.bernoulli import EXPONENT_MAX, SERIES_BELOW, bernoulli, capped_exp
from support.exact import bernoulli_exact, bernoulli_slope_exact

ARGUMENTS = st.floats(-600.0, 600.0)
EPS = np.finfo(float).eps
# Where the closed form takes over from the series, where cancellation is worst, and far out.
EDGES = [SERIES_BELOW, np.nextafter(SERIES_BELOW, 0.0), 1e-300, 1e-8, 0.2, 1.0, 37.0, 500.0]


@given(ARGUMENTS)
def test_value_is_right_to_the_last_digits(x: float) -> None:
    np.testing.assert_allclose(bernoulli(x)[0], bernoulli_exact(x), rtol=4 * EPS)


@given(ARGUMENTS)
def test_slope_is_right_to_twelve_digits(x: float) -> None:
    np.testing.assert_allclose(bernoulli(x)[1], bernoulli_slope_exact(x), rtol=1e-12)


@pytest.mark.parametrize("x", [sign * edge for edge in EDGES for sign in (-1.0, 1.0)])
def test_the_edges_of_the_branches_are_as_good(x: float) -> None:
    np.testing.assert_allclose(bernoulli(x)[0], bernoulli_exact(x), rtol=4 * EPS)
    np.testing.assert_allclose(bernoulli(x)[1], bernoulli_slope_exact(x), rtol=1e-12)


def test_a_series_with_one_wrong_term_would_be_seen() -> None:
    x = 0.1
    spoilt = 1.0 - 0.5 * x + x * x / 12.0 * (1.0 - x * x / 61.0)
    assert abs(spoilt / bernoulli_exact(x) - 1.0) > 4 * EPS


@given(ARGUMENTS)
def test_forward_and_backward_weights_differ_by_the_drift(x: float) -> None:
    np.testing.assert_allclose(bernoulli(-x)[0], bernoulli(x)[0] + x, rtol=4 * EPS, atol=4 * EPS * abs(x))


@given(ARGUMENTS)
def test_weights_are_in_detailed_balance(x: float) -> None:
    np.testing.assert_allclose(bernoulli(-x)[0], np.exp(x) * bernoulli(x)[0], rtol=1e-12)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_argument_has_a_finite_non_negative_weight(x: float) -> None:
    value, slope = bernoulli(x)
    assert np.isfinite(value)
    assert value >= 0.0
    assert -1.0 <= slope <= 0.0


def test_far_out_only_the_upstream_cell_counts() -> None:
    assert bernoulli(2 * EXPONENT_MAX) == (0.0, 0.0)
    assert bernoulli(-2 * EXPONENT_MAX) == (2 * EXPONENT_MAX, -1.0)


def test_the_exponential_is_capped_where_no_power_is_left() -> None:
    assert capped_exp(1e5) == np.exp(EXPONENT_MAX)
    assert capped_exp(-1e5) == np.exp(-EXPONENT_MAX)
    assert capped_exp(1.5) == np.exp(1.5)
