"""Coupled ion-electron transfer against figures of intercalation, its limits, and the integral behind it."""

import numpy as np
import pytest
from scipy.integrate import quad

from eisfv.physics.coupled_transfer import coupled_transfer, reduction

BOLTZMANN = 1.380649e-23  # J/K
REORGANISATION = 6.26e-20 / (BOLTZMANN * 298.0)


def rate(c: float, overpotential: float, reorganisation: float = REORGANISATION) -> float:
    """Return the rate of reduction from a solution of activity 1 into a host filled to c, k0 = 1; overpotential in
    RT/F."""
    affinity = -overpotential + np.log(c / (1.0 - c))
    return float(coupled_transfer(1.0, 1.0, c, 1.0 - c, affinity, reorganisation)[0])


@pytest.mark.parametrize(
    "c, overpotential, expected",
    [(0.5, -1.0, 1.695308e-3), (0.5, -5.0, 1.4716019e-2), (0.2, -2.0, 3.865564e-3), (0.9, -2.0, 9.677257e-4)],
)
def test_rate_of_intercalation(c: float, overpotential: float, expected: float) -> None:
    np.testing.assert_allclose(rate(c, overpotential), expected, rtol=1e-6)


def test_the_other_sign_of_the_overpotential_is_seen() -> None:
    assert rate(0.5, 1.0) < 0.0 < rate(0.5, -1.0)
    assert abs(rate(0.5, 1.0) / 1.695308e-3 + 1.0) > 0.01


@pytest.mark.parametrize("w", [-30.0, -3.0, 0.0, 2.0, 20.0])
def test_it_is_within_four_percent_of_the_integral(w: float) -> None:
    def integrand(x: float) -> float:
        return float(np.exp(-((x - REORGANISATION) ** 2) / (4 * REORGANISATION)) / (1 + np.exp(x - w)))

    exact = quad(integrand, -200, 200, points=[REORGANISATION, w], epsabs=0, limit=500)[0]
    found = reduction(w, REORGANISATION)[0]
    np.testing.assert_allclose(found, exact / np.sqrt(4 * np.pi * REORGANISATION), rtol=0.04)


def test_both_directions_saturate() -> None:
    for sign in (-1.0, 1.0):
        far, farther = (abs(rate(0.5, sign * eta)) for eta in (150.0, 300.0))
        np.testing.assert_allclose(farther / far, 1.0, rtol=1e-6)


def test_a_nearly_full_host_takes_by_its_free_sites() -> None:
    """The exchange rate falls as 1 - c."""
    slopes = [rate(c, -1e-3) / (1.0 - c) for c in (0.99, 0.999)]
    np.testing.assert_allclose(slopes[0], slopes[1], rtol=0.01)
