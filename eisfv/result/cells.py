"""The cells that profiles are given on: of a stack, from gate to channel, or of a section."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

# Arrays of a `Cells` and how they are kept on disk.
ARRAYS = {"y": "<f8", "size": "<f8", "region": "<i4", "x": "<f8", "points": "<f8", "corners": "<i4"}
CORNERS = 4


@dataclass(frozen=True)
class Cells:
    """The cells of a stack (x is None) or of a section, y from the gate to the channel, x from source to drain.

    y        (cells) centre, m from the gate; a surface cell sits on its interface
    size     (cells) width of a layer's cell, m; area of a section's, m2; 0 for a surface cell, a node without volume
    region   (cells) number of the region, an index of `regions`
    regions  names in the order of their numbers
    x        (cells) centre, m
    points   (points, 2) x and y of the corners, m; those that no cell has are left out
    corners  (cells, 4) a cell's corners in order around it, indices of `points`; -1 where there is none: the last of a
             triangle, all of a surface cell
    """

    y: np.ndarray
    size: np.ndarray
    region: np.ndarray
    regions: tuple[str, ...]
    x: np.ndarray | None = None
    points: np.ndarray | None = None
    corners: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name, dtype in ARRAYS.items():
            object.__setattr__(self, name, self.array(name, np.dtype(dtype).newbyteorder("=")))
        object.__setattr__(self, "regions", tuple(self.regions))
        if not self.y.shape == self.size.shape == self.region.shape:
            raise ValueError("y, size and region need one value per cell each")
        if self.x is None:
            return
        if self.points is None or self.corners is None:
            raise ValueError("the cells of a section need points and corners")
        if self.x.shape != self.y.shape or self.corners.shape != (self.y.size, CORNERS):
            raise ValueError("x needs one value and corners four per cell")
        if self.corners.min(initial=-1) < -1 or self.corners.max(initial=-1) >= len(self.points):
            raise ValueError("a corner is not among the points")
        points, corners = own_points(self.points, self.corners)
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "corners", corners)

    def array(self, name: str, dtype: str | np.dtype) -> np.ndarray | None:
        """Return one of the `ARRAYS` as a type; None where a stack has none."""
        value: ArrayLike | None = getattr(self, name)
        return None if value is None else np.ascontiguousarray(value, np.dtype(dtype))

    def of(self, region: str) -> np.ndarray:
        """Return the indices of one region's cells, its surface cells included."""
        return np.flatnonzero(self.region == self.regions.index(region))

    def volumes_of(self, region: str) -> np.ndarray:
        """Return the indices of one region's cells that have a volume."""
        cells = self.of(region)
        return np.asarray(cells[self.size[cells] > 0.0])


def own_points(points: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the points that some cells have, in their order, and the corners (cells, 4) renumbered to them."""
    there = corners >= 0
    used, numbers = np.unique(corners[there], return_inverse=True)
    renumbered = np.full_like(corners, -1)
    renumbered[there] = numbers
    return points[used], renumbered
