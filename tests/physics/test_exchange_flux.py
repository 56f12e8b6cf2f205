"""The flux between two points of a phase: exact at equilibrium, drift and diffusion in its limits."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.exchange_flux import exchange_flux
from support.slopes import assert_slopes

SHARES = st.floats(1e-12, 1.0 - 1e-12)
DROPS = st.floats(-200.0, 200.0)


@given(SHARES, SHARES)
def test_no_flux_where_the_electrochemical_potential_is_level(theta_l: float, theta_r: float) -> None:
    v_l, v_r = 1.0 - theta_l, 1.0 - theta_r
    d = np.log(theta_l / v_l) - np.log(theta_r / v_r)
    flux, *_ = exchange_flux(theta_l, v_l, theta_r, v_r, d)
    forward = exchange_flux(theta_l, v_l, 0.0, v_r, d)[0]
    assert abs(flux) <= 1e-13 * forward


@given(SHARES, SHARES, DROPS)
def test_flux_runs_down_the_electrochemical_potential(theta_l: float, theta_r: float, d: float) -> None:
    v_l, v_r = 1.0 - theta_l, 1.0 - theta_r
    fall = np.log(theta_l / v_l) - np.log(theta_r / v_r) - d
    flux, *_ = exchange_flux(theta_l, v_l, theta_r, v_r, d)
    if abs(fall) > 1e-9:
        assert flux * fall >= 0.0


@given(SHARES, SHARES)
def test_without_field_the_lattice_gas_diffuses_like_the_dilute_gas(theta_l: float, theta_r: float) -> None:
    gas, *_ = exchange_flux(theta_l, 1.0 - theta_l, theta_r, 1.0 - theta_r, 0.0)
    dilute, *_ = exchange_flux(theta_l, 1.0, theta_r, 1.0, 0.0)
    np.testing.assert_allclose(gas, theta_l - theta_r, atol=4e-16)
    np.testing.assert_allclose(dilute, theta_l - theta_r, atol=4e-16)


@given(SHARES, DROPS)
def test_uniform_lattice_gas_drifts_with_the_mobility_of_its_free_sites(theta: float, d: float) -> None:
    flux, *_ = exchange_flux(theta, 1.0 - theta, theta, 1.0 - theta, d)
    crossing = max(1.0, abs(d)) * theta * (1.0 - theta)  # either way, before they are subtracted
    np.testing.assert_allclose(flux, -d * theta * (1.0 - theta), atol=1e-14 * crossing)


@given(SHARES, SHARES, DROPS)
def test_mirror_image_turns_the_flux_around(theta_l: float, theta_r: float, d: float) -> None:
    there, *_ = exchange_flux(theta_l, 1.0 - theta_l, theta_r, 1.0 - theta_r, d)
    back, *_ = exchange_flux(theta_r, 1.0 - theta_r, theta_l, 1.0 - theta_l, -d)
    np.testing.assert_allclose(there, -back, rtol=1e-10, atol=1e-13 * max(1.0, abs(d)))


def test_a_full_target_takes_nothing() -> None:
    assert exchange_flux(0.5, 0.5, 1.0, 0.0, -30.0)[0] < 0.0


def test_slopes_are_the_derivatives() -> None:
    rng = np.random.default_rng(7)
    points = [(*rng.uniform(0.05, 0.95, 4), rng.uniform(-30, 30)) for _ in range(100)]
    assert_slopes(exchange_flux, [*points, (0.3, 0.7, 0.6, 0.4, 0.0), (0.3, 0.7, 0.6, 0.4, 1e-3)])
