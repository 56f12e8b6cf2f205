"""The gradient in a cell: right on every mesh where it is uniform, interpolated where it is not."""

import numpy as np
import pytest

from eisfv.device.cell_gradients import cell_gradients
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from support.devices import binary, mg_stack, one_layer
from support.sections import layered

DEVICES = {
    "a graded stack": mg_stack(length=50e-9),
    "a section of boxes": layered(mg_stack(length=50e-9), "bottom", width=1e-7, lateral_cells=4),
}


def gradient(mesh: Mesh, phi: Floats) -> Floats:
    """Return the gradient (cells, axes) of phi (cells), per m."""
    slopes = cell_gradients(mesh)
    fall = phi[mesh.right] - phi[mesh.left]
    out = np.zeros_like(mesh.position)
    np.add.at(out, mesh.left, slopes.slope_left * fall[:, None])
    np.add.at(out, mesh.right, slopes.slope_right * fall[:, None])
    return out


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES.keys())
def test_a_uniform_gradient_is_found_in_every_cell(device: Device) -> None:
    mesh = mesh_of(device)
    wanted = np.array([3.0e6, -2.0e6])[: mesh.position.shape[1]]
    found = gradient(mesh, mesh.position @ wanted)[~mesh.surface]
    np.testing.assert_allclose(found, np.tile(wanted, (len(found), 1)), rtol=1e-7)


def test_what_lies_across_an_interface_does_not_count() -> None:
    mesh = mesh_of(DEVICES["a graded stack"])
    jump = 1e3 * mesh.region.astype(float)
    assert np.abs(gradient(mesh, jump)).max() == 0.0


def test_a_gradient_that_changes_evenly_is_interpolated_on_unequal_cells() -> None:
    mesh = mesh_of(one_layer(binary(1000.0), 50e-9))
    y = mesh.position[:, 0]
    inner = np.arange(1, len(y) - 1)
    found = gradient(mesh, 1e15 * y**2)[inner, 0]
    np.testing.assert_allclose(found, 2e15 * y[inner], rtol=1e-7)
    sizes = mesh.volume[inner]
    assert sizes.max() > 1.5 * sizes.min()
