"""How far a mesh is from what a two-point flux needs: the line between two points along the normal of their face."""

from typing import Any, NamedTuple

import numpy as np

from eisfv.errors import EisfvError
from eisfv.mesh.drawing_checks import place
from eisfv.mesh.polygons import ABSENT
from eisfv.mesh.records import Floats, Ints

# Degrees. A flux along a skew line takes in the gradient along the face, by the angle's sine: 9 % of it at 5 degrees,
# 34 % at 20, however small the cells; tests/verification/test_order_on_quadrilaterals.py shows what that leaves.
WARN, REFUSE = 5.0, 20.0
# Of the circumradius: how far inside its longest side a circumcentre must lie.
INSIDE = 1e-3
REMEDY = 'use quadrilaterals, or triangles without obtuse angles and centres = "circumcentres"'


class MeshQualityError(EisfvError, ValueError):
    """A mesh on which the fluxes would be wrong; one line with the remedy."""


class Angle(NamedTuple):
    """degrees; place: x and y of the face (m)."""

    degrees: float
    place: Floats


def worst_angle(grid: Any, region: Ints, contact_faces: Ints, centres: Floats | None = None) -> Angle:
    """Return the largest angle between a line of the flux and the normal of its face.

    grid           a FiPy mesh in two dimensions
    region         (cells,) index of each cell's region; -1: left out
    contact_faces  FiPy's numbers of the faces on contacts
    centres        (cells, 2) m, where the unknowns sit; None: FiPy's cell centres

    Inside a region the line joins the two cells, at an interface or contact the cell and the middle of the face.
    """
    centre = np.asarray(grid.cellCenters.value, float).T if centres is None else centres
    middle = np.asarray(grid.faceCenters.value, float).T
    ends = np.asarray(grid.vertexCoords, float).T[np.ma.getdata(grid.faceVertexIDs).T]
    tangent = ends[:, 1] - ends[:, 0]
    first, second = np.ma.getdata(grid.faceCellIDs)
    inner = ~np.ma.getmaskarray(grid.faceCellIDs)[1] & (region[first] >= 0) & (region[second] >= 0)
    bulk = np.flatnonzero(inner & (region[first] == region[second]))
    joint = np.flatnonzero(inner & (region[first] != region[second]))
    contact = np.asarray(contact_faces, np.int64)
    under = np.where(region[first[contact]] >= 0, first[contact], second[contact])
    lines = [
        centre[second[bulk]] - centre[first[bulk]],
        middle[joint] - centre[first[joint]],
        middle[joint] - centre[second[joint]],
        middle[contact] - centre[under],
    ]
    faces = np.concatenate([bulk, joint, joint, contact])
    line, along = np.concatenate(lines), tangent[faces]
    cross = np.abs(line[:, 0] * along[:, 1] - line[:, 1] * along[:, 0])
    angle = np.degrees(np.arctan2(np.abs((line * along).sum(axis=1)), cross))
    worst = int(angle.argmax())
    return Angle(float(angle[worst]), middle[faces[worst]])


def angle_warning(worst: Angle) -> str | None:
    """Return the line that tells of an angle above 5 degrees, None below."""
    return f"{_told(worst)}; the flux there is inexact: {REMEDY}" if worst.degrees > WARN else None


def refuse_angle(worst: Angle) -> None:
    """Raise MeshQualityError above 20 degrees."""
    if worst.degrees > REFUSE:
        raise MeshQualityError(f"{_told(worst)}, more than {REFUSE:.0f}: {REMEDY}")


def _told(worst: Angle) -> str:
    return f"a line between cell points is {worst.degrees:.1f} degrees off its face's normal at {place(worst.place)}"


def circumcentres(points: Floats, corners: Ints) -> Floats:
    """Return the circumcentre of each triangle and the centroid of each quadrilateral (cells, 2), m.

    points (points, 2) m; corners (cells, 4), the last -1 for a triangle. Raises MeshQualityError where a circumcentre
    does not lie inside its triangle.
    """
    triangle = corners[:, 3] == ABSENT
    centres = np.empty((len(corners), 2))
    centres[~triangle] = centroids(points, corners[~triangle])
    at = points[corners[triangle, :3]]
    b, c = at[:, 1] - at[:, 0], at[:, 2] - at[:, 0]
    bb, cc = (b**2).sum(axis=1), (c**2).sum(axis=1)
    twice = 2.0 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    away = np.stack([c[:, 1] * bb - b[:, 1] * cc, b[:, 0] * cc - c[:, 0] * bb], axis=1) / twice[:, None]
    centres[triangle] = at[:, 0] + away
    # Cosines of the three angles: the distance of the circumcentre from each side over the circumradius.
    before, after = np.roll(at, 1, axis=1) - at, np.roll(at, -1, axis=1) - at
    length = np.linalg.norm(before, axis=2) * np.linalg.norm(after, axis=2)
    obtuse = ((before * after).sum(axis=2) / length).min(axis=1) < INSIDE
    if obtuse.any():
        where = at[obtuse.argmax()].mean(axis=0)
        raise MeshQualityError(
            f"{obtuse.sum()} of {len(at)} triangles have a right or obtuse angle, the first at {place(where)}: their "
            "circumcentres lie outside; use quadrilaterals there, or triangles with acute angles only"
        )
    return centres


def centroids(points: Floats, corners: Ints) -> Floats:
    """Return the centroid of each cell (cells, 2), m."""
    # A triangle is a quadrilateral whose last corner is its first.
    at = points[np.where(corners == ABSENT, corners[:, :1], corners)]
    origin = at[:, :1]
    here = at - origin
    after = np.roll(here, -1, axis=1)
    area = here[..., 0] * after[..., 1] - here[..., 1] * after[..., 0]
    moment = ((here + after) * area[..., None]).sum(axis=1)
    return np.asarray(origin[:, 0] + moment / (3.0 * area.sum(axis=1)[:, None]))
