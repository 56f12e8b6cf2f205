"""Geometry and connectivity of a stack and of any FiPy grid."""

import numpy as np
import pytest
from fipy.meshes import Grid2D

from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.mesh.from_fipy import Contact, from_fipy
from eisfv.mesh.records import CHANNEL, GATE, Mesh
from eisfv.mesh.stack import stack_mesh
from support.devices import h_stack, mg_stack

AREA = 2e-4  # m2
SIZES = [np.array([1.0, 2.0, 1.5]) * 1e-9, np.array([0.5, 3.0]) * 1e-9]


def stack(nodes: tuple[bool, bool] = (False, False)) -> Mesh:
    return stack_mesh(["left", "right"], SIZES, AREA, nodes)


def section() -> Mesh:
    """Return two regions side by side, 4 x 3 and 2 x 3 cells of unequal size, contacts at the left and right edges."""
    grid = Grid2D(dx=np.array([1.0, 2.0, 2.0, 1.0, 0.5, 1.5]), dy=np.array([1.0, 3.0, 2.0]))
    region = (np.asarray(grid.cellCenters.value)[0] > 6.0).astype(int)
    return from_fipy(grid, ["left", "right"], region, left_and_right(grid, True), 1e-6)


def left_and_right(grid: Grid2D, node: bool) -> list[Contact]:
    """Return the contacts at the two edges, a surface node at the right one when asked."""
    return [
        Contact("gate", GATE, np.flatnonzero(grid.facesLeft.value)),
        Contact("channel", CHANNEL, np.flatnonzero(grid.facesRight.value), node),
    ]


def closed_surfaces(mesh: Mesh) -> np.ndarray:
    """Return the sum of the outward areas along the first axis of every cell inside the mesh: 0 when closed."""
    along = mesh.position[mesh.right, 0] - mesh.position[mesh.left, 0]
    normal = np.sign(np.where(mesh.distance > 0.0, along, 1.0)) * (np.abs(along) > 0.0)
    normal[mesh.distance == 0.0] = 1.0
    outward = np.zeros(mesh.cells)
    np.add.at(outward, mesh.left, normal * mesh.area)
    np.add.at(outward, mesh.right, -normal * mesh.area)
    np.add.at(outward, mesh.contact_cell, np.where(mesh.terminal == GATE, -1.0, 1.0) * mesh.contact_area)
    return outward


def test_volumes_of_a_stack_are_area_times_thickness() -> None:
    mesh = stack()
    for r, sizes in enumerate(SIZES):
        np.testing.assert_allclose(mesh.volume[mesh.region == r].sum(), AREA * sizes.sum(), rtol=1e-14)


def test_cells_of_a_stack_are_numbered_along_it() -> None:
    mesh = stack((True, True))
    assert (np.diff(mesh.position[:, 0]) >= 0.0).all()
    np.testing.assert_array_equal(mesh.right - mesh.left, 1)
    np.testing.assert_array_equal(np.sort(mesh.left), np.arange(mesh.cells - 1))


def test_each_side_of_an_interface_ends_in_a_node_on_it() -> None:
    mesh = stack()
    face = np.flatnonzero(mesh.interface >= 0)
    assert len(face) == 1
    pair = [mesh.left[face[0]], mesh.right[face[0]]]
    np.testing.assert_array_equal(mesh.volume[pair], 0.0)
    np.testing.assert_array_equal(mesh.region[pair], [0, 1])
    np.testing.assert_allclose(mesh.position[pair, 0], 4.5e-9, rtol=1e-14)
    assert mesh.distance[face[0]] == 0.0


def test_contact_without_a_node_lies_half_a_cell_away() -> None:
    mesh = stack()
    np.testing.assert_array_equal(mesh.terminal, [GATE, CHANNEL])
    np.testing.assert_allclose(mesh.contact_distance, [0.5e-9, 1.5e-9], rtol=1e-14)
    np.testing.assert_array_equal(mesh.contact_cell, [0, mesh.cells - 1])


