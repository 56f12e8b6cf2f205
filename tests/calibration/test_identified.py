"""What the targets cannot tell is named, and the stated errors hold the true values as often as they say."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from eisfv.calibration.fit import fitted
from eisfv.calibration.identified import identified, information
from eisfv.calibration.plan import Target, Width
from eisfv.postprocess.quantities.expected import read_curves
from eisfv.postprocess.regression import t_factor

X = np.linspace(0.0, 1.0, 12)
TRUE = np.array([0.3, 0.6])
CURVE = """
[[curve]]
name = "decay"
data = "data.csv"
from = "terminals"
x = "time_s"
y = "voltage_V"
error = "dU"
weight = "w"
residuals = "log"
kind = "calibrated"
"""


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


def test_intervals_of_a_fit_to_a_measured_curve_hold_the_true_values_in_95_of_100_draws(tmp_path: Path) -> None:
    # A curve over two decades with an error bar a point, in logarithms, every third point without weight.
    rng = np.random.default_rng(11)
    x = np.linspace(0.0, 2.0, 18)
    relative = 0.02 + 0.02 * x
    clean = TRUE[0] * np.exp(-3.0 * TRUE[1] * x)
    inside, halved = np.zeros(2), np.zeros(2)
    for _ in range(100):
        y = clean * np.exp(relative * rng.normal(size=x.size))
        columns = np.stack([x, y, relative * y, np.arange(x.size) % 3 > 0], axis=1)
        rows = [",".join(f"{value:.17g}" for value in row) for row in columns]
        (tmp_path / "data.csv").write_text("t (s),U (V),dU (V),w (-)\n" + "\n".join(rows) + "\n")
        (tmp_path / "expected.toml").write_text(CURVE)
        (curve,) = read_curves(tmp_path / "expected.toml")
        target = Target(tmp_path / "expected.toml", curve.quantity, 1.0, Width(1.0, False), curve)
        fit = fitted(
            lambda points, own=target: [own.residuals(u[0] * np.exp(-3.0 * u[1] * x)) for u in points],
            np.array([0.5, 0.5]),
            target.count,
            lambda u, residuals: None,
            absolute=True,
        )
        assert fit.covariance is not None
        width = 1.96 * np.sqrt(np.diag(fit.covariance))
        inside += np.abs(fit.coordinates - TRUE) < width
        halved += np.abs(fit.coordinates - TRUE) < 0.5 * width
    assert (inside > 88).all()
    assert not (halved > 88).any()


def test_what_each_target_adds_is_what_is_lost_without_it() -> None:
    # Level from the first target alone, slope from both; the prior (last row) of the slope.
    jacobian = np.array([[10.0, 0.0], [0.0, 4.0], [0.0, 3.0]])
    added = information(jacobian, [1, 1], np.zeros(2, bool))
    np.testing.assert_array_equal(added.wider[0], [np.inf, np.inf])  # nothing is left that tells the level
    np.testing.assert_allclose(added.wider[1], [1.0, 5.0 / 3.0], rtol=1e-12)
    np.testing.assert_allclose(added.effective, 1.0 + 16.0 / 25.0, rtol=1e-12)


def test_what_a_target_adds_to_one_at_its_bound_is_not_told() -> None:
    # The level is held: the slope alone is left, told by both targets.
    jacobian = np.array([[1.0, 3.0], [1.0, 4.0]])
    added = information(jacobian, [1, 1], np.array([True, False]))
    np.testing.assert_allclose(added.wider, [[np.nan, 5.0 / 4.0], [np.nan, 5.0 / 3.0]], rtol=1e-12)
    np.testing.assert_allclose(added.effective, 1.0, rtol=1e-12)
    assert np.isinf(information(jacobian, [1, 1], np.zeros(2, bool)).wider).all()
