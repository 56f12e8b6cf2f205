"""A share of the excess potential taken as diffusion changes no state of rest, and no empty neighbour stops a flow."""

import numpy as np
import pytest

from eisfv.physics.enhanced_diffusion import APART, LEAST, enhancement
from eisfv.physics.exchange_flux import exchange_flux


def flow(excess_share: float, fall: float, potential: float = 0.0, enhanced: bool = True) -> float:
    """Return N of a cell of concentration 1 into one of e^-fall, whose excess potential is -(1 - s) y."""
    y, mu = -fall, (1.0 - excess_share) * fall
    e = enhancement(mu, y)[0] if enhanced else 1.0
    d = (potential + mu - (e - 1.0) * y) / e
    return float(e * exchange_flux(1.0, 1.0, np.exp(y), 1.0, d)[0])


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9])
def test_the_flow_falls_no_more_as_a_neighbour_empties(share: float) -> None:
    falls = np.linspace(0.0, 60.0, 601)
    flows = np.array([flow(share, fall) for fall in falls])
    assert (np.diff(flows) > -0.06 * flows.max()).all()
    np.testing.assert_allclose(flows[-1], share, rtol=0.05)
    # without it the face is shut
    assert flow(share, 60.0, enhanced=False) < 0.05 * share


@pytest.mark.parametrize("fall", [0.3, 2.0, 9.0])
@pytest.mark.parametrize("share", [0.01, 0.5])
def test_what_is_level_rests(share: float, fall: float) -> None:
    assert abs(flow(share, fall, share * fall)) < 1e-14
    assert flow(share, fall, 0.9 * share * fall) > 0.0 > flow(share, fall, 1.1 * share * fall)


def test_neighbours_nearby_and_an_excess_that_repels_are_left_as_they_are() -> None:
    assert enhancement(1.0, -APART)[0] == 1.0
    assert enhancement(-40.0, -50.0)[0] == 1.0
    assert enhancement(-20.0, 50.0)[0] < 1.0
    assert enhancement(60.0, -50.0)[0] == LEAST  # not stable


@pytest.mark.parametrize("mu, y", [(2.0, -4.0), (-3.0, 6.0), (0.1, -1.6), (30.0, -60.0)])
def test_slopes_are_the_derivatives(mu: float, y: float) -> None:
    _, by_mu, by_y = enhancement(mu, y)
    step = 1e-6
    np.testing.assert_allclose(by_mu, (enhancement(mu + step, y)[0] - enhancement(mu - step, y)[0]) / (2 * step), 1e-6)
    np.testing.assert_allclose(by_y, (enhancement(mu, y + step)[0] - enhancement(mu, y - step)[0]) / (2 * step), 1e-5)
