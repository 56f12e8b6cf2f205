"""The mesh of a drawn section."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.mesh.drawing import Drawing, read_drawing
from eisfv.mesh.drawing_checks import DrawingError
from eisfv.mesh.from_fipy import Contact, from_fipy
from eisfv.mesh.polygons import find_sides, fipy_mesh, numbered_sides
from eisfv.mesh.quality import Angle, centroids, circumcentres, refuse_angle, worst_angle
from eisfv.mesh.records import CHANNEL, GATE, Floats, Ints, Mesh, Outline


def drawn_mesh(
    file: Path, unit: float, regions: Sequence[str], depth: float, nodes: Sequence[bool], circumcentred: bool = False
) -> Mesh:
    """Return the mesh of a section drawn with Gmsh.

    unit     m of one unit of the file; depth of the section (m)
    regions  the device's regions, which are the physical surfaces of the drawing
    nodes    whether the gate and the other contacts get surface nodes
    circumcentred  whether a triangle's unknowns sit at its circumcentre instead of its centroid

    Raises DrawingError, and MeshQualityError where the flux between two cells would be wrong.
    """
    drawing = read_drawing(file, unit)
    if set(drawing.regions) != set(regions):
        raise DrawingError(
            f"{file}: has the physical surfaces {', '.join(drawing.regions)}, the device the regions "
            f"{', '.join(regions)}; give them the same names"
        )
    grid, centres, contacts = _fipy(drawing, circumcentred)
    refuse_angle(_worst(drawing, grid, centres, contacts))
    region = np.array([list(regions).index(name) for name in drawing.regions])[drawing.region]
    terminals = {name: GATE if name == "gate" else CHANNEL for name in contacts}
    found = [Contact(name, terminals[name], faces, nodes[terminals[name]]) for name, faces in contacts.items()]
    return from_fipy(grid, regions, region, found, depth, centres, Outline(drawing.points, drawing.corners))


def drawn_angle(drawing: Drawing, circumcentred: bool = False) -> Angle:
    """Return the largest angle between a line of the flux and its face's normal; `angle_warning` puts it in words."""
    return _worst(drawing, *_fipy(drawing, circumcentred))


def _fipy(drawing: Drawing, circumcentred: bool) -> tuple[Any, Floats, dict[str, Ints]]:
    """Return FiPy's mesh, where the unknowns sit, and the faces of each contact."""
    grid = fipy_mesh(drawing.points, drawing.corners)
    centres = (circumcentres if circumcentred else centroids)(drawing.points, drawing.corners)
    ends, _ = numbered_sides(drawing.corners)
    return grid, centres, {name: find_sides(ends, lines) for name, lines in drawing.contacts.items()}


def _worst(drawing: Drawing, grid: Any, centres: Floats, contacts: dict[str, Ints]) -> Angle:
    return worst_angle(grid, drawing.region, np.concatenate(list(contacts.values())), centres)
