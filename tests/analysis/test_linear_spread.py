"""The scatter of a quantity to first order, against devices that are one standard deviation apart."""

from pathlib import Path

import numpy as np
import pytest

import eisfv
from eisfv.api.linear_spread import linear_spread
from eisfv.case.parameters import parameters, with_factor
from eisfv.device.stack import sizes_of
from eisfv.observers.readout import ChannelReadout
from eisfv.running.sensitivity import Found, driven, found

SWEEP = """
[sweep]
case = "{case}"
title = "two that scatter"
[[axis]]
key = "device.interface[1].ion.exchange_current"
median = "0.1 uA/cm^2"
factor = 1.05
[[axis]]
key = "device.region.channel.thickness"
mean = "80 nm"
sd = "{sd}"
[sample]
method = "latin_hypercube"
points = 4
[[sample.correlation]]
between = ["exchange_current", "thickness"]
value = -0.5
"""


@pytest.fixture(scope="module")
def case() -> eisfv.Case:
    found = eisfv.load("cases/mg_wo3_pulses")
    found.set({"mesh.grading": "lengths", "mesh.growth": 2.0, "mesh.host_growth": 1.6, "mesh.largest": 0.3})
    found.set("device.region[1].thickness", "1 um")
    found.set("protocol", [{"drive": "voltage", "value": "0.3 V", "duration": "0.5 s", "pulse": True}])
    return found


@pytest.fixture(scope="module")
def slopes(case: eisfv.Case) -> Found:
    return found(case.resolved, None, "conductance", None)


def test_axes_add_up_by_their_correlation(case: eisfv.Case, slopes: Found, tmp_path: Path) -> None:
    file = tmp_path / "sweep.toml"
    file.write_text(SWEEP.format(case=Path("cases/mg_wo3_pulses").resolve(), sd="4 %"))
    spread = linear_spread(slopes, case.resolved, file)
    one, other = spread.parts["exchange_current"], spread.parts["thickness"]
    np.testing.assert_allclose(spread.sd**2, one**2 + other**2 - one * other, rtol=1e-12)
    assert abs(spread.sd**2 / (one**2 + other**2) - 1.0) > 1e-3
    key = next(p for p in parameters(case.resolved) if p.name == "device.interface[1].ion.exchange_current")
    ends = []
    for factor in (1.05, 1.0 / 1.05):
        run = driven(with_factor(case.resolved, key, factor), sizes_of(case.resolved.device), None)
        ends.append(ChannelReadout(run.simulation.built).conductance(run.simulation.state))
    np.testing.assert_allclose(one, 0.5 * (ends[0] - ends[1]), rtol=1e-2)


def test_an_axis_without_a_derivative_is_named(case: eisfv.Case, slopes: Found, tmp_path: Path) -> None:
    file = tmp_path / "sweep.toml"
    text = SWEEP.format(case=Path("cases/mg_wo3_pulses").resolve(), sd="4 %")
    text = text.replace("device.region.channel.thickness", "device.series_resistance").replace("80 nm", "10 ohm")
    file.write_text(text.replace('"thickness"', '"series_resistance"'))
    with pytest.raises(eisfv.CaseError, match=r"device\.series_resistance has no derivative in this case"):
        linear_spread(slopes, case.resolved, file)
