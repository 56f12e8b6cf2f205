"""Every material of the library loads, is neutral, and says where each of its values is from."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from eisfv.case import CaseError
from eisfv.case.file_tree import read_toml
from eisfv.case.material_file import charge_faults, mobile, read
from eisfv.constants import FARADAY, GAS_CONSTANT, thermal_voltage
from eisfv.materials import library
from eisfv.model.host_curves import (
    AnalyticOpenCircuit,
    PercolationConductivity,
    TabulatedConductivity,
    TabulatedOpenCircuit,
)
from eisfv.model.materials import Electrode, Host, Material

VT = thermal_voltage(298.15)
# Numbers and choices that are none, and the lists of a table, which has one source.
UNMEASURED = ("charge", "polarons", "electroneutral", "x", "potential")


def loaded(name: str) -> Material | Electrode:
    found = read(name, read_toml(library.path(name)))
    assert not isinstance(found, list), found
    return found


def material(name: str) -> Material:
    record = loaded(name)
    assert isinstance(record, Material)
    return record


def numbers(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield every number or text with a unit that is not a charge, with the table it stands in."""
    for key, item in node.items():
        if isinstance(item, dict):
            yield from numbers(item, (*path, key))
        elif key not in UNMEASURED and not (isinstance(item, str) and key != "value"):
            yield (*path, key), node


@pytest.mark.parametrize("name", library.names())
def test_every_value_has_a_source(name: str) -> None:
    assert isinstance(loaded(name), Material | Electrode)
    for path, entry in numbers(read_toml(library.path(name))):
        assert len(entry["source"]) > 10, path


@pytest.mark.parametrize("name", library.names())
def test_the_bulk_is_neutral(name: str) -> None:
    record = loaded(name)
    if isinstance(record, Material) and record.host is None:
        assert charge_faults(record, {}) == []
        assert mobile(record)
    elif isinstance(record, Material) and record.host is not None:
        assert record.fixed_charge == (record.host.background or 0.0)


def gate_voltage(name: str, x: float, zero: float) -> float:
    """Return the voltage of a reservoir `zero` against a channel x of the same host (V)."""
    record = material(name)
    assert record.host is not None
    curve, z = record.host.open_circuit, record.host.working_ion.charge
    assert isinstance(curve, AnalyticOpenCircuit)

    def potential(x: float) -> float:
        gamma = z * x
        entropy = np.log(x / (1 - x)) + z * np.log(gamma / (1 - gamma))
        return float(curve.standard - VT / z * entropy - (curve.slope or 0.0) * x)

    return potential(zero) - potential(x)


@pytest.mark.parametrize("name, zero", [("mg_wo3", 0.0078), ("mg_wo3_set_a", 0.048)])
def test_the_mg_curve_spans_the_measured_charging_voltages(name: str, zero: float) -> None:
    # Schwacke 2024, Sec. 3: -0.13 V for the fresh film, 0.23 V after x = 0.21 of Mg; each curve has its fresh x.
    fresh = {"mg_wo3": 2.96e-4, "mg_wo3_set_a": 0.005}[name]
    np.testing.assert_allclose(gate_voltage(name, fresh, zero), -0.13, atol=5e-3)
    np.testing.assert_allclose(gate_voltage(name, fresh + 0.21, zero), 0.23, atol=5e-3)


def test_the_h_curve_spans_the_measured_open_circuit_voltages() -> None:
    # Huang 2025, Sec. 2: -0.3 to 0 V of a PdHx gate.
    pd = loaded("pd_hx")
    host = material("h_wo3").host
    assert isinstance(pd, Electrode)
    assert host is not None
    assert isinstance(host.open_circuit, AnalyticOpenCircuit)
    for x, voltage in ((0.0016, -0.30), (0.35, 0.0)):
        potential = host.open_circuit.standard - 2 * VT * np.log(x / (1 - x))
        np.testing.assert_allclose(pd.potential - potential, voltage, atol=5e-3)


@pytest.mark.parametrize("x, potential", [(0.005, 2.95), (0.4, 2.30), (0.67, 1.95)])
def test_the_li_curve_passes_the_measured_potentials(x: float, potential: float) -> None:
    host = material("li_wo3").host
    assert host is not None
    curve = host.open_circuit
    assert isinstance(curve, AnalyticOpenCircuit)
    value = curve.standard - 2 * VT * np.log(x / (1 - x)) - (curve.slope or 0.0) * x
    np.testing.assert_allclose(value, potential, atol=0.01)


