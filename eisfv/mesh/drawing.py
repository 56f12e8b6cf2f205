"""A section drawn with Gmsh: what its physical groups name, read through meshio and checked.

Physical surfaces are the regions. Physical lines are the contacts ("gate", and "channel" or "source" and "drain") and,
if wanted, the interfaces, "A|B" between the regions A and B, which are then checked against the drawing.
"""

import warnings
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.mesh.drawing_checks import DrawingError, refuse_contacts, refuse_interfaces, refuse_unsound
from eisfv.mesh.polygons import ABSENT, find_sides, numbered_sides
from eisfv.mesh.records import Floats, Ints
from eisfv.text_files import UnreadableError, read_bytes

LARGEST = 500_000_000  # bytes: ten million triangles
CONTACTS = ("gate", "source", "drain", "channel")
CORNERS = {"triangle": 3, "quad": 4}
SOLID = ("tetra", "hexahedron", "wedge", "pyramid")
Names = dict[tuple[int, int], str]


@dataclass(frozen=True)
class Drawing:
    """points (points, 2) m; corners (cells, 4) point numbers around each cell, -1 as the last of a triangle;
    region (cells,) index into `regions`; contacts, interfaces: name to the two points of each line (lines, 2)."""

    points: Floats
    corners: Ints
    regions: tuple[str, ...]
    region: Ints
    contacts: Mapping[str, Ints]
    interfaces: Mapping[str, Ints]

    def under(self, contact: str) -> str:
        """Return the region that a contact lies on."""
        ends, sides = numbered_sides(self.corners)
        side = find_sides(ends, self.contacts[contact][:1])
        return self.regions[int(self.region[np.argwhere(sides == side)[0, 0]])]


def read_drawing(file: Path, unit: float = 1.0) -> Drawing:
    """Return the drawing in a .msh file (MSH 2.2 or 4.1, text or binary), its coordinates times `unit` in m.

    Points that no cell uses are dropped. Raises DrawingError with one line that names the file and the remedy.
    """
    try:
        raw, names = _load(file)
        corners, region, regions = _cells(raw, names)
        used, number = np.unique(corners[corners != ABSENT], return_inverse=True)
        renumbered = np.full(corners.shape, ABSENT)
        renumbered[corners != ABSENT] = number
        where = np.full(len(raw.points), ABSENT)
        where[used] = np.arange(len(used))
        points = _flat(np.asarray(raw.points, float)[used]) * unit
        refuse_unsound(points, renumbered)
        lines = {name: where[ends] for name, ends in _lines(raw, names, regions).items()}
        contacts = {name: ends for name, ends in lines.items() if name in CONTACTS}
        interfaces = {name: ends for name, ends in lines.items() if name not in CONTACTS}
        refuse_contacts(renumbered, region, regions, contacts)
        refuse_interfaces(renumbered, region, regions, interfaces)
    except DrawingError as error:
        raise DrawingError(f"{file}: {error}") from None
    return Drawing(points, renumbered, regions, region, contacts, interfaces)


def _load(file: Path) -> tuple[Any, Names]:
    """Return meshio's mesh and the names of the groups by dimension and number."""
    import meshio

    try:
        content = read_bytes(file, LARGEST)
    except UnreadableError as error:
        raise DrawingError(f"{error}; give a .msh file that Gmsh has written") from None
    if content.startswith(BOM_UTF8):
        raise DrawingError("begins with a byte order mark, which no mesh has; write it anew with Gmsh")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            raw = meshio.gmsh.read(file)
    # A broken file ends meshio with whatever it stumbles over.
    except Exception as error:
        if "gmsh:physical" in str(error):
            raise DrawingError(
                "some elements are in no physical group; put every surface in one and save the groups alone "
                "(Mesh.SaveAll = 0)"
            ) from None
        raise DrawingError("is no Gmsh mesh that can be read; write it with `gmsh -2 -format msh41 FILE.geo`") from None
    # meshio keeps one of a line and a surface of the same name, so the names are read here.
    _, _, tail = content.partition(b"$PhysicalNames")
    section, _, _ = tail.partition(b"$EndPhysicalNames")
    names = {}
    for row in section.decode(errors="replace").splitlines():
        parts = row.split(maxsplit=2)
        if len(parts) == 3 and parts[0].isdecimal() and parts[1].isdecimal():
            names[int(parts[0]), int(parts[1])] = parts[2].strip().strip('"')
    return raw, names


