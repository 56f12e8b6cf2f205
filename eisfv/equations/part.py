"""The rows of the system that one process assembles: a stretch of cells, and the faces that these rows need."""

from typing import NamedTuple

import numpy as np

from eisfv.device.tables import Tables


class Part(NamedTuple):
    """Each pair is a range, the second number not in it.

    cells  whose rows are assembled; faces: all that touch them, perhaps others; own faces: each face is of one part
    """

    first_cell: int
    last_cell: int
    first_face: int
    last_face: int
    first_own: int
    last_own: int


def whole(tables: Tables) -> Part:
    """Return the part that is everything."""
    cells, faces = len(tables.region), len(tables.left)
    return Part(0, cells, 0, faces, 0, faces)


def shares(tables: Tables, count: int) -> list[Part]:
    """Return the parts of `count` processes, equal in cells.

    Faces are ordered by their lower cell (`eisfv.mesh.from_fipy`): those a part owns are a stretch too.
    """
    cells = len(tables.region)
    low, high = np.minimum(tables.left, tables.right), np.maximum(tables.left, tables.right)
    bounds = [cells * k // count for k in range(count + 1)]
    own = np.searchsorted(low, bounds)
    parts = []
    for k in range(count):
        first, last = bounds[k], bounds[k + 1]
        touching = np.flatnonzero((high >= first) & (low < last))
        parts.append(Part(first, last, int(touching[0]), int(touching[-1]) + 1, int(own[k]), int(own[k + 1])))
    return parts
