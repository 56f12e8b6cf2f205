"""Every case that comes with the project loads, is explained, and says what it is held against."""

import tomllib
from pathlib import Path

import pytest

from eisfv.case import load
from eisfv.materials.records import PercolationConductivity
from eisfv.units import parse

CASES = sorted(path.parent for path in (Path(__file__).parents[2] / "cases").glob("*/case.toml"))
MAIN = next(path for path in CASES if path.name == "mg_wo3_pulses")
UNITS = {"S": "conductance", "C": "charge", "J": "energy", "V": "voltage", "A": "current", "s": "time"}


@pytest.mark.parametrize("directory", CASES, ids=lambda path: path.name)
def test_the_case_loads_and_is_explained(directory: Path) -> None:
    assert load(directory).title
    assert (directory / "README.md").read_text().startswith("# ")


@pytest.mark.parametrize("directory", CASES, ids=lambda path: path.name)
def test_every_expected_quantity_is_complete(directory: Path) -> None:
    quantities = tomllib.loads((directory / "expected.toml").read_text())["quantity"]
    assert len({quantity["name"] for quantity in quantities}) == len(quantities)
    for quantity in quantities:
        assert quantity["kind"] in ("calibrated", "predicted", "exact")
        assert quantity["from"] in ("pulses", "terminals", "profiles")
        assert quantity["reduce"] in ("mean", "median", "last", "first", "max", "min")
        assert quantity["select"] == "all" or quantity["select"].split()[0] in ("first", "last")
        tolerance = quantity["tolerance"]
        assert tolerance["factor"] > 1 if isinstance(tolerance, dict) else tolerance > 0
        assert quantity["source"]
        if isinstance(quantity["value"], str):
            parse(quantity["value"], UNITS[quantity["column"].rsplit("_", 1)[1]])


def test_the_mg_channel_starts_in_the_reported_conductance_range() -> None:
    device = load(MAIN).device
    channel, readout = device.regions[-1], device.readout
    assert readout is not None
    assert channel.x is not None
    host = channel.material.host
    assert host is not None
    curve = host.conductivity
    assert isinstance(curve, PercolationConductivity)
    gamma = 2 * channel.x
    u = (gamma / curve.threshold) ** curve.exponent
    sigma = curve.background + curve.slope * gamma * u / (1 + u)
    assert 4e-6 < sigma * channel.thickness * readout.width / readout.length < 6e-6


def test_the_mg_reservoir_and_channel_are_the_same_material() -> None:
    device = load(MAIN).device
    assert device.regions[0].material == device.regions[-1].material
