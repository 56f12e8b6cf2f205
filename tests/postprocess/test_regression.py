"""The errors of least squares against closed forms, repeated draws and rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import least_squares

from eisfv.postprocess.regression import (
    ONE_SIDED_SLOPES,
    ROUNDING,
    aicc,
    covariance,
    half_widths,
    mean_half_width,
    relative,
    straight_line,
    t_factor,
)

DRAWS = 4000
FIVE_PERCENT = 0.05


def parabola(x: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(x), x, x**2], axis=1)


def share_covered(width_factor: float, rng: np.random.Generator) -> float:
    """Return how often the interval of a slope, times a factor, holds the slope that the data were drawn about."""
    x = np.linspace(-1.0, 2.0, 6)
    hits = 0
    for _ in range(DRAWS):
        line = straight_line(x, 0.4 - 1.5 * x + 0.3 * rng.normal(size=x.size))
        assert line is not None
        assert line.slope_half_width is not None
        hits += abs(line.slope + 1.5) < width_factor * line.slope_half_width
    return hits / DRAWS


def test_the_covariance_is_the_inverse_of_the_normal_matrix() -> None:
    rng = np.random.default_rng(1)
    jacobian = rng.normal(size=(9, 3))
    found = covariance(jacobian, 0.7)
    assert found is not None
    np.testing.assert_allclose(found, 0.7 * np.linalg.inv(jacobian.T @ jacobian), rtol=1e-12)


def test_nearly_parallel_columns_keep_their_digits_where_the_normal_matrix_has_none() -> None:
    """J = [1, 1 + e x]: the exact inverse in rational numbers; the normal matrix is singular in floating point."""
    e, x = 2.0**-27, np.array([-1.0, 0.0, 1.0])
    jacobian = np.stack([np.ones(3), 1.0 + e * x], axis=1)
    a, b, c = (sum(Fraction(u) * Fraction(v) for u, v in zip(p, q, strict=True)) for p, q in pairs(jacobian))
    exact = [[float(c / (a * c - b * b)), float(-b / (a * c - b * b))], [0.0, float(a / (a * c - b * b))]]
    exact[1][0] = exact[0][1]
    found = covariance(jacobian, 1.0)
    assert found is not None
    np.testing.assert_allclose(found, exact, rtol=1e-6)
    normal = jacobian.T @ jacobian
    assert abs(np.linalg.det(normal) * float(1 / (a * c - b * b)) - 1.0) > 0.1


def pairs(jacobian: np.ndarray) -> list[tuple[list[float], list[float]]]:
    first, second = jacobian.T.tolist()
    return [(first, first), (first, second), (second, second)]


def test_the_intervals_of_a_curve_are_those_of_its_closed_form() -> None:
    x = np.linspace(0.0, 1.0, 11)
    design, left = parabola(x), 0.1 * np.cos(40.0 * x)
    variance = left @ left / (x.size - 3)
    wanted = stats.t.ppf(0.975, x.size - 3) * np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    np.testing.assert_allclose(half_widths(design, left), wanted, rtol=1e-10)


def test_a_held_parameter_counts_not_and_has_no_interval() -> None:
    x = np.linspace(0.0, 1.0, 11)
    design, left = parabola(x), 0.1 * np.cos(40.0 * x)
    found = half_widths(design, left, held=np.array([False, False, True]))
    assert np.isnan(found[2])
    np.testing.assert_allclose(found[:2], half_widths(design[:, :2], left), rtol=1e-14)


def test_fewer_independent_data_widen_the_interval() -> None:
    design, left = np.ones((20, 1)), np.tile([1.0, -1.0], 10)
    (wide,), (narrow,) = half_widths(design, left, freedom=4), half_widths(design, left)
    np.testing.assert_allclose(wide, t_factor(4) * (20.0 / 4.0 / 20.0) ** 0.5, rtol=1e-12)
    assert wide > 2.0 * narrow


@pytest.mark.parametrize(
    "jacobian",
    [np.ones((4, 2)), np.diag([1.0, 1e-12]), np.zeros((4, 1)), np.ones((1, 2)), np.empty((4, 0))],
    ids=["equal columns", "no influence", "nothing", "fewer data than parameters", "no parameter"],
)
def test_what_the_data_leave_free_has_no_covariance(jacobian: np.ndarray) -> None:
    assert covariance(jacobian, 1.0) is None
    assert np.isnan(half_widths(jacobian, np.ones(len(jacobian)))).all()


def test_one_sided_slopes_are_believed_less_far_than_exact_ones() -> None:
    jacobian = np.diag([1.0, 1e-9])
    assert covariance(jacobian, 1.0) is not None
    assert covariance(jacobian, 1.0, ONE_SIDED_SLOPES) is None


def test_as_many_data_as_parameters_leave_no_interval() -> None:
    assert np.isnan(half_widths(np.eye(2), np.array([1.0, 2.0]))).all()


def test_the_errors_of_a_nonlinear_fit_are_the_scatter_of_repeated_fits() -> None:
    rng, x = np.random.default_rng(5), np.linspace(0.0, 3.0, 25)
    clean = 2.0 * np.exp(-x / 0.8)
    found, told = [], []
    for _ in range(400):
        data = clean + 0.02 * rng.normal(size=x.size)
        fit = least_squares(lambda p, y=data: p[0] * np.exp(-x / p[1]) - y, [1.0, 1.0])
        found.append(fit.x)
        told.append(covariance(fit.jac, fit.fun @ fit.fun / (x.size - 2)))
    scatter, mean = np.cov(np.array(found).T), np.mean(told, axis=0)
    # 400 draws give a variance to 7 %.
    np.testing.assert_allclose(mean, scatter, rtol=0.25)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(2.0 * mean, scatter, rtol=0.25)


def test_nineteen_of_twenty_intervals_of_a_slope_hold_it_and_narrower_ones_do_not() -> None:
    # 4000 draws tell a share of 0.95 to 0.0034.
    assert abs(share_covered(1.0, np.random.default_rng(11)) - (1.0 - FIVE_PERCENT)) < 0.011
    assert share_covered(0.7, np.random.default_rng(11)) < 0.9


def test_the_line_and_its_errors_are_the_closed_form() -> None:
    rng = np.random.default_rng(3)
    x = rng.uniform(2.0, 5.0, 12)
    y = 1.0 - 0.3 * x + 0.1 * rng.normal(size=x.size)
    line = straight_line(x, y)
    assert line is not None
    assert line.covariance is not None
    design = np.stack([np.ones_like(x), x], axis=1)
    best = np.linalg.lstsq(design, y)[0]
    np.testing.assert_allclose([line.level, line.slope], best, rtol=1e-12)
    left = y - design @ best
    wanted = left @ left / (x.size - 2) * np.linalg.inv(design.T @ design)
    np.testing.assert_allclose(line.covariance, wanted, rtol=1e-10)
    np.testing.assert_allclose(line.r2, 1.0 - left @ left / ((y - y.mean()) ** 2).sum(), rtol=1e-12)
    np.testing.assert_allclose(line.residual, relative(left, y), rtol=1e-12)
    np.testing.assert_allclose(line.slope_half_width, t_factor(10) * stats.linregress(x, y).stderr, rtol=1e-10)
    np.testing.assert_allclose(line.half_width((2.0, 0.0)), 2.0 * t_factor(10) * wanted[0, 0] ** 0.5, rtol=1e-10)


def test_a_line_that_is_nearly_exact_keeps_the_digits_of_its_error() -> None:
    x = np.linspace(0.0, 1.0, 40)
    left = 1e-10 * np.where(np.arange(40) % 2, 1.0, -1.0)
    line = straight_line(x, 3.0 + 2.0 * x + left)
    assert line is not None
    assert line.covariance is not None
    wanted = (left @ left / 38.0 / ((x - 0.5) ** 2).sum()) ** 0.5
    np.testing.assert_allclose(line.covariance[1, 1] ** 0.5, wanted, rtol=0.01)
    assert abs(stats.linregress(x, 3.0 + 2.0 * x + left).stderr / wanted - 1.0) > 0.1


def test_points_of_one_place_have_no_line_two_have_one_without_error() -> None:
    assert straight_line(np.ones(3), np.arange(3.0)) is None
    assert straight_line(np.ones(1), np.ones(1)) is None
    assert straight_line(np.array([0.0, np.nan]), np.ones(2)) is None
    line = straight_line(np.array([1.0, 3.0]), np.array([2.0, 6.0]))
    assert line is not None
    np.testing.assert_allclose(line.at(np.array([5.0])), [10.0], rtol=1e-14)
    assert line.slope_half_width is None


def test_a_level_line_has_no_share_of_a_variance() -> None:
    line = straight_line(np.arange(4.0), np.full(4, 7.0))
    assert line is not None
    assert (line.slope, line.r2, line.residual) == (0.0, 0.0, 0.0)


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.array([1.0, 2.0, 4.0, 9.0])
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    np.testing.assert_allclose(2.0 * mean_half_width(values), high - low, rtol=1e-12)


def test_the_criterion_charges_a_parameter_that_explains_nothing() -> None:
    assert aicc(1.0, 20, 2, ROUNDING**2) < aicc(1.0, 20, 3, ROUNDING**2)
    assert aicc(0.5, 20, 3, ROUNDING**2) < aicc(1.0, 20, 2, ROUNDING**2)
    assert aicc(1e-30, 20, 3, 1e-18) > aicc(1e-25, 20, 2, 1e-18)  # what is below rounding explains nothing
    assert aicc(0.5, 4, 2, ROUNDING**2) == np.inf
