"""Geometry of a section of rectangles: a frame of four regions around a hole, with a step."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.mesh.box import Box
from eisfv.mesh.records import CHANNEL, GATE, Floats, Mesh
from eisfv.mesh.section import Stretch, section_mesh

DEPTH = 2e-3  # m
NAMES = ("roof", "left", "right", "floor")
ROOF, LEFT, RIGHT, FLOOR = range(4)
# The hole is (3, 6) x (2, 4); the floor ends at x = 6, the roof at 8: a step.
BOXES = (
    Box((0.0, 8.0), (0.0, 2.0)),
    Box((0.0, 3.0), (2.0, 4.0)),
    Box((6.0, 8.0), (2.0, 4.0)),
    Box((0.0, 6.0), (4.0, 5.0)),
)
LINES = (np.array([0.0, 0.7, 2.0, 3.0, 4.5, 6.0, 6.4, 8.0]), np.array([0.0, 1.5, 2.0, 2.2, 4.0, 4.1, 5.0]))
# Every outer edge, those of the hole with it: axis, where, span, region.
EDGES = (
    (1, 0.0, (0.0, 8.0), ROOF),
    (0, 0.0, (0.0, 2.0), ROOF),
    (0, 8.0, (0.0, 2.0), ROOF),
    (1, 2.0, (3.0, 6.0), ROOF),
    (0, 0.0, (2.0, 4.0), LEFT),
    (0, 3.0, (2.0, 4.0), LEFT),
    (0, 6.0, (2.0, 4.0), RIGHT),
    (0, 8.0, (2.0, 4.0), RIGHT),
    (1, 4.0, (6.0, 8.0), RIGHT),
    (1, 4.0, (3.0, 6.0), FLOOR),
    (0, 0.0, (4.0, 5.0), FLOOR),
    (0, 6.0, (4.0, 5.0), FLOOR),
    (1, 5.0, (0.0, 6.0), FLOOR),
)


def frame(edges: tuple[tuple[int, float, tuple[float, float], int], ...] = EDGES, node: bool = False) -> Mesh:
    """Return the frame with contacts on edges; the first is the gate."""
    found = [Stretch(str(n), CHANNEL if n else GATE, *edge, node) for n, edge in enumerate(edges)]
    return section_mesh(NAMES, BOXES, LINES, found, DEPTH)


def outward(mesh: Mesh) -> Floats:
    """Return the sum of the outward area vectors (cells, 2): 0 where a cell's surface is closed."""
    along = mesh.position[mesh.right] - mesh.position[mesh.left]
    node = np.full((mesh.cells, 2), np.nan)
    inner = mesh.distance > 0.0
    node[mesh.left[inner & mesh.surface[mesh.left]]] = along[inner & mesh.surface[mesh.left]]
    node[mesh.right[inner & mesh.surface[mesh.right]]] = along[inner & mesh.surface[mesh.right]]
    along[~inner] = node[mesh.left[~inner]]
    normal = along / np.linalg.norm(along, axis=1)[:, None]
    total = np.zeros((mesh.cells, 2))
    np.add.at(total, mesh.left, normal * mesh.area[:, None])
    np.add.at(total, mesh.right, -normal * mesh.area[:, None])
    out = mesh.contact_position - mesh.position[mesh.contact_cell]
    out /= np.linalg.norm(out, axis=1)[:, None]
    np.add.at(total, mesh.contact_cell, out * mesh.contact_area[:, None])
    return total


def test_volumes_of_each_region_are_its_rectangle_times_the_depth() -> None:
    mesh = frame()
    for number, box in enumerate(BOXES):
        expected = np.diff(box.x)[0] * np.diff(box.y)[0] * DEPTH
        np.testing.assert_allclose(mesh.volume[mesh.region == number].sum(), expected, rtol=1e-14)


def test_every_cell_is_closed_in_both_directions_when_every_edge_is_a_contact() -> None:
    mesh = frame()
    assert np.abs(outward(mesh)).max() < 1e-13 * mesh.area.max()


def test_an_edge_that_is_no_contact_leaves_its_cells_open_by_its_area() -> None:
    """The wall of the hole under the roof: two cells, open downward."""
    mesh = frame(EDGES[:3] + EDGES[4:])
    opened = outward(mesh)
    cells = np.flatnonzero(np.abs(opened).max(axis=1) > 1e-12 * mesh.area.max())
    np.testing.assert_allclose(np.sort(mesh.position[cells, 0]), [3.75, 5.25], rtol=1e-14)
    np.testing.assert_allclose(opened[cells].sum(axis=0), [0.0, -3.0 * DEPTH], rtol=1e-13, atol=1e-18)


