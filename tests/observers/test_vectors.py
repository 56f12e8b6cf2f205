"""Vectors at the cells: exact where the field is the same everywhere, on rectangles, a distorted mesh and a stack."""

import numpy as np
import pytest

from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.mesh.from_fipy import Contact, from_fipy
from eisfv.mesh.polygons import fipy_mesh
from eisfv.mesh.quality import centroids
from eisfv.mesh.records import GATE, Mesh, Outline
from eisfv.observers.vectors import CellVectors
from support.devices import mg_stack
from support.sections import COARSE, layered, stepped_film, walled

FIELD = np.array([0.7, -2.0])


def distorted() -> Mesh:
    """Return one region of quadrilaterals, no two of them alike."""
    line = np.linspace(0.0, 1.0, 8)
    x, y = np.meshgrid(line, line)
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    inside = ((points > 0.01) & (points < 0.99)).all(axis=1)
    points[inside] += np.random.default_rng(3).uniform(-0.03, 0.03, (int(inside.sum()), 2))
    first = (np.arange(7)[:, None] * 8 + np.arange(7)).ravel()
    corners = first[:, None] + np.array([0, 1, 9, 8])
    grid = fipy_mesh(points, corners)
    contact = Contact("gate", GATE, np.flatnonzero(np.asarray(grid.facesTop.value)))
    region = np.zeros(len(corners), int)
    return from_fipy(grid, ["film"], region, [contact], 1.0, centroids(points, corners), Outline(points, corners))


def strip() -> Mesh:
    """Return a section of one row of cells: no face knows the field across it."""
    device = layered(mg_stack(), cells={"reservoir": 1, "electrolyte": 1, "channel": 1}, lateral_cells=5)
    return mesh_of(device)


def flow_of(mesh: Mesh, field: Floats) -> Floats:
    """Return what a field (faces or 1, 2) drives through the faces, along the lines between the cells."""
    along = mesh.position[mesh.right] - mesh.position[mesh.left]
    length = np.linalg.norm(along, axis=1)
    return np.asarray(mesh.area * (along * field).sum(axis=1) / np.where(length > 0.0, length, 1.0))


MESHES = {
    "step": mesh_of(stepped_film(**COARSE)),
    "upright wall": mesh_of(walled(**COARSE)),
    "distorted": distorted(),
}
each_mesh = pytest.mark.parametrize("mesh", MESHES.values(), ids=MESHES.keys())


@each_mesh
def test_a_uniform_field_is_exact_in_every_cell(mesh: Mesh) -> None:
    vectors = CellVectors(mesh).of("current", flow_of(mesh, FIELD))
    assert list(vectors) == ["current_x", "current_y"]
    found = np.stack(list(vectors.values()), axis=1)[~mesh.surface]
    np.testing.assert_allclose(found, np.broadcast_to(FIELD, found.shape), rtol=1e-9)


@each_mesh
def test_a_face_whose_flow_is_wrong_is_seen(mesh: Mesh) -> None:
    flow = flow_of(mesh, FIELD)
    flow[int(mesh.area.argmax())] *= 1.01
    found = np.stack(list(CellVectors(mesh).of("current", flow).values()), axis=1)[~mesh.surface]
    assert np.abs(found - FIELD).max() > 1e-3


def test_the_distorted_mesh_is_distorted() -> None:
    mesh = MESHES["distorted"]
    along = mesh.position[mesh.right] - mesh.position[mesh.left]
    share = np.abs(along).min(axis=1) / np.abs(along).max(axis=1)
    assert share.max() > np.tan(np.radians(5.0))
    assert mesh.volume.max() > 1.2 * mesh.volume.min()


def test_a_field_that_grows_along_x_is_the_mean_of_its_faces() -> None:
    """Cells inside: both upright faces weigh the same; beside the left and right edge there is one face only."""
    mesh = MESHES["step"]
    middle = 0.5 * (mesh.position[mesh.left] + mesh.position[mesh.right])
    field = np.stack([middle[:, 0], 0.0 * middle[:, 0]], axis=1)
    found = CellVectors(mesh).of("current", flow_of(mesh, field))["current_x"]
    width = float(np.ptp(mesh.position[:, 0]))
    off = np.abs(found - mesh.position[:, 0])[~mesh.surface] / width
    assert off.max() < 0.2
    assert np.median(off) < 0.06


def test_across_a_single_row_nothing_is_known() -> None:
    mesh = strip()
    found = CellVectors(mesh).of("current", flow_of(mesh, np.array([3.0, 0.0])))
    inner = ~mesh.surface
    np.testing.assert_allclose(found["current_x"][inner], 3.0, rtol=1e-9)
    np.testing.assert_allclose(found["current_y"][inner], 0.0, atol=1e-9)


def test_in_a_stack_it_is_the_mean_over_a_cells_faces() -> None:
    mesh = mesh_of(mg_stack())
    flow = np.random.default_rng(1).normal(size=len(mesh.left))
    (name, found), *others = CellVectors(mesh).of("current", flow).items()
    assert (name, others) == ("current", [])
    for cell in (0, 5, 40, mesh.cells - 1):
        faces = ((mesh.left == cell) | (mesh.right == cell)) & (mesh.distance > 0.0)
        np.testing.assert_allclose(found[cell], (flow / mesh.area)[faces].mean(), rtol=1e-12)
