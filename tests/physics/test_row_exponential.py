"""The exponential of rows against extended precision, over its whole range."""

import numpy as np
import pytest
from numba import njit

from eisfv.physics.row_exponential import exp_parts

EPS = np.finfo(float).eps
# A step that no binary fraction divides, and around zero, where e^x - 1 has its digits to lose.
WIDE = np.arange(-700.0, 700.0, 0.0173)
NARROW = np.concatenate([s * np.logspace(-300, 0, 3001) for s in (-1.0, 1.0)])
wide = pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="no extended precision on this machine")


@njit
def parts(x):
    scale, p = np.empty_like(x), np.empty_like(x)
    for i in range(x.size):
        scale[i], p[i] = exp_parts(x[i])
    return scale, p


def off(found: np.ndarray, exact: np.ndarray) -> float:
    """Return the largest relative difference."""
    return float(np.max(np.abs(found.astype(np.longdouble) / exact - 1)))


@wide
@pytest.mark.parametrize("x", [WIDE, NARROW])
def test_value_is_right_to_the_last_digits(x: np.ndarray) -> None:
    scale, p = parts(x)
    assert off(scale + scale * p, np.exp(x.astype(np.longdouble))) < 2 * EPS


@wide
@pytest.mark.parametrize("x", [WIDE, NARROW])
def test_its_difference_from_one_is_so_too(x: np.ndarray) -> None:
    scale, p = parts(x)
    assert off(scale * p + (scale - 1.0), np.expm1(x.astype(np.longdouble))) < 4 * EPS


@wide
def test_one_part_of_ln_2_would_be_seen() -> None:
    k = np.rint(WIDE / np.log(2.0))
    spoilt = np.exp(WIDE - k * np.log(2.0)) * 2.0**k
    assert off(spoilt, np.exp(WIDE.astype(np.longdouble))) > 100 * EPS


def test_no_number_stays_none() -> None:
    scale, p = parts(np.array([np.nan]))
    assert np.isnan(scale + scale * p).all()
