"""What `eisfv check` warns of is there, and what it does not warn of is not."""

from dataclasses import replace

import numpy as np

from eisfv.device.build import Built, build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.scales import blocked_ions, device_scales, region_scales
from eisfv.model.interface_laws import Blocking
from support.devices import mg_stack


def built(device: Device) -> Built:
    return build(device, mesh_of(device))


def test_an_ion_stopped_at_an_interface_is_named() -> None:
    device = mg_stack()
    first, second = device.interfaces
    stopped = replace(device, interfaces=(replace(first, species={**first.species, "Mg": Blocking()}), second))
    assert list(blocked_ions(built(device))) == []
    assert list(blocked_ions(built(stopped))) == [(first.left, first.right, "Mg")]


def test_scales_are_those_of_the_layers() -> None:
    device = mg_stack()
    made = built(device)
    rows = [region_scales(made, k) for k in range(3)]
    resistance = sum(
        region.thickness / (row.conductivity * device.area) for region, row in zip(device.regions, rows, strict=True)
    )
    np.testing.assert_allclose(device_scales(made).resistance, resistance, rtol=1e-12)
    assert sum(row.cells for row in rows) == np.count_nonzero(made.mesh.volume)
