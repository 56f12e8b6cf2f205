"""The interface law against what it alone promises; what every law promises is in test_transfer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.butler_volmer import butler_volmer
from eisfv.physics.transfer import exchange_activity, transfer_row

ALPHA = 0.3
SHARES = st.floats(1e-9, 0.999)


def rate(theta_l: float, theta_r: float, affinity: float, alpha: float = ALPHA) -> float:
    """Return the rate between two lattices over k0."""
    return float(butler_volmer(theta_l, 1.0 - theta_l, theta_r, 1.0 - theta_r, affinity, alpha)[0])


@given(SHARES, SHARES, st.floats(0.1, 0.9))
def test_exchange_rate_is_the_geometric_mean_of_both_sides(theta_l: float, theta_r: float, alpha: float) -> None:
    expected = (theta_l * (1 - theta_r)) ** (1 - alpha) * (theta_r * (1 - theta_l)) ** alpha
    row = transfer_row("butler_volmer", (alpha,))
    np.testing.assert_allclose(exchange_activity(row, theta_l, 1 - theta_l, theta_r, 1 - theta_r), expected, rtol=1e-12)


def test_each_branch_has_its_tafel_slope() -> None:
    for sign, slope in ((+1, ALPHA), (-1, 1 - ALPHA)):
        rates = [abs(rate(0.4, 0.4, sign * a)) for a in (40.0, 41.0)]
        np.testing.assert_allclose(np.log(rates[1] / rates[0]), slope, rtol=1e-6)


def test_exchanged_transfer_coefficients_do_not_pass_the_tafel_check() -> None:
    rates = [abs(rate(0.4, 0.4, a, 1 - ALPHA)) for a in (40.0, 41.0)]
    assert np.log(rates[1] / rates[0]) != pytest.approx(ALPHA, rel=1e-6)


def test_dilute_species_obeys_the_law_of_mass_action() -> None:
    ratio = butler_volmer(2e-3, 1.0, 0.0, 1.0, 3.0, ALPHA)[0] / butler_volmer(1e-3, 1.0, 0.0, 1.0, 3.0, ALPHA)[0]
    np.testing.assert_allclose(ratio, 2.0, rtol=1e-14)
