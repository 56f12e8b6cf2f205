"""What a field does to the release from a trap: an ion over a tilted barrier, up to one at every attempt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.trapping import release_factor
from support.slopes import assert_slopes

NO_LIMIT = 1e200


@given(st.floats(0.0, 50.0))
def test_far_below_the_attempts_both_ways_over_the_tilted_barrier_add_up(w: float) -> None:
    np.testing.assert_allclose(release_factor(w * w, NO_LIMIT)[0], 0.5 * (np.exp(w) + np.exp(-w)), rtol=1e-13)


@given(st.floats(0.0, 50.0), st.floats(1.001, 1e8))
def test_barrier_and_attempts_stand_in_series(w: float, largest: float) -> None:
    gain = np.cosh(w) - 1.0
    factor = release_factor(w * w, largest)[0]
    np.testing.assert_allclose(factor - 1.0, gain / (1.0 + gain / (largest - 1.0)), rtol=1e-9, atol=1e-12)
    assert 1.0 <= factor <= largest * (1.0 + 1e-12)


def test_without_a_field_it_is_one_and_in_a_breakdown_an_ion_leaves_at_every_attempt() -> None:
    assert release_factor(0.0, 1e6)[0] == 1.0
    np.testing.assert_allclose([release_factor(w * w, 1e6)[0] for w in (50.0, 1e4)], 1e6, rtol=1e-12)


@pytest.mark.parametrize("largest", [NO_LIMIT, 5e4, 3.0])
def test_slope_is_the_derivative_in_every_branch(largest: float) -> None:
    points = [(square,) for square in (1e-3, 0.2, 3.0, 50.0, 400.0, 3700.0)]
    assert_slopes(lambda square: release_factor(square, largest), points, rtol=1e-6)
    np.testing.assert_allclose(release_factor(0.99e-8, largest)[1], release_factor(1.01e-8, largest)[1], rtol=1e-8)
