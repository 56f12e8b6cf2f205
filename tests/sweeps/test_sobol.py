"""Sobol indices against functions whose variance is known in closed form."""

import numpy as np
import pytest
from scipy import stats

from eisfv.postprocess.sweeps.sobol import SobolError, sobol_indices

A, B = 7.0, 0.1  # of the Ishigami function sin x1 + A sin^2 x2 + B x3^4 sin x1 on [-pi, pi]^3


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(x[..., 0]) + A * np.sin(x[..., 1]) ** 2 + B * x[..., 2] ** 4 * np.sin(x[..., 0]))


def exact() -> tuple[np.ndarray, np.ndarray]:
    """First and total indices, from the moments of the function (Sobol and Levitan 1999)."""
    v1 = 0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2
    v2 = A**2 / 8.0
    v13 = B**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = v1 + v2 + v13
    return np.array([v1, v2, 0.0]) / variance, np.array([v1 + v13, v2, v13]) / variance


def blocks(power: int, seed: int = 3) -> np.ndarray:
    """Values of A, AB_1, AB_2, AB_3, B in rows, from one Sobol sequence of six coordinates."""
    drawn = stats.qmc.Sobol(6, rng=np.random.default_rng(seed)).random_base2(power)
    first, second = np.pi * (2.0 * drawn[:, :3] - 1.0), np.pi * (2.0 * drawn[:, 3:] - 1.0)
    mixed = [np.where(np.arange(3) == k, second, first) for k in range(3)]
    return np.stack([ishigami(x) for x in (first, *mixed, second)], axis=1)


def test_indices_of_the_ishigami_function_are_the_exact_ones() -> None:
    first, total = exact()
    found = sobol_indices(blocks(13))
    np.testing.assert_allclose(found.first, first, atol=0.01)
    np.testing.assert_allclose(found.total, total, atol=0.01)


def test_axes_in_the_wrong_order_are_told_apart() -> None:
    swapped = blocks(13)[:, [0, 2, 1, 3, 4]]
    assert np.abs(sobol_indices(swapped).first - exact()[0]).max() > 0.1


def test_intervals_cover_the_exact_indices_and_narrow_with_the_sample() -> None:
    first, total = exact()
    few, many = sobol_indices(blocks(8)), sobol_indices(blocks(12))
    for found in (few, many):
        for interval, value in ((found.first_interval, first), (found.total_interval, total)):
            assert (interval[:, 0] <= value).all()
            assert (value <= interval[:, 1]).all()
    assert np.ptp(many.total_interval[0]) < 0.5 * np.ptp(few.total_interval[0])


def test_the_numbers_are_those_of_scipy() -> None:
    values = blocks(9)
    rows = {"f_A": values[:, :1].T, "f_B": values[:, -1:].T, "f_AB": values[:, 1:-1].T[:, None, :]}
    theirs = stats.sobol_indices(func=rows, n=len(values))
    ours = sobol_indices(values)
    np.testing.assert_allclose(ours.first, np.ravel(theirs.first_order), rtol=1e-10)
    np.testing.assert_allclose(ours.total, np.ravel(theirs.total_order), rtol=1e-10)


def test_a_block_with_a_failed_run_is_left_out_whole() -> None:
    values = blocks(9)
    holed = values.copy()
    holed[7, 2] = holed[11, 0] = np.nan
    found, without = sobol_indices(holed), sobol_indices(np.delete(values, (7, 11), axis=0))
    assert (found.blocks, found.of) == (510, 512)
    np.testing.assert_array_equal(found.first, without.first)


def test_an_offset_changes_nothing() -> None:
    values = blocks(8)
    np.testing.assert_allclose(sobol_indices(values + 1e4).first, sobol_indices(values).first, rtol=1e-6)


def test_too_few_blocks_give_no_indices() -> None:
    values = blocks(5)
    values[:20, 1] = np.nan
    with pytest.raises(SobolError, match="12 blocks of finished runs of 32"):
        sobol_indices(values)


def test_a_quantity_that_never_changes_has_no_indices() -> None:
    with pytest.raises(SobolError, match="the same in every run"):
        sobol_indices(np.full((64, 5), 3e-7))


def test_twice_the_same_picture() -> None:
    values = blocks(6)
    np.testing.assert_array_equal(sobol_indices(values).first_interval, sobol_indices(values).first_interval)
