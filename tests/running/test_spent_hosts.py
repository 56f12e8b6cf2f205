"""A current that empties or fills a host ends there, whatever the last digit of the constants; one that something else
carries goes on."""

import re
from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.model.species import Ohmic
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.spent_hosts import SPENT, fillings
from support.devices import SITES, h_stack

CURRENT = 1e-12  # A


def end_of(device: Device) -> float:
    """Return when the current has moved half of the channel's sites, s."""
    return 0.5 * FARADAY * SITES * 10e-9 * device.area / CURRENT


def leaking(volts: float) -> Device:
    """Return a stack whose electrolyte carries the current by its electrons at so many volts."""
    device = h_stack(x=0.5)
    layer, channel = device.regions
    electron = Ohmic(-1, conductivity=CURRENT * layer.height / (device.area * volts))
    material = replace(layer.material, species={**layer.material.species, "electron": electron})
    return replace(device, regions=(replace(layer, material=material), channel))


@pytest.mark.parametrize("nudge", [0.0, -1e-15, 3e-15])
@pytest.mark.parametrize("sign, what", [(1.0, "full"), (-1.0, "empty")])
def test_a_current_ends_a_few_steps_behind_the_end_of_a_host(sign: float, what: str, nudge: float) -> None:
    device = h_stack(x=0.5)
    device = replace(device, area=device.area * (1.0 + nudge))
    simulation, end = Simulation(device), end_of(device)
    times: list[float] = []
    with pytest.raises(SolverError) as error:
        times.extend(one.end.offset for one in simulation.drive(CurrentStep(10.0 * end, Constant(sign * CURRENT))))
    told = re.search(rf"channel is {what} since t = (\S+) s", str(error.value))
    assert told is not None, str(error.value)
    np.testing.assert_allclose(float(told.group(1)), end, rtol=1e-3)  # the double layer holds the rest
    assert sum(time > end for time in times) < 25
    assert abs(simulation.voltage) < 10.0


def test_a_current_that_leaks_past_an_emptied_host_goes_on() -> None:
    device = leaking(3.0)
    simulation = Simulation(device)
    start = simulation.state
    simulation.run(CurrentStep(10.0 * end_of(device), Constant(-CURRENT)))
    (channel,) = fillings(simulation.built, start, simulation.state)
    assert channel.now < SPENT * channel.room
    built = simulation.built
    inside = (built.mesh.region[built.tables.left] == 0) & (built.mesh.region[built.tables.right] == 0)
    electrons = simulation.profile().flow[inside, built.number("electron")]
    np.testing.assert_allclose(FARADAY * electrons, CURRENT, rtol=1e-6)


def test_one_that_would_leak_beyond_breakdown_does_not() -> None:
    device = leaking(30.0)
    with pytest.raises(SolverError, match=r"channel is empty since .* takes more than 28 V"):
        Simulation(device).run(CurrentStep(10.0 * end_of(device), Constant(-CURRENT)))
