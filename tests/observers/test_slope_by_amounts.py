"""The slope of the read conductance against what the cells hold, against differences, for every way of reading."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.model.case_file import Readout
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation
from support.devices import mg_stack
from support.sections import COARSE, layered

ALONG = mg_stack(x=(0.1, 0.02))
DEVICES = {
    "along": ALONG,
    "through": replace(ALONG, readout=Readout("channel", path="through")),
    "by electrons": replace(ALONG, readout=Readout("channel", length=1e-4, width=5e-4, carriers="electrons")),
    "nothing read": replace(ALONG, readout=None),
    "section": layered(ALONG, "sides", **COARSE),
}


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES.keys())
def test_slopes_are_those_of_the_conductance(device: Device) -> None:
    state = Simulation(device).state
    built = build(device, mesh_of(device))
    channel = ChannelReadout(built)
    slopes = channel.slope_by_amounts(state)
    rng = np.random.default_rng(3)
    move = 1e-4 * state.ledger.base * rng.uniform(0.5, 1.0, size=slopes.shape) + 1e-4 * np.abs(state.stored)
    up, down = (channel.conductance(state._replace(stored=state.stored + sign * move)) for sign in (1.0, -1.0))
    expected = 0.5 * (up - down)
    np.testing.assert_allclose((slopes * move).sum(), expected, rtol=1e-5, atol=1e-12 * abs(up))
    assert (expected > 0.0) == (device.readout is not None)
