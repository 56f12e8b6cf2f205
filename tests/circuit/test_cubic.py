"""The curve through points: what it is as a function and as the text a circuit simulator reads."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from eisfv.postprocess.circuit.cubic import Cubic, through

KNOTS = np.array([-2.0, -0.5, 0.1, 1.0, 3.0])
SPLINE = CubicSpline(KNOTS, np.sin(KNOTS), bc_type="natural")
CURVE = through(KNOTS, np.sin(KNOTS), SPLINE(KNOTS, 1))
HELD = through(KNOTS, np.sin(KNOTS), SPLINE(KNOTS, 1), (0.0, -2.0))


def told(curve: Cubic, x: float) -> float:
    """Return the value of a curve's text."""
    text = curve.text("x").replace("@(", "pick(").replace(" ? ", ", ").replace(" : ", ", ")
    return float(eval(text, {"pick": lambda c, a, b: a if c else b, "x": x}))


def test_the_curve_is_the_cubic_between_its_knots() -> None:
    value = CURVE.function()
    for x in np.linspace(-2.0, 3.0, 41):
        np.testing.assert_allclose(value(x), SPLINE(x), rtol=1e-12, atol=1e-15)


def test_the_curve_goes_on_as_straight_lines() -> None:
    value = CURVE.function()
    for end, slope, far in ((-2.0, CURVE.slopes[0], -7.0), (3.0, CURVE.slopes[-1], 9.0)):
        np.testing.assert_allclose(value(far), np.sin(end) + slope * (far - end), rtol=1e-12)


def test_the_curve_goes_on_with_other_slopes_where_they_are_given() -> None:
    value = HELD.function()
    np.testing.assert_allclose([value(-7.0), value(9.0)], np.sin([-2.0, 3.0]) + [0.0, -12.0], rtol=1e-12)


@pytest.mark.parametrize("curve", [CURVE, HELD], ids=["own slopes", "held"])
def test_the_text_is_the_function(curve: Cubic) -> None:
    value = curve.function()
    for x in np.concatenate([np.linspace(-4.0, 5.0, 37), KNOTS]):
        np.testing.assert_allclose(told(curve, float(x)), value(float(x)), rtol=1e-10, atol=1e-14)


def test_the_text_of_another_curve_is_not() -> None:
    other = Cubic(CURVE.knots, tuple(v + 0.01 for v in CURVE.values), CURVE.slopes, CURVE.beyond)
    assert abs(told(other, 0.3) - CURVE.function()(0.3)) > 5e-3
