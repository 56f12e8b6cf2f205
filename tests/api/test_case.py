"""A case in Python is a case file: the same keys, the same refusals, the same device."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfv
from eisfv.case import load
from support.small_case import DEVICE, OUTPUT, PULSES, write_case

TABLES = tomllib.loads(DEVICE + PULSES + OUTPUT)
THICKNESS = "device.region.electrolyte.thickness"


@dataclass
class Quantity:
    """Has a magnitude and units, as a quantity of pint has."""

    magnitude: Any
    units: str


@dataclass
class Other:
    """Has a value and a unit, as a quantity of astropy has."""

    value: Any
    unit: str


class Units(str):
    """Units whose symbols can be asked for, as those of pint."""

    def __format__(self, spec: str) -> str:
        return {"~": "uA / cm ** 2", "": "microampere / centimeter ** 2"}[spec]


def made() -> eisfv.Case:
    """Return the small case, made in Python."""
    return eisfv.Case(**TABLES)


def refused(case: eisfv.Case, key: Any, value: Any = None) -> list[str]:
    """Return the lines with which a setting is refused; the case is what it was."""
    before = case.toml
    with pytest.raises(eisfv.CaseError) as error:
        case.set(key, value)
    assert case.toml == before
    return error.value.lines


def test_a_case_of_python_is_that_of_its_file(tmp_path: Path) -> None:
    place = write_case(tmp_path / "case")
    digest = load(place).digest
    assert made().resolved.digest == eisfv.load(place).resolved.digest == digest
    titled = eisfv.Case("A small synapse", **{name: table for name, table in TABLES.items() if name != "case"})
    assert titled.resolved.digest == digest
    other = made()
    other.set(THICKNESS, "2 um")
    assert other.resolved.digest != digest


def test_a_setting_is_that_of_the_command_line(tmp_path: Path) -> None:
    place = write_case(tmp_path / "case")
    case = eisfv.load(place)
    case.set(THICKNESS, "2 um")
    case.set({"protocol[1].repeat": 3, "device.region[0].initial.x": 0.02})
    words = [f"{THICKNESS}=2 um", "protocol[1].repeat=3", "device.region[0].initial.x=0.02"]
    assert case.resolved.digest == load(place, words).digest


@pytest.mark.parametrize(
    "value",
    [
        "2 um",
        Quantity(2, "um"),
        Quantity(2.0, "um"),
        Quantity(np.float64(2.0), "um"),
        Quantity(np.array(2000.0), "nm"),
        Quantity(2e-4, "cm"),
        Other(2.0, "um"),
    ],
)
def test_a_quantity_is_a_text_or_has_a_magnitude_and_units(value: Any) -> None:
    case = made()
    case.set(THICKNESS, value)
    np.testing.assert_allclose(case.resolved.device.regions[1].height, 2e-6, rtol=1e-15)


def test_units_are_taken_by_their_symbols() -> None:
    case = made()
    case.set("device.interface[0].ion.exchange_current", Quantity(0.5, Units("")))
    law = case.resolved.device.interfaces[0].laws["Mg"]
    np.testing.assert_allclose(float(getattr(law, "exchange_current")), 5e-3, rtol=1e-12)  # noqa: B009 of one law


def test_a_quantity_without_units_is_a_number() -> None:
    case = made()
    case.set("device.region.channel.initial.x", Quantity(np.float64(0.01), "dimensionless"))
    assert case.resolved.device.regions[2].initial.x == 0.01


def test_a_value_of_a_material_that_is_set_says_where_it_is_from() -> None:
    case = made()
    case.set("material.mg_wo3.species.Mg.diffusivity", "1e-15 m^2/s")
    species = case.resolved.resolved["material"]["mg_wo3"]["species"]["Mg"]
    assert species["diffusivity"] == {"value": "1e-15 m^2/s", "source": "set in Python"}


def test_quantities_of_pint_are_taken() -> None:
    pint = pytest.importorskip("pint")
    unit = pint.UnitRegistry()
    case = made()
    case.set({THICKNESS: 2 * unit.um, "device.area": 60 * unit.mm**2, "protocol[1].steps[2].value": -10 * unit.uA})
    case.set({"device.temperature": unit.Quantity(25, "degC"), "device.region[2].initial.x": unit.Quantity(0.01, "")})
    assert (case.resolved.device.temperature, case.resolved.device.regions[2].initial.x) == (298.15, 0.01)
    case.set("device.interface[0].stern_capacitance", 10 * unit.uF / unit.cm**2)
    case.set("material.mg_wo3.species.Mg.diffusivity", 1e-15 * unit.m**2 / unit.s)
    np.testing.assert_allclose([case.resolved.device.regions[1].height, case.resolved.device.area], [2e-6, 6e-5])


def test_lists_of_quantities_are_lists_of_texts() -> None:
    case = made()
    ramp = {"times": Quantity(np.array([0.0, 1.0]), "ms"), "levels": (Quantity(0, "V"), "0.5 V")}
    case.set("protocol[1].steps[0].value", ramp)
    (pulse,) = [step for step in case.resolved.protocol.steps if step.drive == "voltage"]
    assert pulse.waveform.value(0.5e-3) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (THICKNESS, 2e-6, ("set: device.region[1].thickness = 2e-06", "has no unit", '"30 nm"')),
        (THICKNESS, "2 V", ("measures voltage, not length",)),
        (THICKNESS, Quantity(2.0, "furlong"), ("unknown unit",)),
        ("device.temprature", "300 K", ('did you mean "temperature"',)),
        ("device.region.chanel.thickness", "1 nm", ('did you mean "channel"',)),
        ("protocol[7].duration", "1 s", ("the list has 2 entries",)),
        ("protocol[1].repeat", None, ("is None", "leave it out")),
        ("protocol[1].repeat", {1, 2}, ("is a set", "give a number")),
        ("protocol[1].repeat", float("nan"), ("must be a whole number",)),
        ("material.mg_wo4.title", "x", ('did you mean "mg_wo3"',)),
        ("no key", 1, ('"no key" is no key',)),
        (3, 1, ("3 is no key",)),
        ({THICKNESS: "2 um"}, "3 um", ("one dict of them",)),
    ],
)
def test_a_mistake_gets_one_line_and_changes_nothing(key: Any, value: Any, words: tuple[str, ...]) -> None:
    (line,) = refused(made(), key, value)
    assert all(word in line for word in words), line


def test_settings_that_only_go_together_are_set_together() -> None:
    case = made()
    assert len(refused(case, "device.region[2].name", "film")) == 2
    case.set({"device.region[2].name": "film", "device.interface[1].between[1]": "film", "mesh.cells": {"film": 9}})
    assert [region.name for region in case.resolved.device.regions] == ["reservoir", "electrolyte", "film"]


def test_all_mistakes_of_a_case_are_told_at_once() -> None:
    with pytest.raises(eisfv.CaseError) as error:
        eisfv.Case("none", devise={}, protocol=[{"drive": "voltage", "value": 0.5, "duration": "1 s"}])
    lines = str(error.value).splitlines()
    assert any('Case: devise is not a known key; did you mean "device"?' in line for line in lines)
    assert any("Case: protocol[0].value = 0.5 has no unit" in line for line in lines)
    assert any("Case: device is missing" in line for line in lines)


def test_what_is_nested_without_end_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["device"] = endless
    with pytest.raises(eisfv.CaseError, match="nested deeper"):
        eisfv.Case("endless", device=endless)


def test_a_copy_is_a_case_of_its_own() -> None:
    case = made()
    other = case.copy()
    other.set(THICKNESS, "2 um")
    assert (case.toml, other.toml) != (other.toml, case.toml)
    assert case.resolved.device.regions[1].height == 1e-6


def test_what_is_not_a_case_is_told() -> None:
    number: Any = 3
    with pytest.raises(eisfv.CaseError, match="is no case"):
        eisfv.check(number)


def test_a_check_has_its_warnings_apart() -> None:
    case = made()
    found = case.check()
    assert "open-circuit voltage" in str(found)
    assert found.warnings
    assert all(f"warning: {line}" in str(found) for line in found.warnings)
    assert found._repr_html_().startswith("<pre>")


def test_a_notebook_shows_a_case_as_a_table_of_its_regions() -> None:
    case = eisfv.Case("<b>not bold</b>", **{name: table for name, table in TABLES.items() if name != "case"})
    text = case._repr_html_()
    assert "&lt;b&gt;not bold" in text
    assert "<b>not" not in text
    assert all(word in text for word in ("reservoir", "pce_succinonitrile_mg", "0.6 cm²", "x = 0.005", "4 pulses"))
