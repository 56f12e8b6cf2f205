"""Every case that comes with the project loads, is explained, and says what it is held against."""

from pathlib import Path

import pytest

from eisfv.case import load
from eisfv.model.host_curves import PercolationConductivity
from eisfv.postprocess.quantities.expected import read_expected

SHIPPED = Path(__file__).parents[2] / "cases"
CASES = sorted(path.parent for where in ("*", "table1/*") for path in SHIPPED.glob(f"{where}/case.toml"))
MAIN = next(path for path in CASES if path.name == "mg_wo3_pulses")
UNITS = {"S": "conductance", "C": "charge", "J": "energy", "V": "voltage", "A": "current", "s": "time"}


@pytest.mark.parametrize("directory", CASES, ids=lambda path: path.name)
def test_the_case_loads_and_is_explained(directory: Path) -> None:
    assert load(directory).title
    assert (directory / "README.md").read_text().startswith("# ")


@pytest.mark.parametrize("directory", CASES, ids=lambda path: path.name)
def test_every_expected_quantity_is_complete(directory: Path) -> None:
    quantities = read_expected(directory / "expected.toml")
    assert len({quantity.name for quantity in quantities}) == len(quantities)
    assert all(quantity.source for quantity in quantities)


def test_the_mg_channel_starts_in_the_reported_conductance_range() -> None:
    device = load(MAIN).device
    channel, readout = device.regions[-1], device.readout
    assert readout is not None
    assert channel.initial.x is not None
    host = channel.material.host
    assert host is not None
    curve = host.conductivity
    assert isinstance(curve, PercolationConductivity)
    gamma = 2 * channel.initial.x
    u = (gamma / curve.threshold) ** curve.exponent
    sigma = curve.background + curve.slope * gamma * u / (1 + u)
    assert 4e-6 < sigma * channel.thickness * readout.width / readout.length < 6e-6


def test_the_mg_reservoir_and_channel_are_the_same_material() -> None:
    device = load(MAIN).device
    assert device.regions[0].material == device.regions[-1].material
