"""Solvated ions: the balance of the solvent, what is kept at equilibrium, and the limits of the law."""

import numpy as np
import pytest

from eisfv.physics.solvation import free_solvent, solvated_share, solvated_slope
from support.slopes import assert_slopes

SIZES = [np.array([11.0, 11.0]), np.array([1.0, 1.0]), np.array([5.0, 0.0, 12.0])]
each_size = pytest.mark.parametrize("size", SIZES, ids=["shells", "bare", "mixed"])
POTENTIALS = [-8.0, -3.0, 0.5, 6.0, 40.0]


def shares(y: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return theta and the free share of the solvated species."""
    both = np.array([solvated_share(y, size, s) for s in np.flatnonzero(size)])
    return both[:, 0], both[:, 1]


@each_size
@pytest.mark.parametrize("own", POTENTIALS)
def test_ions_their_shells_and_the_free_solvent_fill_the_room(own: float, size: np.ndarray) -> None:
    y = np.linspace(own, -own, len(size))
    theta, _ = shares(y, size)
    fractions = np.exp(y[size > 0] + size[size > 0] * free_solvent(y, size))
    np.testing.assert_allclose(fractions.sum() + np.exp(free_solvent(y, size)), 1.0, rtol=1e-13)
    total = theta.sum() / fractions.sum()
    np.testing.assert_allclose((size[size > 0] * theta).sum() + total * np.exp(free_solvent(y, size)), 1.0, rtol=1e-13)


@each_size
@pytest.mark.parametrize("own", POTENTIALS)
def test_the_potential_is_ln_theta_over_the_free_share(own: float, size: np.ndarray) -> None:
    y = np.linspace(own, -own, len(size))
    theta, free = shares(y, size)
    np.testing.assert_allclose(np.log(theta / free), y[size > 0], rtol=1e-13, atol=1e-13)


def test_bare_ions_are_bikermans_lattice() -> None:
    y = np.array([1.3, -0.4])
    theta, free = shares(y, SIZES[1])
    total = 1.0 + np.exp(y).sum()
    np.testing.assert_allclose(theta, np.exp(y) / total, rtol=1e-14)
    np.testing.assert_allclose(free, 1.0 / total, rtol=1e-14)
    assert abs(shares(y, SIZES[0])[0][0] / theta[0] - 1.0) > 0.5


def test_few_ions_are_dilute() -> None:
    theta, free = shares(np.array([-20.0, -21.0]), SIZES[0])
    np.testing.assert_allclose(theta, np.exp([-20.0, -21.0]), rtol=1e-6)
    np.testing.assert_allclose(free, 1.0, rtol=1e-6)


@each_size
def test_slopes_are_the_derivatives(size: np.ndarray) -> None:
    ions = np.flatnonzero(size)
    for s in ions:

        def value(*y: float, s: int = s) -> tuple[float, ...]:
            at = np.array(y)
            free = solvated_share(at, size, s)[1]
            slopes = [solvated_slope(at, size, s, o) if o in ions else 0.0 for o in range(len(size))]
            return (np.log(free), *slopes)

        rng = np.random.default_rng(3)
        assert_slopes(value, [tuple(rng.uniform(-5.0, 5.0, len(size))) for _ in range(20)], rtol=1e-6)


@pytest.mark.parametrize("own", [1e3, 1e300])
def test_no_potential_overflows(own: float) -> None:
    theta, free = shares(np.array([own, -own]), SIZES[0])
    assert np.isfinite(theta).all()
    assert np.isfinite(free).all()
    np.testing.assert_allclose(theta[0], 1.0 / 11.0, rtol=1e-12)
