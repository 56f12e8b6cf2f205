"""Profile likelihood, starts and posterior against models with an answer in closed form."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from eisfv.calibration.fit import Fit, NoStartError, fitted
from eisfv.calibration.posterior import drawn
from eisfv.calibration.profile import RISES, profiled
from eisfv.calibration.starts import from_all, spread_starts

X = np.linspace(0.0, 1.0, 12)
ERROR = 0.05
Many = Callable[[Sequence[np.ndarray]], list[np.ndarray | None]]


def silent(u: np.ndarray, residuals: np.ndarray | None) -> None:
    """Show nothing of how far a fit is."""


def many(one: Callable[[np.ndarray], np.ndarray | None]) -> Many:
    return lambda points: [one(u) for u in points]


def line(seed: int = 3) -> Many:
    """Return the residuals of a straight line of level u0 and slope u1 on noisy data, in their errors."""
    data = 0.4 + 0.5 * X + ERROR * np.random.default_rng(seed).normal(size=X.size)
    return many(lambda u: (u[0] + u[1] * X - data) / ERROR)


def test_the_profile_of_a_linear_model_is_its_covariance() -> None:
    fit = fitted(line(), np.array([0.5, 0.5]), X.size, silent)
    assert fit.covariance is not None
    for k in range(2):
        profile = profiled(line(), fit, k, silent)
        error = fit.covariance[k, k] ** 0.5
        for rise, (low, high) in zip(RISES, profile.intervals, strict=True):
            np.testing.assert_allclose(
                [fit.coordinates[k] - low, high - fit.coordinates[k]], rise**0.5 * error, rtol=0.02
            )
            alone = (fit.variance / (fit.jacobian[:, k] @ fit.jacobian[:, k])) ** 0.5
            with pytest.raises(AssertionError):  # the others held, not fitted again
                np.testing.assert_allclose(high - fit.coordinates[k], rise**0.5 * alone, rtol=0.02)
        assert profile.identified
        assert profile.at.size >= 9
        assert (np.diff(profile.at) > 0.0).all()


def test_a_flat_direction_ends_where_the_other_parameter_does() -> None:
    residuals = many(lambda u: np.append((u[0] + u[1] - 0.9) * np.ones(3) / 0.01, (u[2] - 0.4) / 0.1))
    fit = fitted(residuals, np.array([0.4, 0.4, 0.5]), 4, silent, absolute=True)
    flat = profiled(residuals, fit, 0, silent)
    # u1 = 0.9 - u0 makes all good until it is zero; from there on the rise is 3 (u0 - 0.9)^2 / 0.01^2
    assert flat.open[-1] == (True, False)
    np.testing.assert_allclose(flat.intervals[-1][1], 0.9 + 0.01 * (RISES[-1] / 3.0) ** 0.5, rtol=2e-3)
    told = profiled(residuals, fit, 2, silent)
    assert told.open == ((False, False), (False, False))
    np.testing.assert_allclose(told.intervals[0], [0.3, 0.5], rtol=0.02)


def test_what_no_target_bounds_is_not_identified() -> None:
    # u1 moves what u0 makes good: any u1 fits
    residuals = many(lambda u: (u[0] - 0.2 - 0.5 * u[1]) * np.array([100.0, 50.0, 10.0]))
    fit = fitted(residuals, np.array([0.5, 0.5]), 3, silent, absolute=True)
    profile = profiled(residuals, fit, 1, silent)
    assert profile.open[-1] == (True, True)
    assert not profile.identified
    assert profile.intervals[-1] == (0.0, 1.0)


def test_a_bounded_side_is_told_apart_from_an_open_one() -> None:
    # saturates: from u = 0.5 on the model does not change
    residuals = many(lambda u: (np.minimum(u[0], 0.5) - np.array([0.5, 0.5])) / 0.02)
    fit = fitted(residuals, np.array([0.45]), 2, silent, absolute=True)
    profile = profiled(residuals, fit, 0, silent)
    assert profile.open[-1] == (False, True)
    assert profile.identified


def test_starts_find_the_deeper_of_two_minima() -> None:
    # r = 0 at 0.9, a local minimum near 0.2
    def one(u: np.ndarray) -> np.ndarray:
        return np.array([10.0 * (u[0] - 0.2) * (u[0] - 0.9), u[0] - 0.9])

    def fit_from(start: np.ndarray) -> Fit:
        return fitted(many(one), start, 2, silent)

    alone, _ = from_all(fit_from, [np.array([0.1])])
    best, minima = from_all(fit_from, spread_starts(np.array([0.1]), 8, seed=1))
    np.testing.assert_allclose(best.coordinates, 0.9, atol=1e-3)
    assert alone.coordinates[0] < 0.3
    assert [round(float(one.coordinates[0]), 1) for one in minima] == [0.9, 0.2]
    assert sum(one.count for one in minima) == 8
    assert minima[0].cost < minima[1].cost


def test_starts_lie_in_every_stripe_of_every_range() -> None:
    starts = np.array(spread_starts(np.array([0.5, 0.5]), 21, seed=4)[1:])
    for column in starts.T:
        assert sorted((column * 20).astype(int)) == list(range(20))


def test_a_start_that_cannot_be_run_is_passed_by_unless_it_is_the_first() -> None:
    residuals = many(lambda u: None if u[0] > 0.6 else np.array([u[0] - 0.3, 0.0]))
    best, minima = from_all(lambda start: fitted(residuals, start, 2, silent), [np.array([0.5]), np.array([0.9])])
    np.testing.assert_allclose(best.coordinates, 0.3, rtol=1e-3)
    assert minima[0].count == 1
    with pytest.raises(NoStartError):
        from_all(lambda start: fitted(residuals, start, 2, silent), [np.array([0.9]), np.array([0.5])])


def test_draws_have_the_mean_and_the_covariance_of_a_linear_model() -> None:
    pytest.importorskip("emcee")
    design = np.stack([np.ones_like(X), X, X**2], axis=1)
    data = design @ [0.5, 0.5, 0.5]
    residuals = many(lambda u: (design @ u - data) / 0.02)
    fit = fitted(residuals, np.full(3, 0.4), X.size, silent, absolute=True)
    posterior = drawn(residuals, fit, 3000, 20, 5, silent)
    exact = np.linalg.inv(design.T @ design) * 0.02**2
    deviation = np.sqrt(np.diag(exact))
    # 54 000 draws that count as 54 000 / 40: an error to 3 %, three times of it allowed for the covariance
    np.testing.assert_allclose((posterior.draws.mean(axis=0) - 0.5) / deviation, 0.0, atol=0.1)
    found = np.cov(posterior.draws.T)
    np.testing.assert_allclose(np.sqrt(np.diag(found)), deviation, rtol=0.05)
    np.testing.assert_allclose(np.corrcoef(posterior.draws.T), exact / np.outer(deviation, deviation), atol=0.03)
    assert posterior.long_enough
    assert not drawn(residuals, fit, 40, 20, 5, silent).long_enough
