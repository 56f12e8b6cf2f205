"""The flux by the fall of the level is exponential fitting, and exact where that has lost its digits."""

from decimal import Decimal, getcontext

import numpy as np
import pytest

from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.level_flux import level_flux
from support.slopes import assert_slopes

FALLS = [-1.0, 1.0, -5.0, 5.0]
DRIFTS = [-30.0, -1.0, -1e-3, 0.0, 0.2, 3.0, 30.0]


def exact(c_l: float, level: float, d: float) -> float:
    """Return the flux with fifty digits, c_r = c_l e^(L - d)."""
    getcontext().prec = 50
    x, L = Decimal(d), Decimal(level)
    weight = x / (x.exp() - 1) if d else Decimal(1)
    return float(-weight * Decimal(c_l) * (L.exp() - 1))


@pytest.mark.parametrize("level", FALLS)
@pytest.mark.parametrize("d", DRIFTS)
def test_it_is_the_exchange_flux(level: float, d: float) -> None:
    c_l = 3.0
    c_r = c_l * np.exp(level - d)
    np.testing.assert_allclose(level_flux(c_l, c_r, level, d)[0], exchange_flux(c_l, 1.0, c_r, 1.0, d)[0], rtol=1e-13)


@pytest.mark.parametrize("level", [1e-12, -1e-12, 1e-15, -1e-15])
@pytest.mark.parametrize("d", DRIFTS)
def test_a_fall_of_no_more_than_rounding_keeps_its_digits(level: float, d: float) -> None:
    c_l = 3.0
    c_r = c_l * np.exp(level - d)
    np.testing.assert_allclose(level_flux(c_l, c_r, level, d)[0], exact(c_l, level, d), rtol=1e-13)


def test_the_exchange_flux_has_lost_them() -> None:
    off = [
        abs(exchange_flux(3.0, 1.0, 3.0 * np.exp(level - d), 1.0, d)[0] / exact(3.0, level, d) - 1.0)
        for level in (1e-12, -1e-15)
        for d in DRIFTS
    ]
    assert max(off) > 0.01


@pytest.mark.parametrize("level", [-800.0, 0.0, 800.0])
@pytest.mark.parametrize("d", [-700.0, 0.0, 700.0])
def test_nothing_overflows(level: float, d: float) -> None:
    assert np.isfinite(level_flux(3.0, 2.0, level, d)).all()


def test_slopes_are_the_derivatives() -> None:
    """Against L, c and d one by one: L and the concentrations belong together, the form of each side uses its own."""
    rng = np.random.default_rng(3)
    points = [
        (float(rng.uniform(0.1, 5.0)), float(rng.uniform(0.1, 5.0)), float(sign * rng.uniform(0.1, 20.0)), d)
        for sign in (1.0, -1.0)
        for d in (-20.0, -0.3, 0.4, 15.0)
    ]

    def law(c_l: float, c_r: float, level: float, d: float) -> tuple[float, ...]:
        value, by_level, by_cl, by_cr, by_d = level_flux(c_l, c_r, level, d)
        return value, by_cl, by_cr, by_level, by_d

    assert_slopes(law, points, floor=0.1)
