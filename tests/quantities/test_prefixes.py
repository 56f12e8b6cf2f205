"""Numbers for people."""

import pytest

from eisfv.postprocess.quantities.prefixes import duration_text, header_unit, quantity, scale, time_scale


@pytest.mark.parametrize(
    "value, unit, text",
    [(3.1e-7, "S", "310 nS"), (0.0, "V", "0 V"), (-0.0185, "V", "−18.5 mV"), (5.0, "", "5"), (1e-20, "C", "0.01 aC")],
)
def test_quantities_read_well(value: float, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


@pytest.mark.parametrize("value, text", [(7.04e-10, "700 pS"), (8.8e-13, "880 fS"), (0.0, "0 S")])
def test_few_digits_make_no_power_of_ten(value: float, text: str) -> None:
    assert quantity(value, "S", 2) == text


def test_scales_suit_the_largest_value_and_times_become_hours() -> None:
    assert scale([1e-9, 3.1e-7], "S") == (pytest.approx(1e9), "nS")
    assert time_scale(7 * 3600.0) == (pytest.approx(1 / 3600.0), "h")
    assert (header_unit("dG_S"), header_unit("x_channel")) == ("S", "")


def test_times_are_told_to_as_many_digits_as_asked() -> None:
    assert duration_text(0.5) == "500 ms"
    assert duration_text(12 * 3600.0) == "12 h"
    assert duration_text(1.23456789, 10) == "1.23456789 s"
    assert duration_text(0.0, 10) == "0 s"
