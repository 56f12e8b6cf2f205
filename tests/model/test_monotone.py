"""The monotone curve through measured points against SciPy's, and measured curves that must not turn of themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline, PchipInterpolator

from eisfv.constants import thermal_voltage
from eisfv.model.host_curves import TabulatedConductivity, TabulatedOpenCircuit
from eisfv.model.monotone import Hermite, monotone_slopes
from eisfv.physics.cubic import cubic, cubic_row

TEMPERATURE = 298.15
VOLT = thermal_voltage(TEMPERATURE)
# A step of 450 mV between plateaus, and two plateaus: both fall throughout.
STEP = ((0.02, 0.1, 0.2, 0.3, 0.32, 0.4, 0.6, 0.9), (2.95, 2.752, 2.75, 2.748, 2.3, 2.298, 2.296, 1.95))
PLATEAUS = (
    (0.005, 0.02, 0.05, 0.08, 0.12, 0.2, 0.36, 0.5, 0.67),
    (2.95, 2.8, 2.79, 2.7, 2.6, 2.595, 2.59, 2.3, 1.95),
)
both = pytest.mark.parametrize("table", [STEP, PLATEAUS], ids=["step", "plateaus"])


def values_of(curve: Hermite, at: np.ndarray) -> np.ndarray:
    row = cubic_row(curve.knots, curve.values, curve.slopes, curve.beyond)
    return np.array([cubic(row, y)[0] for y in at])


def potential(table: tuple[tuple[float, ...], tuple[float, ...]], x: np.ndarray) -> np.ndarray:
    """Return U(x) in V of a table for a monovalent ion."""
    curve = TabulatedOpenCircuit(*table, source="made up").curve(1, TEMPERATURE)
    return values_of(curve, np.log(x / (1.0 - x))) * VOLT


@given(
    steps=st.lists(
        st.tuples(st.floats(1e-3, 1.0), st.sampled_from([-5.0, -1e-3, 0.0, 1e-3, 2.0])), min_size=3, max_size=9
    )
)
def test_slopes_are_those_of_scipys_monotone_interpolant(steps: list[tuple[float, float]]) -> None:
    x, f = np.cumsum(steps, axis=0).T
    np.testing.assert_allclose(monotone_slopes(x, f), PchipInterpolator(x, f)(x, 1), rtol=1e-9, atol=1e-9)


@both
def test_a_falling_table_falls_everywhere(table: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    x = np.linspace(1e-4, 0.9999, 20001)
    assert (np.diff(potential(table, x)) < 0.0).all()


@both
def test_a_natural_spline_through_it_would_rise(table: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    knots = np.array(table[0])
    y = np.log(knots / (1.0 - knots))
    fine = np.linspace(y[0], y[-1], 20001)
    natural = CubicSpline(y, np.array(table[1]) / VOLT + y, bc_type="natural")(fine) - fine
    assert (np.diff(natural) > 0.0).any()


@pytest.mark.parametrize(
    "table, x, high, low", [(STEP, 0.26, 2.750, 2.748), (PLATEAUS, 0.28, 2.595, 2.590)], ids=["step", "plateaus"]
)
def test_between_two_points_the_potential_is_between_theirs(
    table: tuple[tuple[float, ...], tuple[float, ...]], x: float, high: float, low: float
) -> None:
    assert low < potential(table, np.array([x]))[0] < high


def test_an_ideal_lattice_in_a_table_is_the_ideal_lattice_within_and_beyond_it() -> None:
    """U = U0 - (RT/F) ln(x/(1-x)) is a straight line in the curve's own abscissa."""
    x = np.array([0.1, 0.25, 0.3, 0.7])
    table = (tuple(x), tuple(2.0 - VOLT * np.log(x / (1.0 - x))))
    at = np.array([1e-5, 0.05, 0.15, 0.5, 0.9, 1.0 - 1e-5])
    np.testing.assert_allclose(potential(table, at), 2.0 - VOLT * np.log(at / (1.0 - at)), rtol=1e-12)


def test_beyond_a_plateau_the_sites_still_fill_up() -> None:
    """A table that ends level goes on by the site entropy: RT/F ln 9 from half to nine tenths."""
    table = ((0.1, 0.3, 0.5), (2.1, 2.0, 2.0))
    fall = potential(table, np.array([0.5, 0.9]))
    np.testing.assert_allclose(fall[0] - fall[1], VOLT * np.log(9.0), rtol=1e-12)


def test_a_conductivity_beyond_its_table_is_that_of_the_end() -> None:
    table = TabulatedConductivity((0.1, 0.2, 0.3), (100.0, 200.0, 800.0), source="made up")
    found = np.exp(values_of(table.curve(TEMPERATURE), np.array([0.0, 0.1, 0.3, 0.8])))
    np.testing.assert_allclose(found, [100.0, 100.0, 800.0, 800.0], rtol=1e-12)
