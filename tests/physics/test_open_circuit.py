"""The open-circuit curve and the excess potential that makes a host follow it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from eisfv.constants import VACANT_MIN, thermal_voltage
from eisfv.physics.cubic import cubic_row
from eisfv.physics.open_circuit import (
    analytic_row,
    electron_excess,
    excess_of_host,
    log_of_level,
    log_vacant,
    open_circuit,
    redlich_kister,
    table_row,
)
from support.slopes import assert_slopes

VOLT = thermal_voltage(298.15)
Z = 2
TERMS = (1.3, -0.4, 0.25)  # RT
ROWS = {
    "polarons": analytic_row(2.3, True, 0.428, (), Z, VOLT),
    "no polarons": analytic_row(2.3, False, 0.428, (), Z, VOLT),
    "redlich-kister": analytic_row(2.3, True, 0.428, TERMS, Z, VOLT),
    "redlich-kister, no polarons": analytic_row(2.3, False, 0.0, TERMS, Z, VOLT),
}


def hump_row() -> np.ndarray:
    """Return a tabulated curve with a plateau's hump: not monotonic."""
    x = np.array([0.01, 0.05, 0.1, 0.2, 0.3, 0.45])
    potential = np.array([2.6, 2.45, 2.47, 2.43, 2.2, 2.0])
    y = np.log(x / (1 - x))
    rest = CubicSpline(y, Z * potential / VOLT + y, bc_type="natural")
    slopes = rest(y, 1)
    return table_row(cubic_row(y, rest(y), slopes, (slopes[0], slopes[-1])))


ROWS["table"] = hump_row()
each_curve = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())


def printed(x: float, polarons: bool, slope: float, terms: tuple[float, ...]) -> float:
    """Return U(x) in V from the formula in the module's docstring, the expansion differentiated numerically."""

    def energy(at: float) -> float:
        return at * (1 - at) * sum(a * (2 * at - 1) ** k for k, a in enumerate(terms))

    h = 1e-5
    gamma = Z * x
    entropy = np.log(x / (1 - x)) + Z * polarons * np.log(gamma / (1 - gamma))
    return 2.3 - VOLT / Z * entropy - slope * x - VOLT / Z * (energy(x + h) - energy(x - h)) / (2 * h)


@pytest.mark.parametrize("x", [1e-4, 0.03, 0.2, 0.45])
@pytest.mark.parametrize(
    "name, polarons, slope, terms",
    [
        ("polarons", True, 0.428, ()),
        ("no polarons", False, 0.428, ()),
        ("redlich-kister", True, 0.428, TERMS),
        ("redlich-kister, no polarons", False, 0.0, TERMS),
    ],
)
def test_analytic_curve_is_the_printed_formula(
    x: float, name: str, polarons: bool, slope: float, terms: tuple[float, ...]
) -> None:
    np.testing.assert_allclose(open_circuit(ROWS[name], Z, x) * VOLT / Z, printed(x, polarons, slope, terms), rtol=1e-9)


@each_curve
@given(x=st.floats(1e-8, 0.49), background=st.floats(0.0, 0.3))
def test_ion_and_its_electrons_make_up_the_measured_potential(row: np.ndarray, x: float, background: float) -> None:
    """Y + mu_ex of the ion plus z ln(n/n_ref) of the electrons is -zFU/RT; mu_ex as the kernels hold it carries z ln
    n_ref.
    """
    y = np.log(x / (1 - x))
    excess, _ = excess_of_host(row, Z, x, 1 - x, y, background)
    total = y + excess + Z * np.log(Z * x + background)
    np.testing.assert_allclose(total, -open_circuit(row, Z, x), rtol=1e-12, atol=1e-11)


def test_an_excess_without_the_electrons_entropy_would_miss_the_curve() -> None:
    x = 0.03
    row = ROWS["polarons"]
    excess, _ = excess_of_host(row, Z, x, 1 - x, np.log(x / (1 - x)), 0.0)
    assert abs(np.log(x / (1 - x)) + excess + open_circuit(row, Z, x)) > 1.0


