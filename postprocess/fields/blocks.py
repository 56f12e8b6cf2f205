"""Where a region is drawn: its cells that have a volume, as polygons of their own points.

A section is drawn where it is. A layer of a stack becomes a strip of quads along y. The strip's width (along x) is a
fifth of the layer's thickness and means nothing: it lets an 80 nm film be seen beside 100 um of electrolyte once the
view is fitted to it.
"""

from dataclasses import dataclass

import numpy as np

from eisfv.result import Cells
from eisfv.result.cells import own_points

STRIP = 0.2  # width over thickness of a layer's strip


@dataclass(frozen=True)
class Block:
    """One region.

    cells    (n) indices of its cells in the profiles
    points   (p, 2) x and y, m, of this region alone: regions that meet share none, so a jump stays a jump
    corners  (n, 4) indices of `points` in order around the cell; -1 for the last corner of a triangle
    """

    cells: np.ndarray
    points: np.ndarray
    corners: np.ndarray


def block_of(cells: Cells, region: str) -> Block:
    """Return the polygons of a region."""
    chosen = cells.volumes_of(region)
    if cells.points is None or cells.corners is None:
        return Block(chosen, *_strip(cells.y[chosen], cells.size[chosen]))
    return Block(chosen, *own_points(cells.points, cells.corners[chosen]))


def _strip(y: np.ndarray, width: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    edges = np.append(y - 0.5 * width, y[-1] + 0.5 * width[-1])
    half = 0.5 * STRIP * (edges[-1] - edges[0])
    points = np.concatenate([np.stack([np.full_like(edges, x), edges], axis=1) for x in (-half, half)])
    k = np.arange(y.size)
    return points, np.stack([k, edges.size + k, edges.size + k + 1, k + 1], axis=1)


def polygons_of(block: Block) -> np.ndarray:
    """Return the corners of the cells (n, 4, 2) in m; a triangle has its first twice."""
    return block.points[np.where(block.corners < 0, block.corners[:, :1], block.corners)]


def outline(corners: np.ndarray) -> np.ndarray:
    """Return the edges (n, 2) that belong to one cell only, as indices of the points."""
    following = np.roll(corners, -1, axis=1)
    following = np.where(following < 0, corners[:, :1], following)
    edges = np.stack([corners, following], axis=-1)[corners >= 0]
    _, first, count = np.unique(np.sort(edges, axis=1), axis=0, return_index=True, return_counts=True)
    return np.asarray(edges[first[count == 1]])
