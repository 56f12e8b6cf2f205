"""A mesh as the equations see it: cells, faces between two cells, faces on contacts. Geometry and names, no physics.

Where two regions meet, each side ends in a SURFACE NODE: a cell of no volume whose point lies on the interface, so that
interface laws act on the values at the interface itself. A reactive contact has one as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GATE, CHANNEL = 0, 1


def check_shapes(record: object, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raise ValueError for the first array of a record that has not its shape."""
    for name, shape in shapes.items():
        found = np.shape(getattr(record, name))
        if found != shape:
            raise ValueError(f"{type(record).__name__}.{name} has the shape {found}, and {shape} belongs there")


@dataclass(frozen=True)
class Outline:
    """points (points, 2) m; corners (cells, 4) the points around each cell in order, -1 where there is none."""

    points: Floats
    corners: Ints

    def __post_init__(self) -> None:
        check_shapes(self, {"points": (len(self.points), 2), "corners": (len(self.corners), 4)})


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

    def __post_init__(self) -> None:
        cells, faces, borders = len(self.volume), len(self.left), len(self.contact_cell)
        dimension = self.position.shape[-1]
        shapes: dict[str, tuple[int, ...]] = {"position": (cells, dimension), "contact_position": (borders, dimension)}
        shapes |= dict.fromkeys(("volume", "region"), (cells,))
        shapes |= dict.fromkeys(("left", "right", "area", "distance", "interface"), (faces,))
        shapes |= dict.fromkeys(("contact_cell", "contact_area", "contact_distance", "terminal", "place"), (borders,))
        check_shapes(self, shapes)

    @property
    def cells(self) -> int:
        """Return the number of cells, surface nodes included."""
        return len(self.volume)

    @property
    def surface(self) -> NDArray[np.bool_]:
        """Return which cells are surface nodes."""
        return np.asarray(self.volume == 0.0)
