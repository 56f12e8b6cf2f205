"""The slope check catches wrong slopes and accepts right ones."""

import math

import pytest

from support.slopes import assert_slopes

POINTS = [(0.3,), (2.0,), (-5.0,)]


def test_right_slope_passes() -> None:
    assert_slopes(lambda x: (math.exp(x), math.exp(x)), POINTS)


@pytest.mark.parametrize("wrong", [1.0 + 1e-6, -1.0, 0.0])
def test_wrong_slope_fails(wrong: float) -> None:
    with pytest.raises(AssertionError):
        assert_slopes(lambda x: (math.exp(x), wrong * math.exp(x)), POINTS)


def test_slope_of_the_other_argument_fails() -> None:
    with pytest.raises(AssertionError):
        assert_slopes(lambda x, y: (x * y, x, y), [(2.0, 3.0)])
