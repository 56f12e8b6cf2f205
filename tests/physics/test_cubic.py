"""The compiled piecewise cubic against SciPy's."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline, PchipInterpolator

from eisfv.physics.cubic import cubic, cubic_row
from support.slopes import assert_slopes

X = np.array([-3.0, -1.0, 0.2, 0.3, 2.0])
F = np.array([1.0, 4.0, 3.0, 3.5, -2.0])


@pytest.mark.parametrize(
    "curve", [CubicSpline(X, F, bc_type="natural"), PchipInterpolator(X, F)], ids=["spline", "pchip"]
)
def test_inside_it_is_the_same_curve(curve: CubicSpline | PchipInterpolator) -> None:
    row = cubic_row(curve)
    for x in [*X, *np.linspace(X[0], X[-1], 101)]:
        value, slope = cubic(row, x)
        np.testing.assert_allclose([value, slope], [curve(x), curve(x, 1)], rtol=1e-12, atol=1e-13)


def test_outside_it_goes_on_straight() -> None:
    curve = CubicSpline(X, F)
    row = cubic_row(curve)
    for end in (X[0], X[-1]):
        for away in (-0.5, 0.5, 40.0):
            beyond = end + away if (away > 0) == (end == X[-1]) else end
            expected = curve(end) + curve(end, 1) * (beyond - end)
            np.testing.assert_allclose(cubic(row, beyond), [expected, curve(end, 1)], rtol=1e-12)


def test_slope_is_the_derivative() -> None:
    row = cubic_row(CubicSpline(X, F))
    assert_slopes(lambda x: cubic(row, x), [(x,) for x in (-7.0, -2.0, 0.0, 0.25, 1.0, 9.0)])
