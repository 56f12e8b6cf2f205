"""Curves of hosts by rows are those of the laws cell by cell."""

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.equations.host_rows import (
    BY_X,
    EXCESS,
    FREE,
    LENGTH,
    ROWS,
    SIGMA,
    SIGMA_BY_X,
    X,
    excess_row,
    in_rows,
    sigma_row,
)
from eisfv.physics.conductivity import PERCOLATION, conductivity
from eisfv.physics.open_circuit import analytic_row, excess_of_host

SHARES = np.logspace(-290, -1, LENGTH // 2)
# Up to a host of which 1e-12 of the sites is left.
X_ONE = np.concatenate([SHARES, 1.0 - np.logspace(-12, -0.05, LENGTH // 2)])
X_TWO = 0.5 * X_ONE  # two electrons an ion: half the sites fill the band
PERCOLATING = np.array([PERCOLATION, 0.55, 54760.0, 0.0263, 3.93, 0.0, 0.0])


def work(x: Floats, free: Floats) -> Floats:
    """Return the rows of a host at its fillings."""
    rows = np.zeros(ROWS)
    rows[X : X + len(x)], rows[FREE : FREE + len(x)] = x, free
    return rows


@pytest.mark.parametrize(("z", "x"), [(1, X_ONE), (2, X_TWO)])
@pytest.mark.parametrize("polarons", [True, False])
@pytest.mark.parametrize("background", [0.0, 1e-3])
def test_excess_is_that_of_the_host(z: int, x: Floats, polarons: bool, background: float) -> None:
    curve, free, zero = analytic_row(0.1, polarons, 0.7, (), z, 0.0257), 1.0 - x, np.zeros(len(x))
    rows = work(x, free)
    excess_row(curve, float(z), background, rows, len(x))
    expected = np.array([excess_of_host(curve, z, *own, background) for own in zip(x, free, zero, strict=True)])
    some = np.isfinite(expected[:, 1])  # where neither form has overflowed
    assert some.sum() > LENGTH // 2
    np.testing.assert_allclose(rows[EXCESS : EXCESS + len(x)], expected[:, 0], rtol=2e-15, atol=1e-14)
    np.testing.assert_allclose(rows[BY_X : BY_X + len(x)][some], expected[some, 1], rtol=1e-14)


@pytest.mark.parametrize(("z", "x"), [(1, X_ONE), (2, X_TWO)])
@pytest.mark.parametrize("sharpness", [0.7, 3.93, 25.0])
def test_conductivity_is_that_of_the_host(z: int, x: Floats, sharpness: float) -> None:
    curve, rows = PERCOLATING.copy(), work(x, 1.0 - x)
    curve[4] = sharpness
    sigma_row(curve, float(z), rows, len(x))
    value, slope = np.array([conductivity(curve, z * own) for own in x]).T
    # The power is an exponential of a logarithm: the rounding of the exponent is one of the power.
    share = 4 * np.finfo(float).eps * (2.0 + sharpness * np.abs(np.log(z * x / curve[3])))
    assert (np.abs(rows[SIGMA : SIGMA + len(x)] - value) <= share * value).all()
    assert (np.abs(rows[SIGMA_BY_X : SIGMA_BY_X + len(x)] - z * slope) <= share * z * slope + 1e-290).all()


def test_another_threshold_would_be_seen() -> None:
    rows = work(X_TWO, 1.0 - X_TWO)
    sigma_row(PERCOLATING * (1.0 + 1e-10), 2.0, rows, LENGTH)
    value = np.array([conductivity(PERCOLATING, 2 * own)[0] for own in X_TWO])
    assert np.abs(rows[SIGMA : SIGMA + LENGTH] / value - 1.0).max() > 2e-11


@pytest.mark.parametrize("terms", [(), (1.0,)])
@pytest.mark.parametrize("hopping", [0.0, 1.0])
def test_rare_curves_are_left_to_the_laws(terms: tuple[float, ...], hopping: float) -> None:
    sigma = PERCOLATING.copy()
    sigma[5] = hopping
    assert in_rows(analytic_row(0.1, True, 0.7, terms, 1, 0.0257), sigma) == (not terms and not hopping)
