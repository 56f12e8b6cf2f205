"""Any FiPy grid, in one or two dimensions, as the mesh of the equations."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from eisfv.mesh.records import CHANNEL, Floats, Ints, Mesh, Outline


class Contact(NamedTuple):
    """name; terminal GATE or CHANNEL; faces: FiPy's face numbers; node: whether the contact gets a surface node."""

    name: str
    terminal: int
    faces: Ints
    node: bool = False


class _Faces(NamedTuple):
    """Faces of a mesh being made: cells, area m2, distance m, number of the interface (-1 inside a region)."""

    left: Ints
    right: Ints
    area: Floats
    distance: Floats
    interface: Ints


def from_fipy(
    grid: Any,
    regions: Sequence[str],
    region: Ints,
    contacts: Sequence[Contact],
    scale: float,
    centres: Floats | None = None,
    outline: Outline | None = None,
) -> Mesh:
    """Return the mesh of a FiPy grid.

    region   (cells,) index of each FiPy cell's region; -1: the cell is left out
    scale    what a FiPy volume and area lack to m3 and m2: the area of a stack, the depth of a section
    centres  (cells, dimension) m, where a cell's unknowns sit; None: its centroid
    outline  corners of the FiPy cells
    """
    region = np.asarray(region, np.int64)
    centre = np.asarray(grid.cellCenters.value, float).T if centres is None else centres
    area = np.asarray(grid._faceAreas, float) * scale
    middle = np.asarray(grid.faceCenters.value, float).T
    sides = np.ma.getdata(grid.faceCellIDs)
    inner = ~np.ma.getmaskarray(grid.faceCellIDs)[1] & (region[sides] >= 0).all(axis=0)
    to_face = np.linalg.norm(middle[None] - centre[sides], axis=2)
    of = region[sides]
    bulk = np.flatnonzero(inner & (of[0] == of[1]))
    joint = np.flatnonzero(inner & (of[0] != of[1]))
    # The region of the smaller number is the left side of an interface.
    order = np.where(of[0, joint] < of[1, joint], 0, 1)
    near, far = sides[order, joint], sides[1 - order, joint]
    _, interface = np.unique(region[near] * len(regions) + region[far], return_inverse=True)

    count, nodes = len(region), len(joint)
    near_node, far_node = count + np.arange(nodes), count + nodes + np.arange(nodes)
    inside = np.full(nodes, -1)
    parts = [
        _Faces(sides[0, bulk], sides[1, bulk], area[bulk], to_face[:, bulk].sum(axis=0), np.full(len(bulk), -1)),
        _Faces(near, near_node, area[joint], to_face[order, joint], inside),
        _Faces(near_node, far_node, area[joint], np.zeros(nodes), interface),
        _Faces(far_node, far, area[joint], to_face[1 - order, joint], inside),
    ]
    position = [centre, middle[joint], middle[joint]]
    regions_of = [region, region[near], region[far]]
    last = count + 2 * nodes
    ends: list[tuple[Ints, Ints, Floats]] = []
    for contact in contacts:
        faces = np.asarray(contact.faces, np.int64)
        side = np.where(region[sides[0, faces]] >= 0, 0, 1)
        cell, distance = sides[side, faces], to_face[side, faces]
        if contact.node:
            at = last + np.arange(len(faces))
            last += len(faces)
            left, right = (cell, at) if contact.terminal == CHANNEL else (at, cell)
            parts.append(_Faces(left, right, area[faces], distance, np.full(len(faces), -1)))
            position.append(middle[faces])
            regions_of.append(region[cell])
            cell, distance = at, np.zeros(len(faces))
        ends.append((cell, faces, distance))
    volume = np.zeros(last)
    volume[:count] = np.asarray(grid.cellVolumes, float) * scale
    joined = _Faces(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    corners = None
    if outline is not None:
        corners = Outline(outline.points, np.full((last, outline.corners.shape[1]), -1))
        corners.corners[:count] = outline.corners
    whole = Mesh(
        tuple(regions),
        np.concatenate(position),
        volume,
        np.concatenate(regions_of),
        joined.left.astype(np.int64),
        joined.right.astype(np.int64),
        joined.area,
        joined.distance,
        joined.interface.astype(np.int64),
        contact_cell=np.concatenate([cell for cell, _, _ in ends]),
        contact_area=np.concatenate([area[faces] for _, faces, _ in ends]),
        contact_distance=np.concatenate([distance for _, _, distance in ends]),
        terminal=np.repeat([c.terminal for c in contacts], [len(c.faces) for c in contacts]),
        places=tuple(contact.name for contact in contacts),
        place=np.repeat(np.arange(len(contacts)), [len(c.faces) for c in contacts]),
        contact_position=np.concatenate([middle[faces] for _, faces, _ in ends]),
        outline=corners,
    )
    return _ordered(whole)


def _ordered(mesh: Mesh) -> Mesh:
    """Return the mesh without the cells left out, the others numbered along the first axis, then along the second.

    A stack then gives a banded matrix, and a stretch of a section's cells is a strip of columns.
    """
    kept = np.flatnonzero(mesh.region >= 0)
    # Centroids of one column differ in their last digits.
    extent = np.ptp(mesh.position[kept], axis=0)
    place = np.round(mesh.position[kept] / np.where(extent > 0.0, extent, 1.0), 12)
    order = kept[np.lexsort((mesh.region[kept], *place.T[::-1]))]
    number = np.full(mesh.cells, -1)
    number[order] = np.arange(len(order))
    left, right = number[mesh.left], number[mesh.right]
    along = np.lexsort((np.maximum(left, right), np.minimum(left, right)))
    return Mesh(
        mesh.regions,
        mesh.position[order],
        mesh.volume[order],
        mesh.region[order],
        left[along],
        right[along],
        mesh.area[along],
        mesh.distance[along],
        mesh.interface[along],
        number[mesh.contact_cell],
        mesh.contact_area,
        mesh.contact_distance,
        mesh.terminal,
        mesh.places,
        mesh.place,
        mesh.contact_position,
        Outline(mesh.outline.points, mesh.outline.corners[order]) if mesh.outline is not None else None,
    )
