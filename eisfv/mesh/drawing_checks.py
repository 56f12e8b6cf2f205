"""What a drawing must hold to be a mesh: sound cells, contacts on the border, interfaces between their regions."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from eisfv.errors import EisfvError
from eisfv.mesh.polygons import ABSENT, cells_of_sides, find_sides, numbered_sides
from eisfv.mesh.records import Floats, Ints

# Of the product of the two sides at a corner: below, the corner is a straight or a folded one.
FLAT = 1e-6
# Of the shortest side: points this close were meant to be one.
SAME = 1e-3
# Border sides compared at once with all others.
CHUNK = 256


class DrawingError(EisfvError, ValueError):
    """A drawing that cannot be a mesh; one line with the remedy."""


def place(point: Floats) -> str:
    """Return a point (m) as a text."""
    return f"x = {point[0]:.4g} m, y = {point[1]:.4g} m"


def refuse_unsound(points: Floats, corners: Ints) -> None:
    """Raise DrawingError unless the cells are convex, meet side to side without overlap, and hang together.

    points (points, 2) m; corners (cells, 4)
    """
    middle = cell_middles(points, corners)
    turn = _turns(points, corners)
    bad = ~((np.nanmin(turn, axis=1) > FLAT) | (np.nanmax(turn, axis=1) < -FLAT))
    if bad.any():
        raise DrawingError(
            f"{bad.sum()} of {len(corners)} cells are tangled or have no area, the first at "
            f"{place(middle[bad.argmax()])}; mesh it again, or move the points of its surface"
        )
    try:
        ends, sides = numbered_sides(corners)
    except ValueError as error:
        raise DrawingError(f"{error}; surfaces lie over each other: put each in one physical group") from None
    cells = cells_of_sides(sides, len(ends))
    start, along = points[ends[:, 0]], points[ends[:, 1]] - points[ends[:, 0]]
    inner = cells[:, 1] != ABSENT
    offside = np.stack([_cross(along, middle[cells[:, k]] - start) for k in (0, 1)])
    folded = inner & (offside[0] * offside[1] >= 0.0)
    if folded.any():
        raise DrawingError(
            f"{folded.sum()} pairs of neighbours lie over each other (inverted cells), the first at "
            f"{place(start[folded.argmax()])}; mesh it again, or move the points of its surface"
        )
    shortest = np.sqrt((along**2).sum(axis=1).min())
    twins = cKDTree(points).query_pairs(SAME * shortest, output_type="ndarray")
    if len(twins):
        raise DrawingError(
            f"{len(twins)} points lie on another one, the first at {place(points[twins[0, 0]])}; "
            "join the surfaces there (Coherence; or BooleanFragments) before meshing"
        )
    border = ends[~inner]
    # Each border side as its cell walks it counter-clockwise.
    border = np.where(offside[0][~inner, None] > 0.0, border, border[:, ::-1])
    _refuse_hanging(points, border)
    _refuse_overlap(points, border, middle[cells[~inner, 0]])
    links = coo_matrix((np.ones(inner.sum()), (cells[inner, 0], cells[inner, 1])), shape=(len(corners),) * 2)
    parts, part = connected_components(links, directed=False)
    if parts > 1:
        raise DrawingError(
            f"falls into {parts} parts that share no side, one at {place(middle[(part != part[0]).argmax()])}; "
            "let the regions touch, or remove what floats"
        )


def refuse_contacts(corners: Ints, region: Ints, regions: Sequence[str], contacts: Mapping[str, Ints]) -> None:
    """Raise DrawingError unless there is a gate, a channel or a source, and each contact lies on the border."""
    if "gate" not in contacts:
        raise DrawingError('has no contact "gate"; add Physical Line("gate") = {...};')
    if not {"channel", "source"} & set(contacts):
        raise DrawingError('has no contact "channel" or "source"; add Physical Line("source") = {...};')
    ends, sides = numbered_sides(corners)
    cells = cells_of_sides(sides, len(ends))
    taken: dict[int, str] = {}
    for name, lines in contacts.items():
        side = find_sides(ends, lines)
        outside = (side == -1) | (cells[side, 1] != ABSENT)
        if outside.any():
            raise DrawingError(
                f'{outside.sum()} of {len(side)} lines of contact "{name}" do not lie on the border of the mesh; draw '
                "the contact along the outer edge of a region"
            )
        under = sorted({regions[r] for r in region[cells[side, 0]]})
        if len(under) > 1:
            raise DrawingError(f'contact "{name}" lies on the regions {" and ".join(under)}; keep it to one of them')
        for number in side.tolist():
            if taken.setdefault(number, name) != name:
                raise DrawingError(f'contacts "{taken[number]}" and "{name}" overlap; each line belongs to one contact')


def refuse_interfaces(corners: Ints, region: Ints, regions: Sequence[str], interfaces: Mapping[str, Ints]) -> None:
    """Raise DrawingError unless each named interface is all that lies between its two regions."""
    ends, sides = numbered_sides(corners)
    cells = cells_of_sides(sides, len(ends))
    of = np.sort(np.where(cells == ABSENT, ABSENT, region[cells]), axis=1)
    for name, lines in interfaces.items():
        pair = sorted(regions.index(part) for part in name.split("|"))
        between = np.flatnonzero((of == pair).all(axis=1))
        side = find_sides(ends, lines)
        stray = ~np.isin(side, between)
        if stray.any():
            raise DrawingError(
                f'{stray.sum()} of {len(side)} lines of interface "{name}" do not lie between these two regions; '
                "draw them along the common edge"
            )
        missing = len(np.setdiff1d(between, side))
        if missing:
            raise DrawingError(
                f'interface "{name}" leaves out {missing} of {len(between)} lines between its regions; name all of '
                "them, or none"
            )


def cell_middles(points: Floats, corners: Ints) -> Floats:
    """Return the mean of each cell's corners (cells, 2), m."""
    around = points[np.where(corners == ABSENT, 0, corners)]
    present = (corners != ABSENT)[:, :, None]
    return np.asarray((around * present).sum(axis=1) / present.sum(axis=1))