def test_a_missing_face_is_seen() -> None:
    mesh = frame()
    kept = np.arange(len(mesh.left)) != 7
    parts = {name: getattr(mesh, name)[kept] for name in ("left", "right", "area", "distance", "interface")}
    assert np.abs(outward(replace(mesh, **parts))).max() > 0.1 * mesh.area.min()


def test_the_hole_holds_no_cell_and_no_face_crosses_it() -> None:
    mesh = frame()
    x, y = mesh.position[~mesh.surface].T
    assert not ((x > 3.0) & (x < 6.0) & (y > 2.0) & (y < 4.0)).any()
    assert not ((x > 6.0) & (y > 4.0)).any()
    assert mesh.outline is not None
    corners = [set(row) for row in mesh.outline.corners]
    whole = ~mesh.surface[mesh.left] & ~mesh.surface[mesh.right]
    assert whole.sum() > 20
    for a, b in zip(mesh.left[whole], mesh.right[whole], strict=True):
        assert len(corners[a] & corners[b]) == 2, (a, b)


def test_a_cells_outline_is_its_rectangle() -> None:
    mesh = frame()
    assert mesh.outline is not None
    inner = np.flatnonzero(~mesh.surface)
    around = mesh.outline.points[mesh.outline.corners[inner]]
    np.testing.assert_allclose(around.mean(axis=1), mesh.position[inner], rtol=1e-13)
    x, y = around[..., 0], around[..., 1]
    area = 0.5 * (x * np.roll(y, -1, axis=1) - np.roll(x, -1, axis=1) * y).sum(axis=1)
    np.testing.assert_allclose(np.abs(area) * DEPTH, mesh.volume[inner], rtol=1e-12)
    assert (mesh.outline.corners[mesh.surface] == -1).all()


@pytest.mark.parametrize("edge", EDGES)
def test_a_contact_is_where_it_was_asked_for_and_nowhere_else(
    edge: tuple[int, float, tuple[float, float], int],
) -> None:
    axis, at, span, region = edge
    mesh = frame((edge,))
    np.testing.assert_allclose(mesh.contact_position[:, axis], at, atol=1e-13)
    along = mesh.contact_position[:, 1 - axis]
    assert ((along > span[0]) & (along < span[1])).all()
    np.testing.assert_allclose(mesh.contact_area.sum(), np.diff(span)[0] * DEPTH, rtol=1e-14)
    np.testing.assert_array_equal(mesh.region[mesh.contact_cell], region)


def test_a_part_of_an_edge_takes_a_part_of_its_faces() -> None:
    mesh = frame(((1, 0.0, (0.7, 3.0), ROOF),))
    np.testing.assert_allclose(np.sort(mesh.contact_position[:, 0]), [1.35, 2.5], rtol=1e-14)


def test_no_contact_lies_between_two_regions_or_inside_one() -> None:
    edges = (EDGES[0], (1, 2.0, (0.0, 8.0), LEFT), (0, 2.0, (0.0, 2.0), ROOF), (0, 6.0, (4.0, 5.0), RIGHT))
    mesh = frame(edges)
    np.testing.assert_array_equal(np.unique(mesh.place), [0])


def test_contacts_with_nodes_lie_on_them() -> None:
    mesh = frame(node=True)
    np.testing.assert_array_equal(mesh.contact_distance, 0.0)
    np.testing.assert_array_equal(mesh.volume[mesh.contact_cell], 0.0)
    np.testing.assert_allclose(mesh.position[mesh.contact_cell], mesh.contact_position, rtol=1e-14)
    assert mesh.cells == frame().cells + len(mesh.contact_cell)


def test_interfaces_have_the_area_that_two_regions_share() -> None:
    mesh = frame()
    shared = {(ROOF, LEFT): 3.0, (ROOF, RIGHT): 2.0, (LEFT, FLOOR): 3.0}
    joint = mesh.interface >= 0
    for (a, b), length in shared.items():
        between = joint & (mesh.region[mesh.left] == a) & (mesh.region[mesh.right] == b)
        np.testing.assert_allclose(mesh.area[between].sum(), length * DEPTH, rtol=1e-14)
        assert len(np.unique(mesh.interface[between])) == 1
    # Right and floor meet in a corner: no face.
    np.testing.assert_allclose(mesh.area[joint].sum(), sum(shared.values()) * DEPTH, rtol=1e-14)
