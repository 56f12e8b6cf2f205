"""A gas that a voltage piles up beyond any solid is told; one that fills sites or is driven less is not."""

import re

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.crowding import CROWDED, Crowding
from eisfv.simulation import Simulation
from support.devices import VOLT, binary, mg_stack, one_layer

SALT = 10.0  # mol/m3


@pytest.mark.parametrize("volts, sites, told", [(25.0, None, True), (8.0, None, False), (25.0, 100.0, False)])
def test_ions_that_no_solid_holds_are_told(volts: float, sites: float | None, told: bool) -> None:
    """At rest a dilute ion stands at c = c_bath e^(F phi/RT): below 3e4 mol/m3 everywhere at 8 RT/F."""
    material, mesh = binary(SALT, sites=sites), MeshOptions(first=1e-5, growth=1.3, largest=0.3)
    simulation = Simulation(one_layer(material, 1e-7, BlockingContact(), BathContact(), mesh))
    seen, again = Crowding(simulation.built), Crowding(simulation.built)
    step = VoltageStep(1e3, Constant(volts * VOLT))
    seen.end(step, simulation.run(step))
    lines = list(seen.warnings())
    assert len(lines) == told
    again.restore(seen.save(), None)
    assert list(again.warnings()) == lines == seen.statistics()["crowding"]
    if told:
        found = re.match(r"anion has piled up to (\S+) mol/m3 at an end of layer, beyond any solid", lines[0])
        assert found is not None, lines
        highest = simulation.profile().potential[simulation.built.mesh.volume > 0.0].max() / VOLT
        np.testing.assert_allclose(float(found.group(1)), SALT * np.exp(highest), rtol=0.05)
        assert 'take statistics = "lattice"' in lines[0]
    assert SALT * np.exp(8.0) < CROWDED


def test_the_electrons_of_a_host_are_not_asked() -> None:
    seen = Crowding(build(mg_stack(), mesh_of(mg_stack())))
    seen.most[:] = 2.0 * CROWDED
    assert {line.split()[0] for line in seen.warnings()} == {"Mg", "TFSI"}
