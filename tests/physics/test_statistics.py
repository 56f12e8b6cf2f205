"""Occupation of sites by one species or by several that share them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eisfv.physics.statistics import lattice_share

LEVELS = st.floats(-300.0, 300.0)


@given(LEVELS)
def test_alone_the_species_is_fermi_distributed(y: float) -> None:
    theta, free = lattice_share(y, 0.0)
    np.testing.assert_allclose(theta, 1.0 / (1.0 + np.exp(-y)), rtol=1e-14)
    np.testing.assert_allclose(free, 1.0 / (1.0 + np.exp(y)), rtol=1e-14)


@given(LEVELS, LEVELS)
def test_ideal_potential_is_the_logarithm_of_occupied_over_free(y: float, other: float) -> None:
    theta, free = lattice_share(y, np.exp(other))
    np.testing.assert_allclose(np.log(theta) - np.log(free), y, rtol=1e-13, atol=1e-13)


@given(LEVELS, LEVELS)
def test_sites_are_occupied_or_free(a: float, b: float) -> None:
    theta_a, free = lattice_share(a, np.exp(b))
    theta_b, same = lattice_share(b, np.exp(a))
    np.testing.assert_allclose(theta_a + theta_b + free, 1.0, rtol=4e-16)
    np.testing.assert_allclose(free, same, rtol=1e-13)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_occupation_stays_within_its_sites(y: float) -> None:
    theta, free = lattice_share(y, 0.0)
    assert 0.0 < theta <= 1.0
    assert 0.0 < free <= 1.0