def test_contact_with_a_node_lies_on_it() -> None:
    mesh = stack((True, True))
    np.testing.assert_array_equal(mesh.contact_distance, 0.0)
    np.testing.assert_array_equal(mesh.volume[mesh.contact_cell], 0.0)
    np.testing.assert_allclose(mesh.position[mesh.contact_cell, 0], [0.0, 8e-9], rtol=1e-13, atol=1e-22)


def test_distances_add_up_to_the_thickness() -> None:
    for nodes in ((False, False), (True, True), (True, False)):
        mesh = stack(nodes)
        np.testing.assert_allclose(mesh.distance.sum() + mesh.contact_distance.sum(), 8e-9, rtol=1e-13)


def test_section_keeps_the_volume_of_its_regions() -> None:
    mesh = section()
    assert [np.count_nonzero((mesh.region == r) & ~mesh.surface) for r in (0, 1)] == [12, 6]
    np.testing.assert_allclose(mesh.volume[mesh.region == 0].sum(), 6.0 * 6.0 * 1e-6, rtol=1e-14)
    np.testing.assert_allclose(mesh.volume[mesh.region == 1].sum(), 2.0 * 6.0 * 1e-6, rtol=1e-14)


def test_cells_of_a_section_are_closed() -> None:
    outward = closed_surfaces(section())
    assert np.abs(outward).max() < 1e-12 * section().area.max()


def test_a_missing_face_leaves_a_cell_open() -> None:
    whole = section()
    kept = np.arange(len(whole.left)) != 4
    parts = {name: getattr(whole, name)[kept] for name in ("left", "right", "area", "distance", "interface")}
    assert np.abs(closed_surfaces(Mesh(**{**vars(whole), **parts}))).max() > 0.1 * whole.area.min()


def test_every_face_of_a_section_joins_neighbours_of_one_region_or_crosses_the_interface() -> None:
    mesh = section()
    crossing = mesh.interface >= 0
    assert np.count_nonzero(crossing) == 3
    np.testing.assert_array_equal(mesh.region[mesh.left[~crossing]], mesh.region[mesh.right[~crossing]])
    np.testing.assert_array_equal(mesh.region[mesh.left[crossing]], 0)
    np.testing.assert_array_equal(mesh.region[mesh.right[crossing]], 1)
    np.testing.assert_allclose(np.sort(mesh.area[crossing]), [1e-6, 2e-6, 3e-6], rtol=1e-14)
    np.testing.assert_allclose(mesh.contact_area[mesh.terminal == GATE].sum(), 6e-6, rtol=1e-14)
    np.testing.assert_allclose(mesh.contact_area[mesh.terminal == CHANNEL].sum(), 6e-6, rtol=1e-14)


def test_a_section_one_cell_high_is_the_stack() -> None:
    flat = Grid2D(dx=np.concatenate(SIZES), dy=np.array([1.0]))
    region = np.repeat([0, 1], [3, 2])
    mesh = from_fipy(flat, ["left", "right"], region, left_and_right(flat, False), AREA)
    line = stack()
    for name in ("volume", "region", "left", "right", "area", "distance", "interface", "contact_cell", "contact_area"):
        np.testing.assert_allclose(getattr(mesh, name), getattr(line, name), rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("device", [mg_stack(), h_stack()], ids=["Mg", "H"])
def test_test_function_of_the_current_falls_by_one(device: object) -> None:
    built = build(device, mesh_of(device))
    np.testing.assert_allclose(built.tables.test_fall.sum(), 1.0, rtol=1e-13)
    assert (built.tables.test_fall >= 0.0).all()


def test_test_function_falls_where_the_device_resists() -> None:
    built = build(mg_stack(), mesh_of(mg_stack()))
    inside = built.tables.region[built.tables.left] == 1
    assert built.tables.test_fall[inside].sum() > 0.999
