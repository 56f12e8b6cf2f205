"""A section of rectangles on one grid of lines, the cells outside every rectangle left out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from eisfv.mesh.box import Box, Span
from eisfv.mesh.from_fipy import Contact, from_fipy
from eisfv.mesh.records import Floats, Ints, Mesh, Outline
from eisfv.mesh.stack import fipy_meshes

# Lines this close (of the extent) are the same line.
SAME = 1e-9


class Stretch(NamedTuple):
    """A contact: name, terminal, the axis normal to it (0 x, 1 y), where on that axis and its span along the other in
    m, the number of the region it lies on, whether it gets a surface node."""

    name: str
    terminal: int
    axis: int
    at: float
    span: Span
    region: int
    node: bool = False


def section_mesh(
    regions: Sequence[str],
    boxes: Sequence[Box],
    lines: tuple[Floats, Floats],
    contacts: Sequence[Stretch],
    depth: float,
) -> Mesh:
    """Return the mesh of a section.

    boxes  one per region, their edges on the lines; lines: ascending x and y (m) of the grid; depth m
    """
    origin = np.array([lines[0][0], lines[1][0]])
    # FiPy numbers a grid from its own origin; positions are moved afterwards.
    grid = fipy_meshes().Grid2D(dx=np.diff(lines[0]), dy=np.diff(lines[1])) + origin[:, None]
    centre = np.asarray(grid.cellCenters.value, float)
    region = np.full(centre.shape[1], -1)
    for number, box in enumerate(boxes):
        inside = (centre[0] > box.x[0]) & (centre[0] < box.x[1]) & (centre[1] > box.y[0]) & (centre[1] < box.y[1])
        region[inside] = number
    found = [Contact(c.name, c.terminal, faces_of(grid, region, c), c.node) for c in contacts]
    columns, rows = len(lines[0]) - 1, len(lines[1]) - 1
    return from_fipy(grid, regions, region, found, depth, outline=outline(lines, columns, rows))


def outline(lines: tuple[Floats, Floats], columns: int, rows: int) -> Outline:
    """Return the corners of a grid's cells, numbered row by row as FiPy does."""
    x, y = np.meshgrid(*lines)
    first = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    around = np.array([0, 1, columns + 2, columns + 1])
    return Outline(np.stack([x.ravel(), y.ravel()], axis=1), first[:, None] + around)


def faces_of(grid: Any, region: Ints, contact: Stretch) -> Ints:
    """Return FiPy's faces of a contact: on its line and span, its region on one side and nothing on the other."""
    middle = np.asarray(grid.faceCenters.value, float)
    normal = np.abs(
        np.asarray(grid.faceNormals if isinstance(grid.faceNormals, np.ndarray) else grid.faceNormals.value)
    )
    sides = np.ma.getdata(grid.faceCellIDs)
    outer = np.ma.getmaskarray(grid.faceCellIDs)[1]
    of = np.where(outer, np.stack([region[sides[0]], np.full(len(outer), -1)]), region[sides])
    border = ((of == contact.region).sum(axis=0) == 1) & ((of == -1).sum(axis=0) == 1)
    extent = np.ptp(middle, axis=1)
    on = np.abs(middle[contact.axis] - contact.at) <= SAME * extent[contact.axis]
    on &= normal[contact.axis] > 0.5
    along = middle[1 - contact.axis]
    return np.flatnonzero(border & on & (along > contact.span[0]) & (along < contact.span[1]))
