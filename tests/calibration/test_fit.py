"""The fit and its errors on models that are one formula, against least squares in closed form and repeated draws."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from eisfv.calibration.fit import FAILED_RESIDUAL, NoInfluenceError, NoStartError, fitted, jacobian, spread
from eisfv.calibration.profile import profiled

X = np.linspace(0.0, 1.0, 12)
TRUE = np.array([0.3, 0.6])
Many = Callable[[Sequence[np.ndarray]], list[np.ndarray | None]]


def silent(u: np.ndarray, residuals: np.ndarray | None) -> None:
    """Show nothing of how far a fit is."""


def many(one: Callable[[np.ndarray], np.ndarray | None]) -> Many:
    return lambda points: [one(u) for u in points]


def line(data: np.ndarray) -> Many:
    return many(lambda u: u[0] + u[1] * X - data)


def decay(data: np.ndarray) -> Many:
    return many(lambda u: u[0] * np.exp(-3.0 * u[1] * X) - data)


def test_the_covariance_of_a_straight_line_is_the_closed_form() -> None:
    rng = np.random.default_rng(3)
    data = TRUE[0] + TRUE[1] * X + 0.05 * rng.normal(size=X.size)
    fit = fitted(line(data), np.array([0.5, 0.5]), X.size, silent)
    slope, level = np.polyfit(X, data, 1)
    np.testing.assert_allclose(fit.coordinates, [level, slope], rtol=1e-5)
    left = data - level - slope * X
    variance = left @ left / (X.size - 2)
    design = np.stack([np.ones_like(X), X], axis=1)
    assert fit.covariance is not None
    np.testing.assert_allclose(fit.covariance, variance * np.linalg.inv(design.T @ design), rtol=1e-6)
    assert "variance of the residuals" in fit.errors_from


def test_the_errors_are_the_scatter_of_repeated_fits() -> None:
    rng = np.random.default_rng(5)
    clean = TRUE[0] * np.exp(-3.0 * TRUE[1] * X)
    fits = [
        fitted(decay(clean + 0.01 * rng.normal(size=X.size)), np.array([0.5, 0.5]), X.size, silent) for _ in range(300)
    ]
    scatter = np.cov(np.array([fit.coordinates for fit in fits]).T)
    told = np.mean([fit.covariance for fit in fits], axis=0)
    # 300 draws give a variance to 8 %.
    np.testing.assert_allclose(told, scatter, rtol=0.25)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(2.0 * told, scatter, rtol=0.25)


def test_parameters_of_data_without_noise_come_back() -> None:
    fit = fitted(decay(TRUE[0] * np.exp(-3.0 * TRUE[1] * X)), np.array([0.8, 0.1]), X.size, silent)
    np.testing.assert_allclose(fit.coordinates, TRUE, rtol=1e-4)
    assert fit.converged
    assert not fit.at_bound.any()


def test_as_many_residuals_as_parameters_take_the_tolerances_for_errors() -> None:
    fit = fitted(many(lambda u: np.array([u[0] - 0.3, 2.0 * u[1] - 0.6])), np.array([0.5, 0.5]), 2, silent)
    assert fit.covariance is not None
    np.testing.assert_allclose(fit.covariance, [[1.0, 0.0], [0.0, 0.25]], atol=1e-6)
    assert "tolerances" in fit.errors_from


@pytest.mark.parametrize(
    "jac, words", [(np.ones((1, 2)), "1 targets"), (np.ones((3, 2)), "free"), (np.diag([1.0, 1e-12]), "free")]
)
def test_no_covariance_is_made_up_where_the_data_give_none(jac: np.ndarray, words: str) -> None:
    covariance, why = spread(jac, np.zeros(2, bool), 1.0, "widths")
    assert covariance is None
    assert words in why


def test_a_value_beyond_the_bounds_ends_at_the_bound() -> None:
    fit = fitted(line(-0.5 + 0.2 * X), np.array([0.5, 0.5]), X.size, silent)
    assert fit.coordinates[0] < 1e-3
    assert fit.at_bound.tolist()[0]


def test_one_at_its_bound_is_held_where_the_errors_of_the_others_are_told() -> None:
    data = -0.2 + 0.9 * X + 0.02 * np.random.default_rng(7).normal(size=X.size)
    fit = fitted(line(data), np.array([0.5, 0.5]), X.size, silent)
    assert fit.at_bound.tolist() == [True, False]
    # The line through the origin, whose slope alone is fitted.
    slope = X @ data / (X @ X)
    left = slope * X - data
    error = ((left @ left) / (X.size - 1) / (X @ X)) ** 0.5
    np.testing.assert_allclose(fit.coordinates[1], slope, rtol=1e-3)
    np.testing.assert_allclose(fit.errors, [np.nan, error], rtol=1e-3)
    assert fit.freedom == X.size - 1
    both = np.linalg.inv(fit.jacobian.T @ fit.jacobian)[1, 1] ** 0.5
    assert both * (left @ left / (X.size - 2)) ** 0.5 > 1.5 * error
    profile = profiled(line(data), fit, 1, silent)
    np.testing.assert_allclose(profile.intervals[0], [slope - error, slope + error], rtol=0.02)


def test_where_all_are_at_a_bound_there_are_no_errors() -> None:
    fit = fitted(line(-0.5 + 0.2 * X), np.array([0.5, 0.5]), X.size, silent)
    assert fit.at_bound.all()
    assert np.isnan(fit.errors).all()
    assert "at a bound" in fit.errors_from


def test_a_parameter_without_influence_is_named() -> None:
    with pytest.raises(NoInfluenceError) as caught:
        fitted(many(lambda u: u[0] - X), np.array([0.5, 0.5]), X.size, silent)
    assert caught.value.parameters == [1]


def test_steps_to_where_the_model_fails_are_taken_back() -> None:
    tried: list[bool] = []

    def one(u: np.ndarray) -> np.ndarray | None:
        return None if u[1] > 0.65 else np.array([u[0] - 0.3, u[1] ** 4 - 0.6**4])

    fit = fitted(many(one), np.array([0.5, 0.2]), 2, lambda u, found: tried.append(found is None))
    np.testing.assert_allclose(fit.coordinates, [0.3, 0.6], rtol=1e-4)
    assert any(tried)  # the first step overshoots: the model is flat at the start
    assert FAILED_RESIDUAL > 1.0


def test_a_model_that_fails_at_the_start_stops_the_fit() -> None:
    with pytest.raises(NoStartError):
        fitted(many(lambda u: None), np.array([0.5]), 3, silent)


def test_derivatives_are_second_order_inside_and_one_sided_at_a_bound() -> None:
    cubic = many(lambda u: np.array([u[0] ** 3]))
    np.testing.assert_allclose(jacobian(cubic, np.array([0.5]), 1), 0.75, rtol=2e-4)
    one_sided = jacobian(cubic, np.array([1.0]), 1)[0, 0]
    assert 1e-3 < abs(one_sided / 3.0 - 1.0) < 2e-2
