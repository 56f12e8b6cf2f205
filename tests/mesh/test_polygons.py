"""A FiPy mesh of triangles and quadrilaterals against FiPy's own grids and against geometry."""

import numpy as np
import pytest
from fipy.meshes import Grid2D

from eisfv.mesh.polygons import cells_of_sides, find_sides, fipy_mesh, numbered_sides

X, Y = np.array([0.0, 1.0, 3.0, 3.5]), np.array([0.0, 2.0, 2.5])
# One square and, beside it, another one cut into two triangles.
POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
MIXED = np.array([[0, 1, 4, 3], [1, 2, 5, -1], [1, 5, 4, -1]])


def tensor() -> tuple[np.ndarray, np.ndarray]:
    """Return points and corners of the grid of X and Y, row by row."""
    points = np.array([[x, y] for y in Y for x in X])
    first = np.array([j * len(X) + i for j in range(len(Y) - 1) for i in range(len(X) - 1)])
    return points, first[:, None] + np.array([0, 1, len(X) + 1, len(X)])


def test_rectangles_are_those_of_a_fipy_grid() -> None:
    grid, mesh = Grid2D(dx=np.diff(X), dy=np.diff(Y)), fipy_mesh(*tensor())
    assert mesh.numberOfFaces == grid.numberOfFaces
    np.testing.assert_allclose(mesh.cellVolumes, grid.cellVolumes, rtol=1e-14)
    np.testing.assert_allclose(mesh.cellCenters.value, grid.cellCenters.value, rtol=1e-14)
    for of in (grid, mesh):
        of.pairs = sorted(
            (*(c if c is not np.ma.masked else -1 for c in pair), round(float(area), 12))
            for pair, area in zip(of.faceCellIDs.T, of._faceAreas, strict=True)
        )
    assert mesh.pairs == grid.pairs


def test_triangles_and_quadrilaterals_share_one_mesh() -> None:
    mesh = fipy_mesh(POINTS, MIXED)
    np.testing.assert_allclose(mesh.cellVolumes, [1.0, 0.5, 0.5], rtol=1e-14)
    np.testing.assert_allclose(mesh.cellCenters.value.T[1], [5 / 3, 1 / 3], rtol=1e-14)
    inner = ~np.ma.getmaskarray(mesh.faceCellIDs)[1]
    assert sorted(map(tuple, np.ma.getdata(mesh.faceCellIDs)[:, inner].T)) == [(0, 2), (1, 2)]


@pytest.mark.parametrize("corners", [MIXED, np.array([[3, 4, 1, 0], [5, 2, 1, -1], [1, 5, 4, -1]])])
def test_every_cell_is_closed_whichever_way_round_it_is_given(corners: np.ndarray) -> None:
    mesh = fipy_mesh(POINTS, corners)
    normal = np.asarray(mesh.faceNormals) * np.asarray(mesh._faceAreas)
    outward = np.zeros((2, len(corners)))
    first, second = np.ma.getdata(mesh.faceCellIDs)
    inner = ~np.ma.getmaskarray(mesh.faceCellIDs)[1]
    np.add.at(outward.T, first, normal.T)
    np.add.at(outward.T, second[inner], -normal.T[inner])
    np.testing.assert_allclose(outward, 0.0, atol=1e-14)
    assert np.abs(normal).sum() > 1.0
    np.testing.assert_allclose(np.sum(mesh.cellVolumes), 2.0, rtol=1e-14)


def test_triangles_alone_need_no_fourth_corner() -> None:
    _, sides = numbered_sides(MIXED[1:])
    assert sides.shape == (2, 3)
    np.testing.assert_allclose(
        fipy_mesh(POINTS[[1, 2, 4, 5]], np.array([[0, 1, 3, -1], [0, 3, 2, -1]])).cellVolumes, 0.5
    )


def test_a_side_is_found_by_its_points_in_either_order() -> None:
    ends, sides = numbered_sides(MIXED)
    found = find_sides(ends, np.array([[4, 1], [1, 4], [0, 5], [-1, 2]]))
    assert found[0] == found[1] == sides[0, 1] >= 0
    np.testing.assert_array_equal(found[2:], -1)
    np.testing.assert_array_equal(cells_of_sides(sides, len(ends))[found[0]], [0, 2])
    np.testing.assert_array_equal(cells_of_sides(sides, len(ends))[sides[0, 0]], [0, -1])


def test_a_side_of_three_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="3 cells share the side between points 1 and 4"):
        fipy_mesh(POINTS, np.vstack([MIXED, [[1, 4, 2, -1]]]))