@each_curve
@pytest.mark.parametrize("background", [0.0, 0.02])
def test_slope_of_the_excess_is_the_derivative(row: np.ndarray, background: float) -> None:
    def law(x: float) -> tuple[float, float]:
        value, slope = excess_of_host(row, Z, x, 1 - x, np.log(x / (1 - x)), background)
        return float(value), float(slope)

    # At 0.55 the metal sites are overfull: ln(1 - gamma) goes on as its tangent there.
    assert_slopes(law, [(x,) for x in (0.003, 0.07, 0.22, 0.44, 0.55)], floor=0.0)


def test_expansion_is_the_derivative_of_the_excess_energy() -> None:
    terms = np.array(TERMS)
    for x in (0.1, 0.5, 0.8):

        def energy(at: float) -> float:
            return float(at * (1 - at) * np.polynomial.polynomial.polyval(2 * at - 1, terms))

        h = 1e-5
        np.testing.assert_allclose(
            redlich_kister(terms, x)[0], (energy(x + h) - energy(x - h)) / (2 * h), rtol=1e-8, atol=1e-10
        )
    assert_slopes(lambda x: redlich_kister(terms, x), [(0.1,), (0.5,), (0.8,)])


def test_symmetric_margules_host_has_its_spinodal_where_lattice_gas_theory_has_it() -> None:
    """Mu = ln(x/(1-x)) + Om (1-2x): flat at x = [1 -/+ sqrt(1 - 2/Om)]/2 for Om > 2."""
    omega = 3.0
    row = analytic_row(0.0, False, 0.0, (omega,), 1, VOLT)
    x = np.linspace(0.01, 0.5, 49001)
    slope = np.gradient([open_circuit(row, 1, v) for v in x], x)
    turning = x[np.flatnonzero(np.diff(np.sign(slope)))[0]]
    np.testing.assert_allclose(turning, 0.5 * (1 - np.sqrt(1 - 2 / omega)), rtol=1e-3)


def test_last_metal_sites_raise_a_steep_but_finite_barrier() -> None:
    """Two electrons an ion fill the metal sites at x = 1/2; beyond, ln(1 - gamma) goes on as its tangent."""
    edge = 0.5 * (1.0 - VACANT_MIN)
    below, above = (log_vacant(2, x, 1 - x) for x in (edge * (1 - 1e-9), edge * (1 + 1e-9)))
    np.testing.assert_allclose(below, above, rtol=1e-4)
    assert np.isfinite(log_vacant(2, 0.9, 0.1)).all()
    assert log_vacant(2, 0.6, 0.4)[0] < -1e3


def test_last_sites_of_a_full_proton_host_keep_their_digits() -> None:
    """1 - x as the lattice counts it: ln(1 - gamma) is right where 1 - x rounds to zero."""
    np.testing.assert_allclose(log_vacant(1, 1.0, 1e-40)[0], np.log(1e-40), rtol=1e-14)


def test_the_density_of_a_level_is_where_the_electrons_potential_has_it() -> None:
    """The level ln nu + E(ln nu) and its inverse, within the knots and beyond; E falls where the host is flat."""
    knots = np.array([-6.0, -3.0, -2.0, -0.5, 1.0])
    slopes = np.array([-0.5, -0.999, -0.9, 0.0, -0.2])
    excess = np.concatenate([[0.0], np.cumsum(0.5 * (slopes[1:] + slopes[:-1]) * np.diff(knots))])
    plain = cubic_row(np.array([-1.0, 0.0, 1.0]), np.zeros(3), np.zeros(3), (0.0, 0.0))
    row = table_row(plain, cubic_row(knots, excess, slopes, (slopes[0], slopes[-1])))
    for ln_nu in (-30.0, -6.0, -5.9, -3.0, -2.5, -2.0, -1.0, -0.5, 0.3, 1.0, 8.0):
        level = ln_nu + electron_excess(row, ln_nu)[0]
        np.testing.assert_allclose(log_of_level(row, level), ln_nu, rtol=1e-12)
    assert abs(log_of_level(row, -2.5) + 2.5) > 0.1  # without E it would be the level itself
