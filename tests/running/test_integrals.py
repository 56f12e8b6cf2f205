"""What the states of a step say about its inside: each rule is exact for the polynomials it promises, no further."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial

from eisfv.equations.system import new_ledger
from eisfv.observers.integrals import window_integral
from eisfv.solve.stage_records import Iterate
from eisfv.stepping.accepted import Accepted, blended
from eisfv.stepping.state import State
from eisfv.stepping.tr_bdf2 import GAMMA, integral

START, H = 3.0, 0.25  # s

COEFFICIENTS = st.lists(st.floats(-10.0, 10.0), min_size=6, max_size=6)
SHARES = st.floats(0.0, 1.0)


def state(offset: float) -> State:
    none = np.zeros((1, 1))
    at = Iterate(none, 0.0)
    return State(Fraction(0), offset, at, none, new_ledger(1, 1), none, 0.0, 0.0, 0.0, none, at, np.zeros(1))


OLDER = tuple(state(START - step) for step in (0.1, 0.3, 0.35, 0.6))
STEP = Accepted(state(START), state(START + GAMMA * H), state(START + H), H)
EULER = Accepted(state(START), None, state(START + H), H, corner=True)
FIFTH = Accepted(state(START), None, state(START + H), H, OLDER)
DEGREES = [(EULER, 1), (STEP, 2), (FIFTH, 5)]
each_step = pytest.mark.parametrize("step, degree", DEGREES, ids=["Euler", "TR-BDF2", "BDF of order 5"])


def values(curve: Polynomial) -> tuple[float, float, float]:
    return float(curve(START)), float(curve(START + GAMMA * H)), float(curve(START + H))


def area(curve: Polynomial, since: float = START) -> float:
    primitive = curve.integ()
    return float(primitive(START + H) - primitive(since))


def close(found: float, exact: float, curve: Polynomial) -> bool:
    return abs(found - exact) <= 1e-11 * H * max(1.0, float(np.abs(curve.coef).sum()) * (START + H) ** 6)


@given(COEFFICIENTS)
def test_the_scheme_integrates_lines_exactly(coefficients: list[float]) -> None:
    line = Polynomial(coefficients[:2])
    assert close(integral(H, *values(line)), area(line), line)


def test_the_scheme_does_not_integrate_parabolas() -> None:
    parabola = Polynomial([0.0, 0.0, 1.0])
    assert not abs(integral(H, *values(parabola)) - area(parabola)) <= 1e-9 * area(parabola)


@given(COEFFICIENTS, SHARES)
def test_a_window_of_a_polynomial_of_the_fifth_degree_is_exact(coefficients: list[float], share: float) -> None:
    curve, last = Polynomial(coefficients), share * H
    found = window_integral(lambda s: float(curve(START + s * H)), H, last)
    assert close(found, area(curve, START + H - last), curve)


def test_a_window_of_the_sixth_degree_is_not_exact() -> None:
    curve = Polynomial([-START, 1.0]) ** 6
    found = window_integral(lambda s: float(curve(START + s * H)), H, H)
    assert not abs(found - area(curve)) <= 1e-6 * area(curve)


@each_step
@given(coefficients=COEFFICIENTS, share=SHARES)
def test_the_interpolant_of_a_polynomial_of_its_degree_is_the_polynomial(
    step: Accepted, degree: int, coefficients: list[float], share: float
) -> None:
    curve = Polynomial(coefficients[: degree + 1])
    found = blended(step, share, lambda s: float(curve(s.offset)))
    assert close(found * H, float(curve(START + share * H)) * H, curve)


@each_step
def test_the_interpolant_of_a_higher_degree_is_not(step: Accepted, degree: int) -> None:
    curve = Polynomial([-START, 1.0]) ** (degree + 1)
    found = blended(step, 0.5, lambda s: float(curve(s.offset)))
    assert abs(found - float(curve(START + 0.5 * H))) > 1e-6 * H ** (degree + 1)


@each_step
def test_the_interpolant_goes_through_the_states(step: Accepted, degree: int) -> None:
    for at in (s for s in (step.start, step.middle, step.end) if s is not None):
        share = (at.offset - START) / H
        np.testing.assert_allclose(blended(step, share, lambda s: s.offset**2), at.offset**2, rtol=1e-14)
