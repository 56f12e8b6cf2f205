"""The two-point flux in two dimensions is of second order on cells of unequal size and shape, as long as the lines
between cells are, or become under refinement, normal to the faces.

-laplace(u) = f with u given on the whole border, on the faces and volumes that the solver uses; f and u are taken where
a cell's unknowns sit. Every mesh is refined three times.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from eisfv.mesh.from_fipy import Contact, from_fipy
from eisfv.mesh.polygons import fipy_mesh
from eisfv.mesh.quality import REFUSE, WARN, centroids, circumcentres, worst_angle
from eisfv.mesh.records import CHANNEL, Floats, Ints, Mesh
from support.orders import assert_second_order, observed_errors

SIZES = (8, 16, 32, 64)
Drawn = tuple[Floats, Ints]


def exact(at: Floats) -> Floats:
    return np.sin(2.0 * at[:, 0] + 0.3) * np.exp(at[:, 1]) + at[:, 0] * at[:, 1]


def source(at: Floats) -> Floats:
    return 3.0 * np.sin(2.0 * at[:, 0] + 0.3) * np.exp(at[:, 1])


def lattice(lines_x: Floats, lines_y: Floats) -> Drawn:
    """Return points and corners of rectangles between lines, row by row."""
    x, y = np.meshgrid(lines_x, lines_y)
    columns, rows = len(lines_x) - 1, len(lines_y) - 1
    first = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    return np.stack([x.ravel(), y.ravel()], axis=1), first[:, None] + np.array([0, 1, columns + 2, columns + 1])


def uneven(size: int, seed: int) -> Floats:
    """Return lines of cells up to four times as long as their neighbours, halved until there are `size`."""
    coarse = np.random.default_rng(seed).uniform(0.25, 1.0, SIZES[0])
    cells = np.repeat(coarse, size // SIZES[0])
    return np.concatenate([[0.0], np.cumsum(cells)]) / cells.sum()


def uneven_rectangles(size: int) -> Drawn:
    return lattice(uneven(size, 1), uneven(size, 2))


def bent(points: Floats) -> Floats:
    """Return the points under z + z^2/4, which keeps right angles and lets sizes vary threefold in area."""
    z = points[:, 0] + 1j * points[:, 1]
    w = z + 0.25 * z**2
    return np.stack([w.real, w.imag], axis=1)


def bent_quadrilaterals(size: int) -> Drawn:
    points, corners = lattice(np.linspace(0.0, 1.0, size + 1), np.linspace(0.0, 1.0, size + 1))
    return bent(points), corners


def sheared(degrees: float) -> Callable[[int], Drawn]:
    """Return parallelograms, their angle the same at every size."""

    def drawn(size: int) -> Drawn:
        points, corners = uneven_rectangles(size)
        return points + np.tan(np.radians(degrees)) * np.stack([points[:, 1], 0.0 * points[:, 1]], axis=1), corners

    return drawn


def acute_triangles(size: int) -> Drawn:
    """Return triangles as high as their base, bent like the quadrilaterals, leaning so that each is acute."""
    points, corners = lattice(np.linspace(0.0, 1.0, size + 1), np.linspace(0.0, 1.0, size + 1))
    points = points + 0.5 * np.stack([points[:, 1], 0.0 * points[:, 1]], axis=1)
    halves = np.concatenate([corners[:, [0, 1, 3]], corners[:, [1, 2, 3]]])
    return bent(points), np.pad(halves, ((0, 0), (0, 1)), constant_values=-1)


def meshed(drawn: Drawn, centres: Floats, regions: int = 1) -> tuple[Mesh, float]:
    """Return the solver's mesh, all its border a contact, and its worst angle; regions: strips along x."""
    grid = fipy_mesh(*drawn)
    middle = centres[:, 0] / centres[:, 0].max()
    region = np.minimum((middle * regions).astype(int), regions - 1)
    border = np.flatnonzero(np.asarray(grid.exteriorFaces.value))
    worst = worst_angle(grid, region, border, centres)
    contact = Contact("border", CHANNEL, border)
    return from_fipy(grid, [str(r) for r in range(regions)], region, [contact], 1.0, centres), worst.degrees


