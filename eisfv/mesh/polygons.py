"""A FiPy mesh from points and the corners of triangles and quadrilaterals."""

from typing import Any

import numpy as np

from eisfv.mesh.records import Floats, Ints
from eisfv.mesh.stack import fipy_meshes

ABSENT = -1


def fipy_mesh(points: Floats, corners: Ints) -> Any:
    """Return a FiPy Mesh2D, cells in the order of `corners`, faces in that of `numbered_sides`.

    It is whole on every process: FiPy does not partition it under MPI.

    points   (points, 2) m, each used by a cell
    corners  (cells, 4) point numbers around each cell, either way round; the last is -1 (ABSENT) for a triangle

    Raises ValueError where more than two cells share a side.
    """
    fipy_meshes()  # decides how FiPy is imported
    from fipy.meshes.mesh2D import Mesh2D
    from fipy.tools import serialComm

    ends, sides = numbered_sides(corners)
    return Mesh2D(
        vertexCoords=np.asarray(points, float).T.copy(),
        faceVertexIDs=ends.T.copy(),
        cellFaceIDs=sides.T.copy(),
        communicator=serialComm,
    )


def numbered_sides(corners: Ints) -> tuple[Ints, Ints]:
    """Return the two points (sides, 2) of every side, and the side numbers (cells, 3 or 4) of every cell.

    A side is listed once, in the direction in which its first cell walks it. Side k of a cell runs from its corner k to
    the next; -1 where a triangle has none.
    """
    corners = np.asarray(corners, np.int64)
    if (corners[:, -1] == ABSENT).all():
        corners = corners[:, :3]
    present = corners != ABSENT
    following = np.roll(corners, -1, axis=1)
    following = np.where(following == ABSENT, corners[:, :1], following)
    walked = np.stack([corners[present], following[present]], axis=1)
    _, first, number, uses = np.unique(_key(walked), return_index=True, return_inverse=True, return_counts=True)
    if uses.max() > 2:
        a, b = walked[first[uses.argmax()]]
        raise ValueError(f"{uses.max()} cells share the side between points {a} and {b}; a side has two cells at most")
    sides = np.full(corners.shape, ABSENT, np.int64)
    sides[present] = number
    return walked[first], sides


def find_sides(ends: Ints, pairs: Ints) -> Ints:
    """Return the number of the side between each pair of points (pairs, 2), -1 where there is none."""
    keys = _key(ends)
    order = np.argsort(keys)
    wanted = _key(pairs)
    place = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    return np.where(keys[order[place]] == wanted, order[place], -1)


def cells_of_sides(sides: Ints, count: int) -> Ints:
    """Return the cells (count, 2) on each side, the lower number first; -1 where there is no second."""
    cell, corner = np.nonzero(sides != ABSENT)
    number = sides[cell, corner]
    order = np.argsort(number, kind="stable")
    number, cell = number[order], cell[order]
    first = np.searchsorted(number, np.arange(count))
    last = np.searchsorted(number, np.arange(count), side="right") - 1
    return np.stack([cell[first], np.where(last > first, cell[last], ABSENT)], axis=1)


def _key(pairs: Ints) -> Ints:
    """Return one number for two points, whatever their order."""
    low, high = np.min(pairs, axis=1), np.max(pairs, axis=1)
    return np.asarray(low * (1 << 31) + high)