@pytest.mark.parametrize(
    "name, gamma, sigma",
    [
        ("mg_wo3", 1e-9, 0.55),
        ("mg_wo3", 0.01, 12.5),
        ("mg_wo3", 0.03, 1030.0),
        ("mg_wo3", 0.42, 23000.0),
        ("h_wo3", 0.03, 0.55),
        ("h_wo3", 0.1, 30.0),
        ("h_wo3", 0.36, 1900.0),
        ("h_wo3_set_a", 0.1, 1150.0),
        ("h_wo3_hopping", 0.03, 0.55),
        ("mg_wo3_pristine", 0.42 + 0.0185, 23000.0),
        ("mg_wo3_pristine_hopping", 0.42 + 0.002, 23000.0),
    ],
)
def test_the_conductivity_passes_the_measured_points(name: str, gamma: float, sigma: float) -> None:
    host = material(name).host
    assert host is not None
    curve = host.conductivity
    assert isinstance(curve, PercolationConductivity)
    u = (gamma / curve.threshold) ** curve.exponent
    hopping = (curve.hopping or 0.0) * gamma ** (curve.hopping_exponent or 1.0)
    np.testing.assert_allclose(curve.background + hopping + curve.slope * gamma * u / (1 + u), sigma, rtol=0.03)


@pytest.mark.parametrize(
    "name, sigma",
    [
        ("pce_succinonitrile_mg", 2.8e-3),
        ("ysz_h", 1e-6),
        ("ysz_h_series", 1e-11),
        ("nafion", 0.1),
        ("psg", 1e-5),
        ("peo_liclo4", 1e-3),
        ("lipon", 1e-4),
    ],
)
def test_the_ions_of_an_electrolyte_carry_its_conductivity(name: str, sigma: float) -> None:
    carried = 0.0
    for species in mobile(material(name)).values():
        assert species.diffusivity is not None
        assert species.concentration is not None
        mobility = species.diffusivity / (GAS_CONSTANT * 298.15)
        carried += (species.charge * FARADAY) ** 2 * mobility * species.concentration
    np.testing.assert_allclose(carried, sigma, rtol=0.02)


def test_a_measured_curve_may_be_a_table() -> None:
    tree = read_toml(library.path("mg_wo3"))
    tree["open_circuit"] = {
        "form": "table",
        "x": [0.1, 0.2, 0.4],
        "potential": ["2.5 V", "2.4 V", "2.2 V"],
        "source": "x",
    }
    tree["conductivity"] = {
        "form": "table",
        "gamma": [0.0, 0.1, 1.0],
        "conductivity": ["1 S/m", "2 S/m", "9 S/m"],
        "source": "x",
    }
    found = read("mine", tree)
    assert isinstance(found, Host)
    assert isinstance(found.open_circuit, TabulatedOpenCircuit)
    assert isinstance(found.conductivity, TabulatedConductivity)
    assert found.open_circuit.potential == (2.5, 2.4, 2.2)
    assert found.conductivity.conductivity == (1.0, 2.0, 9.0)
    tree["open_circuit"]["x"] = [0.1, 0.4, 0.2]
    faults = read("mine", tree)
    assert isinstance(faults, list)
    assert "does not ascend" in faults[0].message


def test_a_missing_library_file_is_a_case_error() -> None:
    with pytest.raises(CaseError):
        read_toml(library.path("unobtainium"))


@pytest.mark.parametrize(
    "name, phases, plateaus",
    [
        ("li_wo3_phases", [(0.01, 0.05), (0.12, 0.32)], [2.9144, 2.4037]),
        ("lfp_host", [(0.0121367, 0.9878633)], [3.40]),
    ],
)
def test_the_phases_of_a_host_are_those_of_its_source(
    name: str, phases: list[tuple[float, float]], plateaus: list[float]
) -> None:
    host = material(name).host
    assert host is not None
    found = host.gaps(298.15)
    np.testing.assert_allclose([(gap.low, gap.high) for gap in found], phases, atol=1e-5)
    np.testing.assert_allclose([-gap.level * VT for gap in found], plateaus, atol=5e-5)


def test_the_phases_of_lithium_tungsten_bronze_keep_its_measured_potentials() -> None:
    host = material("li_wo3_phases").host
    assert host is not None
    x = np.array([0.005, 0.4, 0.67])
    potential = host.curve(298.15).value(np.log(x / (1.0 - x))) * VT
    np.testing.assert_allclose(potential, [2.95, 2.30, 1.95], atol=1e-4)
