"""Unit strings: what is read, exactly, and what is refused with a remedy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eisfv.constants import ELEMENTARY_CHARGE, FARADAY
from eisfv.units import AVOGADRO, DIMENSIONS, UnitError, parse


@pytest.mark.parametrize(
    "text, dimension, si",
    [
        ("80 nm", "length", 8e-8),
        ("80nm", "length", 8e-8),
        ("1.2 angstrom", "length", 1.2e-10),
        ("0.6 cm^2", "area", 6e-5),
        ("0.6 cm2", "area", 6e-5),
        ("0.6 cm**2", "area", 6e-5),
        ("10 uA", "current", 1e-5),
        ("10 µA", "current", 1e-5),
        ("0.1 uA/cm^2", "current density", 1e-3),
        ("500 ms", "time", 0.5),
        ("2 h", "time", 7200.0),
        ("1e-11 cm^2/s", "diffusivity", 1e-15),
        ("15 mS/cm", "conductivity", 1.5),
        ("15 mS cm^-1", "conductivity", 1.5),
        ("25 degC", "temperature", 298.15),
        ("10 uF/cm^2", "capacitance per area", 0.1),
        ("123 mol/m^3", "concentration", 123.0),
        ("1 mol/l", "concentration", 1000.0),
        ("1 kohm", "resistance", 1000.0),
        ("2 ohm cm^2", "resistance times area", 2e-4),
        ("-0.3 uS", "conductance", -3e-7),
        ("40 kJ/mol", "molar energy", 4e4),
    ],
)
def test_the_value_is_the_nearest_double(text: str, dimension: str, si: float) -> None:
    assert parse(text, dimension) == si


def test_an_energy_per_particle_is_a_molar_energy() -> None:
    assert parse("0.7 eV", "molar energy") == pytest.approx(0.7 * FARADAY, rel=1e-12)


def test_a_number_density_is_a_concentration() -> None:
    assert parse("1.86e22 1/cm^3", "concentration") == pytest.approx(1.86e28 / float(AVOGADRO), rel=1e-14)


def test_avogadro_is_the_one_of_the_constants() -> None:
    assert float(AVOGADRO) == pytest.approx(FARADAY / ELEMENTARY_CHARGE, rel=1e-12)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_example_is_valid(name: str) -> None:
    assert parse(DIMENSIONS[name].example, name) > 0.0
    assert parse(f"1 {DIMENSIONS[name].si}", name) == 1.0


@pytest.mark.parametrize(
    "text, words",
    [
        pytest.param("30", "has no unit", id="no unit"),
        pytest.param(30, "has no unit", id="a bare number"),
        pytest.param("30 nn", '(did you mean "nm"?)', id="unknown unit"),
        pytest.param("40 mn", '(did you mean "nm"?)', id="letters exchanged"),
        pytest.param("40 UM", '(did you mean "um"?)', id="another case"),
        pytest.param("30 s", "measures time, not length", id="wrong dimension"),
        pytest.param("30 nm nm", "measures area, not length", id="wrong power"),
        pytest.param("5 m/s^2", "does not measure length", id="a dimension nobody asks for"),
        pytest.param("30 /m", "unknown unit", id="starts with a slash"),
        pytest.param("30 nm^", "unknown unit", id="no power after the hat"),
        pytest.param("nan nm", "not a finite number", id="nan"),
        pytest.param("inf nm", "not a finite number", id="inf"),
        pytest.param("1e999 nm", "not a finite number", id="overflow"),
        pytest.param("", "not a finite number", id="empty"),
        pytest.param(True, "not a quantity", id="true"),
        pytest.param(["30 nm"], "not a quantity", id="a list"),
    ],
)
def test_a_refusal_names_the_fault_and_the_remedy(text: object, words: str) -> None:
    with pytest.raises(UnitError) as error:
        parse(text, "length")
    assert words in str(error.value)
    assert 'write for example "30 nm"' in str(error.value)


@given(st.text(max_size=30), st.sampled_from(sorted(DIMENSIONS)))
def test_any_text_is_a_number_or_a_unit_error(text: str, dimension: str) -> None:
    for candidate in (text, f"1 {text}"):
        try:
            value = parse(candidate, dimension)
        except UnitError:
            continue
        assert value == value
