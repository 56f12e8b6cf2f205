"""The exponential of rows against extended precision, over its whole range."""

import numpy as np
import pytest
from numba import njit

from eisfv.physics.row_exponential import exp_parts, row_log

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


@njit
def logs(x):
    out = np.empty_like(x)
    for i in range(x.size):
        out[i] = row_log(x[i])
    return out


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


@wide
def test_the_logarithm_is_right_to_the_last_digits() -> None:
    x = np.exp(WIDE)
    assert off(logs(x), np.log(x.astype(np.longdouble))) < 2 * EPS


@wide
@pytest.mark.parametrize("centre", [1.0, np.sqrt(0.5), np.sqrt(2.0), 2.0])
def test_it_is_so_where_the_exponent_changes_and_near_one(centre: float) -> None:
    x = centre * (1.0 + np.concatenate([s * np.logspace(-15.5, -0.6, 2000) for s in (-1.0, 1.0)]))
    assert off(logs(x), np.log(x.astype(np.longdouble))) < 2 * EPS


@wide
def test_a_series_cut_short_would_be_seen() -> None:
    s = 0.17
    spoilt = 2 * sum(s**k / k for k in range(1, 19, 2))
    f = np.array([(1 + s) / (1 - s)])
    assert off(np.array([spoilt]), np.log(f.astype(np.longdouble))) > 2 * EPS


def test_no_number_stays_none() -> None:
    scale, p = parts(np.array([np.nan]))
    assert np.isnan(scale + scale * p).all()
