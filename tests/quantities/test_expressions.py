"""Arithmetic over columns gives what Python gives, and evaluates nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.postprocess.quantities.expressions import ExpressionError, parse_expression

TABLE = {"dG_S": np.array([3e-7, -2e-7]), "energy_J": np.array([1.6e-6, 1.2e-6]), "unit": np.array(["A", "V"])}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("dG_S", [3e-7, -2e-7]),
        ("-dG_S + 1e-7", [-2e-7, 3e-7]),
        ("abs(dG_S)", [3e-7, 2e-7]),
        ("1e-3 * energy_J / dG_S / 6e-5", [1e-3 * 1.6e-6 / 3e-7 / 6e-5, -1e-3 * 1.2e-6 / 2e-7 / 6e-5]),
        ("2 - (energy_J - energy_J) - 1", [1.0, 1.0]),
        ("8 / 4 / 2 + 0 * dG_S", [1.0, 1.0]),
    ],
)
def test_an_expression_is_the_arithmetic_it_says(text: str, expected: list[float]) -> None:
    np.testing.assert_allclose(parse_expression(text).values(TABLE), expected, rtol=1e-14)


@given(
    st.recursive(
        st.sampled_from(["a", "b", "2.5"]), lambda s: st.builds("({}{}{})".format, s, st.sampled_from("+-*"), s)
    )
)
def test_any_nesting_is_evaluated_as_python_does(text: str) -> None:
    table = {"a": np.array([1.5, -0.5]), "b": np.array([0.25, 4.0])}
    expression = f"a + {text}"
    expected = [eval(expression, {"a": a, "b": b}) for a, b in zip(table["a"], table["b"], strict=True)]
    np.testing.assert_allclose(parse_expression(expression).values(table), expected, rtol=1e-12)


def test_a_gradient_is_exact_of_a_parabola_on_uneven_rows() -> None:
    x = np.array([0.0, 0.1, 0.3, 0.7, 1.5])
    table = {"x": x, "y": 3.0 * x**2 - x, "c": np.ones(5)}
    found = parse_expression("gradient(y, 2 * x)").values(table)
    np.testing.assert_allclose(found[1:-1], (6.0 * x - 1.0)[1:-1] / 2.0, rtol=1e-12)
    assert not np.isfinite(parse_expression("gradient(y, c)").values(table)).any()
    assert not np.isfinite(parse_expression("gradient(y, 2)").values(table)).any()


def test_a_division_by_zero_is_no_number_and_no_error() -> None:
    assert not np.isfinite(parse_expression("energy_J / (dG_S - dG_S)").values(TABLE)).any()


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "dG_S ** 2",
        "dG_S.size",
        "dG_S[0]",
        "max(dG_S)",
        "abs(dG_S, 1)",
        "gradient(dG_S)",
        "[1]",
        "dG_S if 1 else 2",
        "lambda: 1",
        "'dG_S'",
        "True * dG_S",
        "1j * dG_S",
        "(" * 500 + "dG_S" + ")" * 500,
        "dG_S +",
        "",
        "3.0",
    ],
)
def test_nothing_but_arithmetic_over_columns_is_taken(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text)


@pytest.mark.parametrize(
    "text, words", [("dg_S * 2", 'did you mean "dG_S"'), ("q + 1", "there are dG_S"), ("unit", "text")]
)
def test_a_column_that_cannot_be_taken_is_told(text: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        parse_expression(text).values(TABLE)


def test_only_a_bare_column_keeps_its_unit() -> None:
    assert parse_expression(" dG_S ").is_column
    assert not parse_expression("1 * dG_S").is_column
