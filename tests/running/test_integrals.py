"""What the states of a step say about its inside: each rule is exact for the polynomials it promises, no further."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial

from eisfv.observers.integrals import integral, window_integral
from eisfv.observers.snapshot import blended
from eisfv.solve.newton import Iterate
from eisfv.stepping.integrate import Accepted
from eisfv.stepping.state import State
from eisfv.stepping.tr_bdf2 import GAMMA

START, H = 3.0, 0.25  # s

COEFFICIENTS = st.lists(st.floats(-10.0, 10.0), min_size=3, max_size=3)
SHARES = st.floats(0.0, 1.0)


def state(time: float) -> State:
    none = np.zeros((1, 1))
    at = Iterate(none, 0.0)
    return State(Fraction(0), time, at, none, none, none, 0.0, 0.0, 0.0, none, at)


STEP = Accepted(state(START), state(START + GAMMA * H), state(START + H), H)
EULER = Accepted(state(START), None, state(START + H), H)


def values(curve: Polynomial) -> tuple[float, float, float]:
    return float(curve(START)), float(curve(START + GAMMA * H)), float(curve(START + H))


def area(curve: Polynomial, since: float = START) -> float:
    primitive = curve.integ()
    return float(primitive(START + H) - primitive(since))


def close(found: float, exact: float, curve: Polynomial) -> bool:
    return abs(found - exact) <= 1e-12 * H * max(1.0, float(np.abs(curve.coef).sum()) * (START + H) ** 3)


@given(COEFFICIENTS)
def test_the_scheme_integrates_lines_exactly(coefficients: list[float]) -> None:
    line = Polynomial(coefficients[:2])
    assert close(integral(STEP, *values(line)), area(line), line)


@given(st.floats(-10.0, 10.0))
def test_an_euler_step_integrates_constants_exactly(level: float) -> None:
    assert integral(EULER, 99.0, level, level) == H * level


def test_the_scheme_does_not_integrate_parabolas() -> None:
    parabola = Polynomial([0.0, 0.0, 1.0])
    assert not close(integral(STEP, *values(parabola)), area(parabola), parabola)


@given(COEFFICIENTS, SHARES)
def test_a_window_of_a_parabola_is_exact(coefficients: list[float], share: float) -> None:
    parabola, since = Polynomial(coefficients), START + share * H
    assert close(window_integral(STEP, values(parabola), since), area(parabola, since), parabola)


@given(COEFFICIENTS, SHARES)
def test_a_window_of_a_line_is_exact_on_an_euler_step(coefficients: list[float], share: float) -> None:
    line, since = Polynomial(coefficients[:2]), START + share * H
    assert close(window_integral(EULER, values(line), since), area(line, since), line)


@pytest.mark.parametrize("since", [START - 1.0, START])
def test_a_window_that_begins_before_the_step_takes_all_of_it(since: float) -> None:
    parabola = Polynomial([1.0, -2.0, 3.0])
    assert close(window_integral(STEP, values(parabola), since), area(parabola), parabola)


def test_a_window_that_begins_after_the_step_takes_nothing() -> None:
    assert window_integral(STEP, (1.0, 2.0, 3.0), START + H) == 0.0
    assert window_integral(STEP, (1.0, 2.0, 3.0), START + 2.0 * H) == 0.0


def test_a_window_of_a_cubic_is_not_exact() -> None:
    cubic = Polynomial([0.0, 0.0, 0.0, 1.0])
    assert not close(window_integral(STEP, values(cubic), START), area(cubic), cubic)


@given(COEFFICIENTS, SHARES)
def test_the_interpolant_of_a_parabola_is_the_parabola(coefficients: list[float], share: float) -> None:
    parabola, time = Polynomial(coefficients), START + share * H
    found = blended(STEP, share, lambda s: float(parabola(s.time)))
    assert close(found * H, float(parabola(time)) * H, parabola)


@pytest.mark.parametrize("step", [STEP, EULER])
def test_the_interpolant_goes_through_the_states(step: Accepted) -> None:
    for at in (s for s in step[:3] if s is not None):
        share = (at.time - START) / H
        assert close(blended(step, share, lambda s: s.time**2), at.time**2, Polynomial([1.0]))
