"""Overrides that cannot be: the line names the option and the key."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses"


@pytest.mark.parametrize(
    "override, line",
    [
        pytest.param(
            "device.temprature=300 K",
            '--set: device.temprature is not a known key; did you mean "temperature"?',
            id="misspelt key",
        ),
        pytest.param(
            "devise.area=1 m^2", '--set: devise is not a known key; did you mean "device"?', id="misspelt table"
        ),
        pytest.param(
            "device.region.chanel.thickness=1 nm",
            '--set: device.region.chanel does not exist; did you mean "channel"?',
            id="unknown region",
        ),
        pytest.param(
            "device.region[3].thickness=1 nm",
            "--set: device.region[3] does not exist; the list has 3 entries",
            id="region number",
        ),
        pytest.param(
            "device.area.x=1",
            "--set: device.area.x does not exist: the key before it holds a single value",
            id="below a value",
        ),
        pytest.param(
            "device.area=3",
            '--set: device.area = 3 has no unit; write for example "0.6 cm^2"',
            id="no unit",
        ),
        pytest.param(
            "material.mg_wo.zero_charge_x=0.1",
            '--set: material.mg_wo is not used by the device; did you mean "mg_wo3"?',
            id="unknown material",
        ),
        pytest.param("device.region=3", "--set: device.region = 3 must be a list in [ ]", id="no list"),
        pytest.param("material=3", "--set: material = 3 must be a table", id="no table of materials"),
        pytest.param("protocol=[]", "--set: protocol = [] must not be empty", id="empty protocol"),
        pytest.param(
            "device.area",
            '--set: "device.area" is not KEY=VALUE; write for example device.temperature="350 K"',
            id="no value",
        ),
        pytest.param(
            "a b=1", '--set: "a b=1" is not KEY=VALUE; write for example device.temperature="350 K"', id="no key"
        ),
    ],
)
def test_an_override_that_cannot_be_is_named(override: str, line: str) -> None:
    with pytest.raises(CaseError) as error:
        load(MAIN, [override])
    assert error.value.lines == [line]
