"""The compiled piecewise cubic against SciPy's."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline, PchipInterpolator

from eisfv.physics.cubic import cubic, cubic_row
from support.slopes import assert_slopes

X = np.array([-3.0, -1.0, 0.2, 0.3, 2.0])
F = np.array([1.0, 4.0, 3.0, 3.5, -2.0])


BEYOND = (0.7, -4.0)


def row_of(curve: CubicSpline | PchipInterpolator) -> np.ndarray:
    return cubic_row(X, F, curve(X, 1), BEYOND)


@pytest.mark.parametrize(
    "curve", [CubicSpline(X, F, bc_type="natural"), PchipInterpolator(X, F)], ids=["spline", "pchip"]
)
def test_inside_it_is_the_same_curve(curve: CubicSpline | PchipInterpolator) -> None:
    row = row_of(curve)
    for x in [*X, *np.linspace(X[0], X[-1], 101)]:
        value, slope = cubic(row, x)
        np.testing.assert_allclose([value, slope], [curve(x), curve(x, 1)], rtol=1e-12, atol=1e-13)


def test_outside_it_goes_on_straight_with_slopes_of_its_own() -> None:
    row = row_of(CubicSpline(X, F))
    for end, slope, away in ((0, BEYOND[0], -0.5), (0, BEYOND[0], -40.0), (-1, BEYOND[1], 0.5), (-1, BEYOND[1], 40.0)):
        np.testing.assert_allclose(cubic(row, X[end] + away), [F[end] + slope * away, slope], rtol=1e-12)


def test_slope_is_the_derivative() -> None:
    row = row_of(CubicSpline(X, F))
    assert_slopes(lambda x: cubic(row, x), [(x,) for x in (-7.0, -2.0, 0.0, 0.25, 1.0, 9.0)])
