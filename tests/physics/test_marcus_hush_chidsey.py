"""The Marcus-Hush-Chidsey law against the integral over the metal's electrons, its limits and Zeng's closed form."""

from math import erfc, exp, log, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import quad

from eisfv.physics.butler_volmer import butler_volmer
from eisfv.physics.marcus_hush_chidsey import marcus_hush_chidsey

AFFINITIES = (-60.0, -12.0, -5.5, -1.0, 0.0, 0.3, 5.5, 12.0, 30.0, 70.0)
LARGE = 2000.0


def forward(a: float, reorganisation: float) -> float:
    """Return k(a): the rate of full sites toward empty ones."""
    return float(marcus_hush_chidsey(1.0, 0.0, 0.0, 1.0, a, reorganisation)[0])


def integral(a: float, reorganisation: float) -> float:
    """Return Chidsey's integral over the electrons of the metal, times e^{lambda/4}/pi."""

    def of_level(t: float) -> float:
        return exp((t - a) / 2 - (t - reorganisation) ** 2 / (4 * reorganisation)) / (2 * np.cosh((t - a) / 2))

    # The rate of one level times the Fermi function 1/(1 + e^{t-a}) = e^{-(t-a)/2} / (2 cosh((t-a)/2)).
    def summed(t: float) -> float:
        return of_level(t) * exp(-(t - a))

    reach = 20.0 * sqrt(reorganisation)
    low, high = min(a, reorganisation) - reach, max(a, reorganisation) + reach
    found = quad(summed, low, high, points=sorted({a, reorganisation}), limit=1000, epsabs=0.0, epsrel=1e-11)[0]
    return float(found * exp(reorganisation / 4) / pi)


def closed(a: float, reorganisation: float) -> float:
    """Return the closed form of Zeng et al., 2014, over its value at a = 0."""

    def factor(a: float) -> float:
        return erfc((reorganisation - sqrt(1 + sqrt(reorganisation) + a * a)) / (2 * sqrt(reorganisation)))

    return 2.0 * factor(a) / factor(0.0) / (1.0 + exp(-a))


@pytest.mark.parametrize("reorganisation", [0.5, 2.0, 10.0, 19.5, 40.0, 120.0])
@pytest.mark.parametrize("a", AFFINITIES)
def test_the_rate_is_chidseys_integral(a: float, reorganisation: float) -> None:
    np.testing.assert_allclose(forward(a, reorganisation), integral(a, reorganisation), rtol=5e-9)


@pytest.mark.parametrize("a", AFFINITIES)
def test_zengs_closed_form_is_within_its_few_per_cent_at_ten_rt(a: float) -> None:
    ratio = closed(a, 10.0) / (forward(a, 10.0) / forward(0.0, 10.0))
    assert abs(ratio - 1.0) < 0.07


def test_zengs_closed_form_is_not_at_forty_rt() -> None:
    assert closed(12.0, 40.0) / (forward(12.0, 40.0) / forward(0.0, 40.0)) < 0.8


def test_the_rate_saturates_where_butler_volmer_does_not() -> None:
    limit = 2.0 * sqrt(10.0 / pi) * exp(2.5)
    np.testing.assert_allclose([forward(60.0, 10.0), forward(500.0, 10.0)], limit, rtol=1e-9)
    rates = [butler_volmer(1.0, 0.0, 0.0, 1.0, a, 0.5)[0] for a in (60.0, 500.0)]
    assert log(rates[1] / rates[0]) == pytest.approx(220.0)


@pytest.mark.parametrize("a", [-20.0, -3.0, 0.0, 1.0, 8.0])
def test_butler_volmer_of_a_half_is_the_limit_of_a_large_reorganisation_energy(a: float) -> None:
    np.testing.assert_allclose(forward(a, 1e5), exp(a / 2), rtol=5e-3)
    errors = [abs(forward(a, reorganisation) / exp(a / 2) - 1) for reorganisation in (LARGE, 4 * LARGE)]
    np.testing.assert_allclose(errors[0] / errors[1], 4.0, rtol=0.1)


@pytest.mark.parametrize("reorganisation", [1.0, 10.0, 40.0])
@pytest.mark.parametrize("a", [0.5, 7.0, 35.0, 300.0])
def test_forward_over_backward_is_the_exponential_of_the_affinity(a: float, reorganisation: float) -> None:
    ratio = log(forward(a, reorganisation)) - log(forward(-a, reorganisation))
    np.testing.assert_allclose(ratio, a, rtol=1e-13)