def _cells(raw: Any, names: Names) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Return the corners and region of each cell, and the regions in the order of their numbers."""
    for block in raw.cells:
        if block.type.startswith(SOLID):
            raise DrawingError(f"has three-dimensional elements ({block.type}); mesh the section alone: gmsh -2")
        if block.type not in (*CORNERS, "line", "vertex"):
            raise DrawingError(f"has {block.type} elements, of higher order; mesh it with Mesh.ElementOrder = 1")
    tags = raw.cell_data.get("gmsh:physical", [np.zeros(len(block.data), int) for block in raw.cells])
    flat = [(block, tag) for block, tag in zip(raw.cells, tags, strict=True) if block.type in CORNERS]
    if not flat:
        raise DrawingError("has no triangle or quadrilateral in a physical surface; name each region with one")
    corners = np.concatenate([np.pad(b.data, ((0, 0), (0, 4 - CORNERS[b.type])), constant_values=-1) for b, _ in flat])
    tag = np.concatenate([tag for _, tag in flat])
    surfaces = sorted(number for dimension, number in names if dimension == 2)
    loose = ~np.isin(tag, surfaces)
    if loose.any():
        raise DrawingError(
            f"{loose.sum()} of {len(tag)} cells are in no named physical surface; add the surface to one, "
            'for example Physical Surface("channel") = {1};'
        )
    used = [number for number in surfaces if (tag == number).any()]
    for number in surfaces:
        if number not in used:
            raise DrawingError(f'physical surface "{names[2, number]}" has no cell; remove it or mesh its surface')
    return corners.astype(np.int64), np.searchsorted(used, tag).astype(np.int64), tuple(names[2, n] for n in used)


def _lines(raw: Any, names: Names, regions: tuple[str, ...]) -> dict[str, Ints]:
    """Return the lines of every named group."""
    tags = raw.cell_data.get("gmsh:physical", [])
    flat = [(block.data, tag) for block, tag in zip(raw.cells, tags, strict=False) if block.type == "line"]
    ends = np.concatenate([np.empty((0, 2), int), *(data for data, _ in flat)])
    tag = np.concatenate([np.empty(0, int), *(tag for _, tag in flat)])
    lines = {}
    for (dimension, number), name in names.items():
        if dimension == 2:
            continue
        if dimension != 1 or not (name in CONTACTS or _is_interface(name, regions)):
            kind = ("point", "line", "surface", "volume")[dimension]
            raise DrawingError(
                f'physical {kind} "{name}" names nothing; contacts are the lines {", ".join(CONTACTS)}, interfaces '
                f'lines such as "A|B" with two of the regions {", ".join(regions)}'
            )
        lines[name] = ends[tag == number]
        if not len(lines[name]):
            raise DrawingError(f'physical line "{name}" has no line in the mesh; remove it or draw its curve')
    nameless = sorted(set(tag.tolist()) - {0} - {number for dimension, number in names if dimension == 1})
    if nameless:
        raise DrawingError(f'physical line {nameless[0]} has no name; write Physical Line("gate") = {{...}};')
    return lines


def _is_interface(name: str, regions: tuple[str, ...]) -> bool:
    """Return whether a name is "A|B" with two different regions."""
    pair = name.split("|")
    return len(pair) == 2 and pair[0] != pair[1] and set(pair) <= set(regions)


def _flat(points: Floats) -> Floats:
    """Return x and y of points that share one z."""
    if points.shape[1] == 3 and np.ptp(points[:, 2]) > 1e-9 * np.ptp(points[:, :2]):
        raise DrawingError("does not lie in the x-y plane; draw the section at one z")
    return points[:, :2]
