"""The numbers on ParaView's axes and bars: round, within their ends, told apart by their digits."""

import runpy
from pathlib import Path

import numpy as np
import pytest

FILE = Path(__file__).parents[2] / "postprocess" / "paraview" / "axis_numbers.py"
NUMBERS = runpy.run_path(str(FILE))


@pytest.mark.parametrize(
    "low, high, expected",
    [
        (0.0, 80.0, [0, 20, 40, 60, 80]),
        (-2.4634, -2.4627, [-2.4634, -2.4632, -2.463, -2.4628]),
        (3.0, 6.0, [3, 4, 5, 6]),
    ],
)
def test_ticks_are_round_and_within_their_ends(low: float, high: float, expected: list[float]) -> None:
    np.testing.assert_allclose(NUMBERS["ticks"](low, high), expected, rtol=1e-12)


@pytest.mark.parametrize("low, high", [(0.0, 80.0), (-2.4634, -2.4627), (1e-9, 9e-9), (1e6, 1.0004e6)])
def test_numbers_of_a_bar_have_equal_digits_and_differ(low: float, high: float) -> None:
    found = NUMBERS["ticks"](low, high)
    words = [NUMBERS["digits"](found) % value for value in found]
    assert len(set(words)) == len(found)
    assert len({len(word.lstrip("-").partition(".")[2]) for word in words}) == 1


def test_decades_are_powers_of_ten_and_few() -> None:
    np.testing.assert_allclose(NUMBERS["decades"](2e-3, 3e2), [1e-2, 1e-1, 1.0, 10.0, 100.0], rtol=1e-12)
    assert len(NUMBERS["decades"](1e-20, 1.0)) <= 8
    assert NUMBERS["decades"](2.0, 8.0) == [2.0, 8.0]


def test_a_length_is_told_by_its_prefix() -> None:
    factor, unit = NUMBERS["prefix"](80e-9, "m")
    np.testing.assert_allclose(factor, 1e9, rtol=1e-12)
    assert unit == "nm"
