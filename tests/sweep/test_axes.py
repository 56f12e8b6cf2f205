"""Values of an axis: written one way only, computed the same everywhere, right in SI."""

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.case.file_tree import parse_override
from eisfv.sweeping.axes import Axis, converted, dimension_of, number_text, value_text
from eisfv.units import parse


def axis(unit: str = "um", scale: str = "linear", low: float = 1.0, high: float = 1000.0, whole: bool = False) -> Axis:
    """Return an axis of the thickness."""
    return Axis("thickness", unit, ("device.region.electrolyte.thickness",), scale, (), low, high, whole)


@pytest.mark.parametrize(
    "value, unit, text", [(2.0, "um", '"2 um"'), (0.5, "", "0.5"), (1e-7, "m", '"1e-07 m"'), ("true", "", "true")]
)
def test_a_value_is_written_as_toml_has_it(value: float | str, unit: str, text: str) -> None:
    assert value_text(value, unit) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_the_same_number(number: float) -> None:
    assert parse_override(f"key={number_text(number)}").value == number


@given(st.text(min_size=1))
def test_a_word_reads_back_as_the_same_word(word: str) -> None:
    assert parse_override(f"key={value_text(word, '')}").value == (
        word == "true" if word in ("true", "false") else word
    )


def test_a_range_over_decades_hits_the_decades_exactly() -> None:
    found = axis(scale="log").between(np.linspace(0.0, 1.0, 4))
    assert found.tolist() == [1.0, 10.0, 100.0, 1000.0]


def test_a_range_may_go_down_and_may_be_whole() -> None:
    assert axis(low=3.0, high=1.0).between(np.linspace(0.0, 1.0, 3)).tolist() == [3.0, 2.0, 1.0]
    assert axis(low=1.0, high=4.0, whole=True).between(np.array([0.0, 0.4, 1.0])).tolist() == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("number, unit", [(2.0, "um"), (25.0, "degC"), (0.7, "eV"), (1e21, "1/cm^3")])
def test_a_value_in_si_is_what_a_case_reads(number: float, unit: str) -> None:
    dimension = dimension_of(unit)
    assert dimension is not None
    expected = parse(f"{number} {unit}", dimension)
    np.testing.assert_allclose(axis(unit).in_si(np.array([number])), [expected], rtol=1e-14)


@pytest.mark.parametrize(
    "number, unit, into, expected", [(1.0, "mm", "um", 1000.0), (3.0, "um", "um", 3.0), (0.0, "degC", "K", 273.15)]
)
def test_a_number_is_converted_without_dirt_in_the_last_digits(
    number: float, unit: str, into: str, expected: float
) -> None:
    assert converted(number, unit, into) == expected


def test_a_text_that_is_no_unit_measures_nothing() -> None:
    assert dimension_of("umm") is None


def test_the_header_and_the_overrides_name_what_is_varied() -> None:
    both = Axis("current", "uA/cm^2", ("a.b", "c.d"), "list", (0.1,), 0.1, 0.1)
    assert both.header == "current_uA_per_cm2"
    assert both.overrides(0.1) == ('a.b="0.1 uA/cm^2"', 'c.d="0.1 uA/cm^2"')
    assert Axis("law", "", ("a.law",), "list", ("marcus",), nan, nan).has_words
