"""Where a conductance bends in a protocol step, against the second derivative of a profile in closed form."""

from typing import Any, Literal

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.case_file import Readout
from eisfv.model.contacts import OhmicContact
from eisfv.model.regions import Initial, Region
from eisfv.observers.conductance_bends import WEIGHT, ConductanceBends
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import SMALL
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, wo3

LENGTH = 1e-9  # m, over which the conductivity decays from the wall
FACES = np.linspace(0.0, 20.0 * LENGTH, 2001)
Y, SIZE = 0.5 * (FACES[1:] + FACES[:-1]), np.diff(FACES)


class Known(ConductanceBends):
    """States are conductivities themselves."""

    def __init__(self) -> None:
        nothing: Any = None
        super().__init__(nothing, Y, SIZE)

    def read(self, state: Any) -> Floats:
        return np.asarray(state)


def after(*steps: float) -> Floats:
    """Return g^3 after steps that add so much of exp(-y/l) each."""
    bends, sigma = Known(), 0.0 * Y
    for amplitude in steps:
        bends.begin(sigma)
        sigma = sigma + amplitude * np.exp(-Y / LENGTH)
        bends.look(sigma)
        bends.end()
    return bends.cubed()


@pytest.mark.parametrize("amplitude", [1e-6, -3.0])
def test_a_layer_gets_its_second_derivative_over_its_integral_whatever_its_size(amplitude: float) -> None:
    expected = WEIGHT * np.exp(-Y / LENGTH) / LENGTH**3
    layer = slice(1, 1000)  # ten lengths of it: beyond, differences of differences are rounding
    np.testing.assert_allclose(after(amplitude)[layer], expected[layer], rtol=1e-3)


def test_a_change_that_is_small_beside_that_of_another_step_counts_less() -> None:
    one, both = after(1.0), after(1.0, 0.01 * SMALL)
    np.testing.assert_allclose(both, one, rtol=1e-6)


def test_many_alike_steps_are_each_worth_as_much_as_one() -> None:
    # Scaled by the sum of all of them each would be worth a tenth.
    np.testing.assert_allclose(after(*[1.0] * 10), after(1.0), rtol=1e-6)


def test_what_does_not_change_needs_no_cells() -> None:
    assert not after(0.0).any()


def test_read_through_a_stack_it_is_the_resistivity_that_counts() -> None:
    simulation = Simulation(sandwich("through"))
    channel = ChannelReadout(simulation.built)
    y = simulation.built.mesh.position[channel.cells, 0]
    read = ConductanceBends(channel, y, channel.volume).read(simulation.state)
    np.testing.assert_allclose(read * channel.sigma_of(channel.carriers(simulation.state)), 1.0, rtol=1e-14)
    along = ChannelReadout(Simulation(sandwich("along")).built)
    bends = ConductanceBends(along, y, along.volume)
    np.testing.assert_allclose(bends.read(simulation.state), 1.0 / read, rtol=1e-14)


def sandwich(path: Literal["along", "through"]) -> Device:
    readout = Readout("film", path=path, length=1e-6 if path == "along" else None, width=1e-6)
    region = Region("film", wo3(), 80e-9, Initial(0.1))
    return Device(TEMPERATURE, AREA, (region,), (), OhmicContact(), OhmicContact(), readout=readout)
