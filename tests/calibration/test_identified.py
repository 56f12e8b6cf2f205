"""What the targets cannot tell is named, and the stated errors hold the true values as often as they say."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from eisfv.calibration.fit import fitted
from eisfv.calibration.identified import identified
from eisfv.postprocess.regression import t_factor

X = np.linspace(0.0, 1.0, 12)
TRUE = np.array([0.3, 0.6])


def misfits(data: np.ndarray, points: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return how far an exponential decay of each point is from the data."""
    return [u[0] * np.exp(-3.0 * u[1] * X) - data for u in points]


def test_intervals_hold_the_true_values_in_95_of_100_draws() -> None:
    rng = np.random.default_rng(8)
    clean = TRUE[0] * np.exp(-3.0 * TRUE[1] * X)
    inside, halved = np.zeros(2), np.zeros(2)
    for _ in range(100):
        data = clean + 0.01 * rng.normal(size=X.size)
        fit = fitted(
            partial(misfits, data),
            np.array([0.5, 0.5]),
            X.size,
            lambda u, residuals: None,
        )
        assert fit.covariance is not None
        width = t_factor(X.size - 2) * np.sqrt(np.diag(fit.covariance))
        inside += np.abs(fit.coordinates - TRUE) < width
        halved += np.abs(fit.coordinates - TRUE) < 0.5 * width
    # 95 of 100 have a standard deviation of 2.2; three times of it are allowed.
    assert (inside > 88).all()
    assert not (halved > 88).any()


def test_a_sum_alone_tells_neither_part() -> None:
    # r = u0 + u1 - 0.9 and nothing of the difference, a third parameter by itself
    found = identified(np.array([[2.0, 2.0, 0.0], [0.0, 0.0, 1.0], [4.0, 4.0, 0.0]]), None)
    np.testing.assert_array_equal(found.free, [True, True, False])
    np.testing.assert_allclose(np.abs(found.weakest), [0.5**0.5, 0.5**0.5, 0.0], atol=1e-12)
    np.testing.assert_allclose(found.singular_values[:2], [40.0**0.5, 1.0], rtol=1e-12)
    assert found.condition > 1e10


def test_fewer_targets_than_parameters_leave_the_one_that_none_sees() -> None:
    found = identified(np.array([[3.0, 0.0]]), None)
    np.testing.assert_array_equal(found.free, [False, True])


def test_an_error_as_wide_as_the_range_identifies_nothing() -> None:
    jacobian = np.diag([10.0, 1.0])
    found = identified(jacobian, np.linalg.inv(jacobian.T @ jacobian))
    np.testing.assert_array_equal(found.free, [False, True])
    np.testing.assert_allclose(found.condition, 10.0, rtol=1e-12)
