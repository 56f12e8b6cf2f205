"""A mesh as the equations see it: cells, faces between two cells, faces on contacts. Geometry and names, no physics.

Where two regions meet, each side ends in a SURFACE NODE: a cell of no volume whose point lies on the interface, so that
interface laws act on the values at the interface itself. A reactive contact has one as well.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GATE, CHANNEL = 0, 1


@dataclass(frozen=True)
class Outline:
    """points (points, 2) m; corners (cells, 4) the points around each cell in order, -1 where there is none."""

    points: Floats
    corners: Ints


@dataclass(frozen=True)
class Mesh:
    """position (cells, dimension) m; volume (cells,) m3; region (cells,) index into `regions`

    left, right (faces,) cells of a face, its flux counted positive from left to right; area (faces,) m2;
    distance (faces,) m between the two points, 0 between the surface nodes of an interface;
    interface (faces,) index of the interface, -1 inside a region;
    contact_cell, contact_area, contact_distance (contact faces,); terminal (contact faces,) GATE or CHANNEL;
    places: names of the contacts, place (contact faces,) index into them; contact_position (contact faces, dimension) m
    outline: the corners of a section's cells, None for a stack
    """

    regions: tuple[str, ...]
    position: Floats
    volume: Floats
    region: Ints
    left: Ints
    right: Ints
    area: Floats
    distance: Floats
    interface: Ints
    contact_cell: Ints
    contact_area: Floats
    contact_distance: Floats
    terminal: Ints
    places: tuple[str, ...]
    place: Ints
    contact_position: Floats
    outline: Outline | None = None

    @property
    def cells(self) -> int:
        """Return the number of cells, surface nodes included."""
        return len(self.volume)

    @property
    def surface(self) -> NDArray[np.bool_]:
        """Return which cells are surface nodes."""
        return np.asarray(self.volume == 0.0)
