"""The read-out conductivity: percolation and measured points."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from eisfv.physics.conductivity import PERCOLATION, TABLE, conductivity
from eisfv.physics.cubic import cubic_row
from support.slopes import assert_slopes

# background S/m, slope S/m, threshold, exponent: the Mg/WO3 curve of the library
CURVE = np.array([PERCOLATION, 0.55, 54760.0, 0.0263, 3.93, 0.0, 1.0])
HOPPING = np.array([PERCOLATION, 0.019, 54900.0, 0.937, 2.326, 8.2e3, 1.3])
GAMMA = np.array([1e-3, 0.01, 0.05, 0.2, 0.6])
SIGMA = np.array([0.6, 12.0, 2.4e3, 9.9e3, 3.0e4])


def table(beyond: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    curve = PchipInterpolator(GAMMA, np.log(SIGMA))
    return np.concatenate([[float(TABLE)], cubic_row(GAMMA, curve(GAMMA), curve(GAMMA, 1), beyond)])


def test_empty_host_keeps_its_background() -> None:
    np.testing.assert_allclose(conductivity(CURVE, 1e-8)[0], 0.55, rtol=1e-6)


def test_below_the_threshold_sigma_grows_as_gamma_to_n_plus_one() -> None:
    s0 = CURVE[1]
    low, high = (conductivity(CURVE, g)[0] - s0 for g in (4e-4, 4.4e-4))
    np.testing.assert_allclose(np.log(high / low) / np.log(1.1), 1 + CURVE[4], rtol=1e-5)


def test_above_the_threshold_sigma_is_linear() -> None:
    np.testing.assert_allclose(conductivity(CURVE, 2.0)[1], CURVE[2], rtol=1e-5)


def test_steepest_rise_is_where_the_closed_form_has_it() -> None:
    # d sigma/d gamma peaks at gamma_p ((n+1)/(n-1))^(1/n)
    n, threshold = CURVE[4], CURVE[3]
    gamma = np.linspace(0.5 * threshold, 3 * threshold, 20001)
    peak = gamma[np.argmax([conductivity(CURVE, g)[1] for g in gamma])]
    np.testing.assert_allclose(peak, threshold * ((n + 1) / (n - 1)) ** (1 / n), rtol=1e-3)


def test_table_passes_through_its_points_and_never_turns_back() -> None:
    np.testing.assert_allclose([conductivity(table(), g)[0] for g in GAMMA], SIGMA, rtol=1e-13)
    assert all(conductivity(table(), g)[1] >= 0.0 for g in np.linspace(1e-4, 0.9, 300))


def test_table_holds_its_end_values() -> None:
    found = [conductivity(table(), g)[0] for g in (1e-9, 0.6001, 2.0)]
    np.testing.assert_allclose(found, SIGMA[[0, -1, -1]], rtol=1e-13)


def test_a_logarithm_that_went_on_with_a_slope_would_leave_the_measured_values() -> None:
    assert conductivity(table((0.0, 5.0)), 2.0)[0] > 1e3 * SIGMA[-1]


def test_hopping_is_what_conducts_below_the_threshold() -> None:
    """Far below gamma_p the background and a gamma^p are left; the same curve without a has nothing there."""
    gamma = 0.02
    np.testing.assert_allclose(conductivity(HOPPING, gamma)[0] - 0.019, 8.2e3 * gamma**1.3, rtol=1e-2)
    without = np.concatenate([HOPPING[:5], [0.0, 1.0]])
    assert conductivity(without, gamma)[0] - 0.019 < 0.01 * 8.2e3 * gamma**1.3
    added = [conductivity(HOPPING, g)[0] - conductivity(without, g)[0] for g in (0.1, 0.5)]
    np.testing.assert_allclose(added, [8.2e3 * 0.1**1.3, 8.2e3 * 0.5**1.3], rtol=1e-10)


@pytest.mark.parametrize("row", [CURVE, HOPPING, table()], ids=["percolation", "hopping", "table"])
def test_slopes_are_the_derivatives(row: np.ndarray) -> None:
    # 5e-4 and 0.7 lie outside the table
    points = [(g,) for g in (5e-4, 3e-3, 0.02, 0.03, 0.1, 0.35, 0.7)]
    assert_slopes(lambda g: conductivity(row, g), points, rtol=1e-7, floor=0.0)
