"""Concentrations by rows are those of the laws cell by cell, over all that y may be."""

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.equations.host_rows import LENGTH, ROWS
from eisfv.equations.statistics_rows import FREE, SHARE, Y, exponential_row, share_row
from eisfv.physics.bernoulli import capped_exp
from eisfv.physics.statistics import lattice_share

EPS = np.finfo(float).eps
FAR = np.linspace(-800.0, 800.0, LENGTH)
NEAR = np.linspace(-40.0, 40.0, LENGTH)
SMALL = np.concatenate([-np.logspace(0, -18, LENGTH // 2), np.logspace(-18, 0, LENGTH // 2)])


def rows_of(y: Floats) -> Floats:
    """Return the rows of work at y."""
    rows = np.zeros(ROWS)
    rows[Y : Y + LENGTH] = y
    return rows


@pytest.mark.parametrize("y", [FAR, NEAR, SMALL])
def test_the_dilute_law_is_the_capped_exponential(y: Floats) -> None:
    rows = rows_of(y)
    exponential_row(rows, LENGTH)
    np.testing.assert_allclose(rows[SHARE : SHARE + LENGTH], [capped_exp(own) for own in y], rtol=3 * EPS)


@pytest.mark.parametrize("y", [FAR, NEAR, SMALL])
def test_both_shares_of_a_lattice_keep_their_digits(y: Floats) -> None:
    rows = rows_of(y)
    share_row(rows, LENGTH)
    theta, free = np.array([lattice_share(own, 0.0) for own in y]).T
    np.testing.assert_allclose(rows[SHARE : SHARE + LENGTH], theta, rtol=4 * EPS)
    np.testing.assert_allclose(rows[FREE : FREE + LENGTH], free, rtol=4 * EPS)


def test_the_difference_from_one_would_not() -> None:
    rows = rows_of(NEAR)
    share_row(rows, LENGTH)
    assert np.abs((1.0 - rows[SHARE : SHARE + LENGTH]) / rows[FREE : FREE + LENGTH] - 1.0).max() > 0.1


def test_what_is_no_number_stays_none() -> None:
    rows = rows_of(np.full(LENGTH, np.nan))
    share_row(rows, LENGTH)
    assert np.isnan(rows[SHARE : SHARE + LENGTH]).all()
    exponential_row(rows, LENGTH)
    assert np.isnan(rows[SHARE : SHARE + LENGTH]).all()
