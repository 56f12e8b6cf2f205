"""A constraint holds where its comparison does, and takes nothing but comparisons."""

import numpy as np
import pytest

from eisfv.postprocess.quantities.expressions import ExpressionError
from eisfv.sweeping.constraints import parse_constraint

COLUMNS = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([2.0, 2.0, 2.0])}


@pytest.mark.parametrize(
    "text, kept",
    [
        ("a < b", [True, False, False]),
        ("a <= b", [True, True, False]),
        ("a > b", [False, False, True]),
        ("a >= b", [False, True, True]),
        ("a == b", [False, True, False]),
        ("a != b", [True, False, True]),
        ("2 * a <= b + 2", [True, True, False]),
        ("1 < a < 3", [False, True, False]),
        ("abs(a - b) < 0.5", [False, True, False]),
        ("(a - 2) / (a - 2) > 0", [True, False, True]),
    ],
)
def test_a_point_is_kept_where_the_comparison_holds(text: str, kept: list[bool]) -> None:
    assert parse_constraint(text).holds(COLUMNS).tolist() == kept


def test_the_axes_it_takes_are_known() -> None:
    assert parse_constraint("1 < a < 2 * b").names == ("a", "b")


@pytest.mark.parametrize(
    "text",
    ["a", "a + b", "", "a <", "a < b and b < 2", "a in b", "a is b", "a < __import__('os')", "1 < 2", "a ** 2 < b"],
)
def test_what_is_no_comparison_of_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="write for example"):
        parse_constraint(text)
