"""The double layers of a device apart: each as in closed form, in series as in the spectrum."""

import numpy as np
import pytest

from eisfv.analysis.double_layers import double_layers
from eisfv.api.impedance import spectrum, wanted_of
from eisfv.constants import VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.model.contacts import BlockingContact
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.mesh_options import MeshOptions
from eisfv.simulation import Simulation
from support.devices import AREA, binary, debye, mg_electrolyte, mg_stack, one_layer
from support.sections import COARSE, layered
from support.small_signals import signal

STERN = (0.2, 0.05)  # F/m2
FINE = MeshOptions(first=0.1, growth=1.05)


def walls() -> Device:
    return one_layer(binary(), 2e-6, *map(BlockingContact, STERN), FINE)


def test_each_wall_has_its_compact_layer_in_series_with_its_space_charge() -> None:
    """C/A = 1/(1/C_S + lambda/eps), after Gouy, Chapman and Stern, at walls without charge."""
    gate, channel = double_layers(signal(Simulation(walls())))
    assert (gate.where, channel.where) == ("gate", "channel contact")
    diffuse = 80.0 * VACUUM_PERMITTIVITY / debye()
    for layer, stern in zip((gate, channel), STERN, strict=True):
        np.testing.assert_allclose(layer.capacitance / AREA, 1.0 / (1.0 / stern + 1.0 / diffuse), rtol=1e-3)
    assert abs(gate.capacitance / channel.capacitance - 1.0) > 1.0  # a spectrum knows them in series alone


def test_in_series_they_are_the_capacitance_of_a_blocking_cell() -> None:
    found = signal(Simulation(walls()))
    series = 1.0 / sum(1.0 / layer.capacitance for layer in double_layers(found))
    np.testing.assert_allclose(found.at(1.0).admittance.imag / (2.0 * np.pi), series, rtol=1e-9)


@pytest.mark.parametrize("section", [False, True])
def test_interfaces_of_a_stack_and_of_a_section_add_up_to_the_spectrum(section: bool) -> None:
    """Transfer is too slow here to pass the layers within a second, and the electrolyte is tight."""
    stack = mg_stack(electrolyte=mg_electrolyte(1e-12), law=ButlerVolmer(1e-9, 0.5))
    found = signal(Simulation(layered(stack, **COARSE) if section else stack))
    layers = double_layers(found)
    assert [layer.where for layer in layers] == ["reservoir | electrolyte", "electrolyte | channel"]
    series = 1.0 / sum(1.0 / layer.capacitance for layer in layers)
    np.testing.assert_allclose(found.at(0.1).admittance.imag / (0.2 * np.pi), series, rtol=1e-3)


def test_a_spectrum_has_them_with_their_places() -> None:
    simulation = Simulation(mg_stack())
    table = spectrum(simulation.built, simulation.state, wanted_of(["1 kHz"], False), "stack").double_layers
    assert table["where"].tolist() == ["reservoir | electrolyte", "electrolyte | channel"]
    np.testing.assert_allclose(table["capacitance_F"], table["capacitance_F_per_m2"] * AREA)
    assert (table["capacitance_F_per_m2"] < 0.1).all()
