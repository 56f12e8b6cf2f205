"""A region by depth: what a profile is at each depth, its mean over x, its smallest and its largest value."""

from dataclasses import dataclass

import numpy as np

from eisfv.result import Cells

MOST = 400  # levels; an unstructured mesh has as many depths as cells, they are gathered in groups of equal count


@dataclass(frozen=True)
class Levels:
    """The cells of a region by depth.

    cells       (n) indices in the profiles, from the gate down
    first       (levels) where in `cells` each level begins
    size        (n) weights of the mean; 1 in a stack, where a surface cell is a level of its own
    y           (levels) m; start, end of the region, m
    """

    cells: np.ndarray
    first: np.ndarray
    size: np.ndarray
    y: np.ndarray
    start: float
    end: float

    def reduced(self, profile: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return mean, smallest and largest value (levels) of a profile (n) of these cells."""
        mean = np.add.reduceat(profile * self.size, self.first) / np.add.reduceat(self.size, self.first)
        return mean, np.minimum.reduceat(profile, self.first), np.maximum.reduceat(profile, self.first)


def levels_of(cells: Cells, region: str) -> Levels:
    """Return the levels of a region."""
    if cells.points is None or cells.corners is None:
        own = cells.of(region)
        y, width = cells.y[own], cells.size[own]
        start, end = float((y - 0.5 * width).min()), float((y + 0.5 * width).max())
        return Levels(own, np.arange(own.size), np.ones(own.size), y, start, end)
    own = cells.volumes_of(region)
    own = own[np.argsort(cells.y[own], kind="stable")]
    y, size = cells.y[own], cells.size[own]
    corner_y = cells.points[cells.corners[own], 1][cells.corners[own] >= 0]
    start, end = float(corner_y.min()), float(corner_y.max())
    first = np.flatnonzero(np.append(True, np.diff(y) > 1e-9 * (end - start)))
    if first.size > MOST:
        first = np.unique(np.linspace(0, own.size, MOST, endpoint=False).astype(int))
    depth = np.add.reduceat(y * size, first) / np.add.reduceat(size, first)
    return Levels(own, first, size, depth, start, end)
