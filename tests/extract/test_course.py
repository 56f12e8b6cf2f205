"""The smooth course: right where the law is known, with errors that cover, no bends that are not there."""

import numpy as np
import pytest

from eisfv.postprocess.extract.course import course_of

X = np.linspace(1e-6, 3e-6, 60)


@pytest.mark.parametrize("power", [0, 1, 2, 3])
def test_a_polynomial_is_reproduced(power: int) -> None:
    y = 1e-7 * (X / 1e-6) ** power
    course = course_of(X, y)
    np.testing.assert_allclose(course.values(X), y, rtol=1e-9)
    np.testing.assert_allclose(
        course.slope(2e-6), power * 1e-7 * 2.0 ** (power - 1) / 1e-6 if power else 0.0, rtol=1e-6
    )


def test_a_bent_course_takes_knots() -> None:
    y = 1e-7 * np.exp(-3.0 * (X / 1e-6 - 1.0)) + 1e-8 * np.sin(X / 3e-7)
    course = course_of(X, y)
    assert len(course.spline.c) > 4
    assert course.residual < 1e-2


def test_a_scattered_line_stays_a_line_nearly_always_and_its_interval_covers() -> None:
    rng = np.random.default_rng(3)
    covered, bent, count = 0, 0, 150
    for _ in range(count):
        y = 1e-7 * (1.0 + 0.5 * X / 1e-6) + rng.normal(0.0, 1e-8, X.size)
        course = course_of(X, y)
        half = course.half(2e-6)
        assert half is not None
        covered += abs(course.value(2e-6) - 2e-7) < half
        bent += len(course.spline.c) > 2
    assert 0.90 < covered / count < 0.99
    assert bent < 0.35 * count


def test_intervals_half_as_wide_would_not_cover() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(120):
        course = course_of(X, 1e-7 + rng.normal(0.0, 1e-8, X.size))
        covered += abs(course.value(2e-6) - 1e-7) < 0.5 * (course.half(2e-6) or 0.0)
    assert covered / 120 < 0.85


def test_what_is_repeated_does_not_sharpen_the_course() -> None:
    rng = np.random.default_rng(5)
    y = 1e-7 * (1.0 + 0.5 * X / 1e-6) + rng.normal(0.0, 1e-8, X.size)
    once, often = course_of(X, y), course_of(np.tile(X, 50), np.tile(y, 50))
    assert often.half(2e-6) == pytest.approx(once.half(2e-6), rel=1e-3)
    assert len(often.spline.c) == len(once.spline.c)


def test_independent_data_sharpen_it() -> None:
    rng = np.random.default_rng(5)
    halves = []
    for count in (40, 640):
        x = np.linspace(1e-6, 3e-6, count)
        halves.append(course_of(x, 1e-7 + rng.normal(0.0, 1e-8, count)).half(2e-6))
    assert halves[0] > 2.0 * halves[1]


def test_nothing_is_said_outside_the_data() -> None:
    course = course_of(X, X)
    assert course.value(1.0) == course.value(3e-6)
    assert course.value(-1.0) == course.value(1e-6)


@pytest.mark.parametrize("count", [1, 2])
def test_one_and_two_data_have_no_interval(count: int) -> None:
    course = course_of(X[:count], X[:count])
    np.testing.assert_allclose(course.value(X[0]), X[0], rtol=1e-9)
    assert course.half(X[0]) is None
    assert course.scatter == 0.0


def test_pulses_from_one_conductance_have_no_slope() -> None:
    rng = np.random.default_rng(1)
    x = 1e-6 * (1.0 + 1e-7 * rng.normal(size=30))
    course = course_of(x, np.full(30, 1e-7), blur=1e-10)
    assert course.spline.k == 0
    assert course.slope(1e-6) == 0.0