def _turns(points: Floats, corners: Ints) -> Floats:
    """Return the sine of the turn at each corner (cells, 4), nan where there is none, 0 beside a side of no length."""
    triangle = corners[:, 3] == ABSENT
    # A triangle walks 0 1 2 0: what its fourth place holds is not looked at.
    ring = np.where(corners == ABSENT, corners[:, :1], corners)
    at = points[ring]
    after = points[np.roll(ring, -1, axis=1)] - at
    after[triangle, 2] = at[triangle, 0] - at[triangle, 2]
    before = np.roll(after, 1, axis=1)
    before[triangle, 0] = after[triangle, 2]
    length = np.linalg.norm(after, axis=2) * np.linalg.norm(before, axis=2)
    sine = _cross(before, after) / np.where(length > 0.0, length, 1.0)
    sine[triangle, 3] = np.nan
    return sine


def _refuse_hanging(points: Floats, border: Ints) -> None:
    """Raise DrawingError where a point of the border lies inside a side of the border."""
    own = points[np.unique(border)]
    for first in range(0, len(border), CHUNK):
        a, b = (points[border[first : first + CHUNK, k]] for k in (0, 1))
        along = b - a
        length = np.linalg.norm(along, axis=1)[:, None]
        to = own[None] - a[:, None]
        share = (to * along[:, None]).sum(axis=2) / length**2
        off = np.abs(_cross(along[:, None], to)) / length
        on = (off < SAME * length) & (share > SAME) & (share < 1.0 - SAME)
        if on.any():
            raise DrawingError(
                f"a point hangs on the side of another cell at {place(own[np.nonzero(on)[1][0]])}; mesh both sides of "
                "an edge with the same points (one curve, not two on top of each other)"
            )


def _refuse_overlap(points: Floats, border: Ints, middle: Floats) -> None:
    """Raise DrawingError where the border does not wind once around a point just inside each of its sides."""
    a, b = points[border[:, 0]], points[border[:, 1]]
    # Toward the cell's middle by less than any neighbour reaches.
    inside = 0.5 * (a + b) + 1e-3 * (middle - 0.5 * (a + b))
    for first in range(0, len(border), CHUNK):
        at = inside[first : first + CHUNK, None]
        up = (a[None, :, 1] <= at[..., 1]) & (b[None, :, 1] > at[..., 1])
        down = (a[None, :, 1] > at[..., 1]) & (b[None, :, 1] <= at[..., 1])
        left = _cross(b[None] - a[None], at - a[None])
        winding = (up & (left > 0.0)).sum(axis=1) - (down & (left < 0.0)).sum(axis=1)
        if (winding != 1).any():
            raise DrawingError(
                f"regions lie over each other at {place(inside[first + (winding != 1).argmax()])}; cut the surfaces "
                "along their common edges (BooleanFragments)"
            )


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
