"""The interface law against what it promises, each promise named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.butler_volmer import butler_volmer, exchange_activity
from support.slopes import assert_slopes

ALPHA = 0.3
SHARES = st.floats(1e-9, 0.999)


def rate(theta_l: float, theta_r: float, affinity: float, alpha: float = ALPHA) -> float:
    """Return the rate between two lattices over k0."""
    return float(butler_volmer(theta_l, 1.0 - theta_l, theta_r, 1.0 - theta_r, affinity, alpha)[0])


@given(SHARES, SHARES, st.floats(0.1, 0.9))
def test_rate_vanishes_at_equilibrium(theta_l: float, theta_r: float, alpha: float) -> None:
    level = np.log(theta_r / (1 - theta_r)) - np.log(theta_l / (1 - theta_l))
    exchange = exchange_activity(theta_l, 1 - theta_l, theta_r, 1 - theta_r, alpha)
    assert abs(rate(theta_l, theta_r, level, alpha)) < 1e-13 * exchange


@given(SHARES, SHARES, st.floats(0.1, 0.9))
def test_exchange_rate_is_each_direction_at_equilibrium(theta_l: float, theta_r: float, alpha: float) -> None:
    level = np.log(theta_r / (1 - theta_r)) - np.log(theta_l / (1 - theta_l))
    one_way = butler_volmer(theta_l, 1 - theta_l, 0.0, 1 - theta_r, level, alpha)[0]
    np.testing.assert_allclose(
        one_way, exchange_activity(theta_l, 1 - theta_l, theta_r, 1 - theta_r, alpha), rtol=1e-12
    )


@given(SHARES, SHARES, st.floats(-80.0, 80.0))
def test_rate_runs_down_the_electrochemical_potential(theta_l: float, theta_r: float, affinity: float) -> None:
    fall = np.log(theta_l / (1 - theta_l)) - np.log(theta_r / (1 - theta_r)) + affinity
    if abs(fall) > 1e-9:
        assert rate(theta_l, theta_r, affinity) * fall > 0.0


def test_each_branch_has_its_tafel_slope() -> None:
    for sign, slope in ((+1, ALPHA), (-1, 1 - ALPHA)):
        rates = [abs(rate(0.4, 0.4, sign * a)) for a in (40.0, 41.0)]
        np.testing.assert_allclose(np.log(rates[1] / rates[0]), slope, rtol=1e-6)


def test_exchanged_transfer_coefficients_do_not_pass_the_tafel_check() -> None:
    rates = [abs(rate(0.4, 0.4, a, 1 - ALPHA)) for a in (40.0, 41.0)]
    assert np.log(rates[1] / rates[0]) != pytest.approx(ALPHA, rel=1e-6)


def test_full_host_takes_no_more() -> None:
    assert rate(0.5, 1.0, 5.0) < 0


def test_dilute_species_obeys_the_law_of_mass_action() -> None:
    ratio = butler_volmer(2e-3, 1.0, 0.0, 1.0, 3.0, ALPHA)[0] / butler_volmer(1e-3, 1.0, 0.0, 1.0, 3.0, ALPHA)[0]
    np.testing.assert_allclose(ratio, 2.0, rtol=1e-14)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_affinity_overflows(affinity: float) -> None:
    assert np.isfinite(butler_volmer(0.2, 0.8, 0.3, 0.7, affinity, ALPHA)).all()


def test_slopes_are_the_derivatives() -> None:
    rng = np.random.default_rng(7)
    points = [(*rng.uniform(0.01, 0.99, 4), rng.uniform(-20, 20)) for _ in range(100)]
    assert_slopes(lambda *x: butler_volmer(*x, ALPHA), points)