def error(mesh: Mesh) -> float:
    """Return the root mean square of the computed solution's error over the volume."""
    # The two surface nodes of an interface hold one value.
    same = np.arange(mesh.cells)
    joint = mesh.interface >= 0
    same[mesh.right[joint]] = mesh.left[joint]
    inner = np.flatnonzero(~joint)
    left, right = same[mesh.left[inner]], same[mesh.right[inner]]
    link = mesh.area[inner] / mesh.distance[inner]
    wall = mesh.contact_area / mesh.contact_distance
    rows = np.concatenate([left, right, left, right, mesh.contact_cell, mesh.right[joint]])
    columns = np.concatenate([left, right, right, left, mesh.contact_cell, mesh.right[joint]])
    values = np.concatenate([link, link, -link, -link, wall, np.ones(joint.sum())])
    given = mesh.volume * source(mesh.position)
    np.add.at(given, mesh.contact_cell, wall * exact(mesh.contact_position))
    answer = spsolve(coo_matrix((values, (rows, columns)), shape=(mesh.cells,) * 2).tocsc(), given)
    off = np.where(mesh.volume > 0.0, answer - exact(mesh.position), 0.0)
    return float(np.sqrt(mesh.volume @ off**2 / mesh.volume.sum()))


def errors(drawing: Callable[[int], Drawn], place: Callable[..., Floats] = centroids, regions: int = 1) -> list[float]:
    drawn = [drawing(size) for size in SIZES]
    return [error(meshed(one, place(*one), regions)[0]) for one in drawn]


MESHES: dict[str, tuple[Callable[[int], Drawn], Callable[..., Floats]]] = {
    "uneven rectangles": (uneven_rectangles, centroids),
    "bent quadrilaterals": (bent_quadrilaterals, centroids),
    "acute triangles at their circumcentres": (acute_triangles, circumcentres),
}


@pytest.mark.parametrize("name", MESHES)
def test_the_flux_is_of_second_order(name: str) -> None:
    drawing, place = MESHES[name]
    assert_second_order(observed_errors(errors(drawing, place)))


def test_the_rectangles_are_uneven_and_the_quadrilaterals_bent() -> None:
    points, _ = uneven_rectangles(SIZES[0])
    steps = np.diff(np.unique(points[:, 0]))
    assert steps.max() > 2.0 * steps.min()
    mesh, coarse = meshed(bent_quadrilaterals(SIZES[0]), centroids(*bent_quadrilaterals(SIZES[0])))
    assert mesh.volume.max() > 2.0 * mesh.volume.min()
    _, fine = meshed(bent_quadrilaterals(SIZES[-1]), centroids(*bent_quadrilaterals(SIZES[-1])))
    # Bending leaves an angle that goes with the cells; shear leaves one that stays.
    assert 0.5 < coarse < WARN
    assert fine < 0.2 * coarse


def test_an_interface_takes_nothing_from_the_order() -> None:
    cut = errors(bent_quadrilaterals, regions=3)
    assert_second_order(observed_errors(cut))
    np.testing.assert_allclose(cut, errors(bent_quadrilaterals), rtol=0.05)


def test_a_mesh_that_is_refused_does_not_converge() -> None:
    points, corners = sheared(25.0)(SIZES[-1])
    assert meshed((points, corners), centroids(points, corners))[1] > REFUSE
    with pytest.raises(AssertionError):
        assert_second_order(observed_errors(errors(sheared(25.0))))


def test_triangles_at_their_centroids_do_not_converge() -> None:
    with pytest.raises(AssertionError):
        assert_second_order(observed_errors(errors(acute_triangles)))


def test_a_lasting_angle_leaves_an_error_of_its_size() -> None:
    extent = np.ptp(exact(lattice(np.linspace(0, 1, 50), np.linspace(0, 1, 50))[0]))
    left = [errors(sheared(degrees))[-1] / extent for degrees in (1.0, 2.0, 0.99 * WARN)]
    assert left[-1] < 0.01
    assert left[0] > 5.0 * errors(uneven_rectangles)[-1] / extent
    assert left[0] < left[1] < left[2]
