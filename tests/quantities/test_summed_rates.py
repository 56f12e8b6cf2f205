"""Rates off pulses, summed up along a waveform, against integrals in closed form."""

import numpy as np
import pytest

from eisfv.postprocess.quantities.reductions import ReductionError
from eisfv.postprocess.quantities.summed_rates import factors, rate, readings, summed

HEIGHTS = np.array([2.0, 4.0, 6.0])  # V
R0, V0 = 1e-9, 0.7  # S/s and V: R = R0 exp(|V|/V0), down half as large
RATES = R0 * np.exp(HEIGHTS / V0) * np.array([[1.0], [0.5]])
WIDTHS = np.geomspace(0.01, 10.0, 5)  # s


def test_pulses_of_a_constant_rate_give_it_however_it_is_read() -> None:
    for sign in (1.0, -1.0):
        np.testing.assert_allclose(readings(WIDTHS, sign * 3e-9 * WIDTHS), 3e-9, rtol=1e-12)


def test_where_the_rate_is_read_decides_of_pulses_that_are_no_line() -> None:
    # |dG| = A w^b: A at 1 s; 50 nS over (50 nS/A)^(1/b); A w^(b - 1) of the shortest.
    level, slope = 200e-9, 1.1
    expected = [level, 50e-9 / (50e-9 / level) ** (1.0 / slope), level * WIDTHS[0] ** (slope - 1.0)]
    np.testing.assert_allclose(readings(WIDTHS, level * WIDTHS**slope), expected, rtol=1e-12)


def test_pulses_of_both_signs_have_no_rate() -> None:
    with pytest.raises(ReductionError, match="changes its sign"):
        readings(WIDTHS, 1e-9 * WIDTHS * np.sign(WIDTHS - 0.1))


def test_a_square_pulse_of_a_measured_height_changes_by_its_rate_times_its_length() -> None:
    np.testing.assert_allclose(summed(lambda t: 4.0, 3.0, HEIGHTS, RATES), 3.0 * RATES[0, 1], rtol=1e-12)
    np.testing.assert_allclose(summed(lambda t: -4.0, 3.0, HEIGHTS, RATES), -3.0 * RATES[1, 1], rtol=1e-12)


def test_a_ramp_gives_the_integral_of_the_exponential_and_of_the_straight_part_below_it() -> None:
    # Over V at 1 V/s: R(2 V)/2 V * V up to 2 V, R0 exp(V/V0) from 2 to 6 V.
    expected = RATES[0, 0] * 2.0 / 2.0 + V0 * (RATES[0, 2] - RATES[0, 0])
    np.testing.assert_allclose(summed(lambda t: t, 6.0, HEIGHTS, RATES), expected, rtol=1e-6)


def test_the_rate_has_the_sign_of_the_voltage_and_stays_beyond_the_largest_height() -> None:
    found = rate(np.array([0.0, -1.0, -6.0, 9.0]), HEIGHTS, RATES)
    np.testing.assert_allclose(found, [0.0, -RATES[1, 0] / 2.0, -RATES[1, 2], RATES[0, 2]], rtol=1e-12)


def test_a_device_of_constant_rates_has_a_factor_of_one_and_one_that_loses_a_third_has_less() -> None:
    pulses = [(volts, width) for volts in (4.0, -4.0, 6.0) for width in (0.5, 2.0)]
    own = np.array([np.sign(v) * RATES[int(v < 0.0), list(HEIGHTS).index(abs(v))] * w for v, w in pulses])
    sums = np.array([summed(lambda t, v=v: v, w, HEIGHTS, RATES) for v, w in pulses])
    np.testing.assert_allclose(factors(own, sums), 1.0, rtol=1e-12)
    np.testing.assert_allclose(factors(own * 2.0 / 3.0, sums), 2.0 / 3.0, rtol=1e-12)
