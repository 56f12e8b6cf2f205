"""Angles between the lines of the flux and the normals of their faces, and what is done about them."""

import numpy as np
import pytest

from eisfv.mesh.polygons import fipy_mesh
from eisfv.mesh.quality import (
    Angle,
    MeshQualityError,
    angle_warning,
    centroids,
    circumcentres,
    refuse_angle,
    worst_angle,
)

NONE = np.array([], np.int64)


def leaning(degrees: float, rows: int = 3, height: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return points and corners of squares sheared by an angle."""
    lean = np.tan(np.radians(degrees))
    points = np.array([[i + lean * j * height, j * height] for j in range(rows + 1) for i in range(rows + 1)])
    first = np.array([j * (rows + 1) + i for j in range(rows) for i in range(rows)])
    return points, first[:, None] + np.array([0, 1, rows + 2, rows + 1])


def angle_of(points: np.ndarray, corners: np.ndarray, centres: np.ndarray | None = None) -> Angle:
    return worst_angle(fipy_mesh(points, corners), np.zeros(len(corners), int), NONE, centres)


@pytest.mark.parametrize("degrees", [0.0, 3.0, 15.0, 40.0])
def test_a_shear_is_its_angle(degrees: float) -> None:
    np.testing.assert_allclose(angle_of(*leaning(degrees)).degrees, degrees, rtol=1e-9, atol=1e-9)


def test_stretching_squares_leaves_them_normal_however_flat() -> None:
    points, corners = leaning(0.0)
    assert angle_of(points * [1e-4, 1e-10], corners).degrees < 1e-6


def test_the_worst_face_is_named() -> None:
    points, corners = leaning(0.0)
    points[5] += [0.0, 0.2]
    worst = angle_of(points, corners)
    assert worst.degrees > 1.0
    assert np.linalg.norm(worst.place - points[5]) < 1.0


def test_half_lines_count_at_contacts_and_interfaces() -> None:
    # A trapezoid: the line from its centroid to a slanted wall is not normal to it, that to the next cell is.
    points = np.array([[0.0, 0.0], [1.0, 0.0], [1.5, 1.0], [-0.5, 1.0], [1.5, 2.0], [-0.5, 2.0]])
    corners = np.array([[0, 1, 2, 3], [3, 2, 4, 5]])
    grid = fipy_mesh(points, corners)
    middle = np.asarray(grid.faceCenters.value).T
    wall = np.flatnonzero((middle[:, 0] < 0.0) & (middle[:, 1] < 1.0))
    centres = centroids(points, corners)
    assert worst_angle(grid, np.zeros(2, int), NONE, centres).degrees < 1e-9
    slanted = worst_angle(grid, np.zeros(2, int), wall, centres)
    # Centroid (0.5, 5/9), wall middle (-0.25, 0.5), wall direction (-0.5, 1).
    line, normal = np.array([0.75, 1 / 18]), np.array([2.0, 1.0]) / np.sqrt(5.0)
    expected = np.degrees(np.arccos(line @ normal / np.linalg.norm(line)))
    np.testing.assert_allclose(slanted.degrees, expected, rtol=1e-12)
    sheared, cells = leaning(10.0)
    assert worst_angle(fipy_mesh(sheared, cells), np.arange(9) // 3, NONE, None).degrees > 9.9


def test_cells_left_out_do_not_count() -> None:
    points, corners = leaning(0.0)
    points[0] -= [0.0, 0.8]
    out = np.where((corners == 0).any(axis=1), -1, 0)
    grid = fipy_mesh(points, corners)
    assert worst_angle(grid, np.zeros(9, int), NONE).degrees > 1.0
    assert worst_angle(grid, out, NONE).degrees < 1e-9


def test_an_angle_is_passed_told_or_refused() -> None:
    place = np.array([1e-9, 2e-6])
    assert angle_warning(Angle(4.9, place)) is None
    warning = angle_warning(Angle(5.1, place))
    assert warning is not None
    assert "5.1 degrees" in warning
    refuse_angle(Angle(19.9, place))
    with pytest.raises(MeshQualityError) as caught:
        refuse_angle(Angle(21.4, place))
    message = str(caught.value)
    for part in ("21.4 degrees", "x = 1e-09 m, y = 2e-06 m", "quadrilaterals", 'centres = "circumcentres"'):
        assert part in message
    assert "\n" not in message


def test_circumcentres_make_acute_triangles_normal() -> None:
    points, corners = leaning(0.0, 4)
    points[:, 0] += 0.45 * points[:, 1]
    triangles = np.concatenate([corners[:, [0, 1, 3]], corners[:, [1, 2, 3]]])
    triangles = np.pad(triangles, ((0, 0), (0, 1)), constant_values=-1)
    centres = circumcentres(points, triangles)
    at = points[triangles[:, :3]]
    radius = np.linalg.norm(at - centres[:, None], axis=2)
    np.testing.assert_allclose(radius, radius[:, :1] * np.ones(3), rtol=1e-12)
    assert angle_of(points, triangles, centres).degrees < 1e-9
    assert angle_of(points, triangles, centroids(points, triangles)).degrees > 2.0


def test_the_centroid_of_a_quadrilateral_weighs_its_area() -> None:
    points = np.array([[0.0, 0.0], [4.0, 0.0], [1.0, 1.0], [0.0, 1.0], [9.0, 3.0]])
    whole = np.array([[0, 1, 2, 3], [1, 4, 2, -1]])
    parts = np.array([[0, 1, 2, -1], [0, 2, 3, -1]])
    pieces, area = centroids(points, parts), np.array([2.0, 0.5])
    np.testing.assert_allclose(centroids(points, whole)[0], area @ pieces / area.sum(), rtol=1e-14)
    np.testing.assert_allclose(centroids(points, whole)[1], points[[1, 4, 2]].mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(circumcentres(points, whole[:1]), centroids(points, whole[:1]), rtol=1e-14)


@pytest.mark.parametrize("top", [0.0, -0.3])
def test_a_right_or_obtuse_triangle_has_no_circumcentre_inside(top: float) -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [top, 1.0]])
    with pytest.raises(MeshQualityError, match="1 of 1 triangles have a right or obtuse angle") as caught:
        circumcentres(points, np.array([[0, 1, 2, -1]]))
    assert "\n" not in str(caught.value)
