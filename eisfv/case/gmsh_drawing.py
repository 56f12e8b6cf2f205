"""A section with a mesh: what the drawing's physical groups make of the device."""

import atexit
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import numpy as np

from eisfv.case.file_tree import there
from eisfv.case.geometry import Geometry
from eisfv.case.problems import Key, Problem, did_you_mean, display, quoted
from eisfv.device.section_geometry import GmshSection
from eisfv.mesh.box import Span
from eisfv.mesh.drawing import Drawing, read_drawing
from eisfv.mesh.drawn import drawn_angle
from eisfv.mesh.polygons import ABSENT, cells_of_sides, find_sides, numbered_sides
from eisfv.mesh.quality import refuse_angle
from eisfv.mesh.records import Floats, Ints
from eisfv.model.contact_edges import SIDES
from eisfv.model.section import Section
from eisfv.text_files import checksum

MESH: Key = ("device", "section", "mesh")
SUFFIXES = (".msh", ".geo")


def read(section: Section, names: Sequence[str], directory: Path, trust: bool) -> tuple[Geometry, list[Problem]]:
    """Return the geometry of a section with a mesh and what is wrong with it; Gmsh is called with `trust` alone."""
    given, depth, unit = section.mesh, section.depth, section.unit or 1.0
    assert given is not None
    try:
        file = _file(given, directory, trust)
        drawing = read_drawing(file, unit)
        refuse_angle(drawn_angle(drawing, section.centres == "circumcentres"))
    except ValueError as error:
        # A DrawingError starts with its file, which the case's line names already.
        reason = re.sub(r"^\S.*?\.(msh|geo): ", "", str(error))
        return Geometry(), [Problem(MESH, reason, given)]
    faults = list(_faults(section, names, drawing, file))
    if set(drawing.regions) != set(names):
        return Geometry(), faults
    ends, sides = numbered_sides(drawing.corners)
    cells = cells_of_sides(sides, len(ends))
    number = np.array([names.index(name) for name in drawing.regions])[drawing.region]
    under = {name: int(number[cells[find_sides(ends, at)[0], 0]]) for name, at in drawing.contacts.items()}
    gate, channel = under["gate"], next(region for name, region in under.items() if name != "gate")
    if {*SIDES} <= {*under} and under["source"] != under["drain"]:
        remedy = (
            f'draws source on "{names[under["source"]]}", drain on "{names[under["drain"]]}"; put both on one region'
        )
        faults.append(Problem(MESH, remedy, given))
    along = _along(drawing.points, ends, cells, number)
    sizes = {name: _size(drawing.points[np.unique(_corners(drawing, number == k))]) for k, name in enumerate(names)}
    drawn = None
    if depth is not None and not faults:
        drawn = GmshSection(depth, file, names[gate], names[channel], unit, section.centres == "circumcentres")
    return Geometry(sorted(along), gate, channel, drawn, sizes, along), faults


def _file(given: str, directory: Path, trust: bool) -> Path:
    """Return the .msh file of a reference; a .geo is meshed into a directory that goes when the program ends."""
    file = directory / given
    if file.suffix not in SUFFIXES:
        raise ValueError("is no mesh that can be read; write a .msh or a .geo file of Gmsh")
    if not there(file):
        raise ValueError(f"does not exist: there is no file {display(file)}")
    if file.suffix == ".msh":
        return file
    if not trust:
        raise ValueError(
            "is a program, which Gmsh would execute with your rights; name the .msh made of it "
            f"(gmsh -2 -format msh41 {file.name}), or read it and give check and run --trust"
        )
    from eisfv.mesh.gmsh import mesh_file  # here: a .msh does without Gmsh

    place = Path(mkdtemp(prefix="eisfv-"))
    atexit.register(rmtree, place, ignore_errors=True)
    return mesh_file(file, place)


def _faults(section: Section, names: Sequence[str], drawing: Drawing, file: Path) -> Iterator[Problem]:
    given = section.mesh
    nameless = [name for name in drawing.regions if name not in names]
    for index, name in enumerate(names):
        if name not in drawing.regions:
            meant = get_close_matches(name, nameless, n=1, cutoff=0.6)
            nameless = [other for other in nameless if other not in meant]
            hint = did_you_mean(name, meant or drawing.regions)
            yield Problem(("device", "region", index, "name"), f"is no physical surface of {given}{hint}", name)
    if nameless:
        remedy = f"has physical surfaces that are no region: {quoted(nameless)}; add a [[device.region]] for each"
        yield Problem(MESH, remedy, given)
    contacts = set(drawing.contacts)
    if len(contacts & set(SIDES)) == 1 or ("channel" in contacts and contacts & set(SIDES)):
        remedy = f'draws the contacts {quoted(sorted(contacts))}; beside "gate" draw "channel", or "source" and "drain"'
        yield Problem(MESH, remedy, given)
    expected = section.mesh_sha256
    if expected is not None and checksum(file) != expected.lower():
        remedy = f"is not the mesh this case was resolved with: {given} has {checksum(file)[:12]}...; restore the mesh"
        yield Problem((*MESH[:-1], "mesh_sha256"), remedy, f"{expected[:12]}...")


def _corners(drawing: Drawing, chosen: Any) -> Ints:
    corners = drawing.corners[chosen]
    return np.asarray(corners[corners != ABSENT])


def _size(points: Floats) -> tuple[float, float]:
    width, thickness = np.ptp(points, axis=0)
    return float(width), float(thickness)


def _along(points: Floats, ends: Ints, cells: Ints, number: Ints) -> dict[tuple[int, int], Span | None]:
    """Return every pair of regions that share sides, and the stretch of x along which they do."""
    inner = np.flatnonzero(cells[:, 1] != ABSENT)
    pairs = np.sort(number[cells[inner]], axis=1)
    apart = pairs[:, 0] != pairs[:, 1]
    found: dict[tuple[int, int], Span | None] = {}
    for i, j in np.unique(pairs[apart], axis=0).tolist():
        x = points[ends[inner[(pairs == (i, j)).all(axis=1)]], 0]
        start, stop = float(x.min()), float(x.max())
        found[i, j] = (start, stop) if stop - start > 1e-9 * float(np.ptp(points[:, 0])) else None
    return found
