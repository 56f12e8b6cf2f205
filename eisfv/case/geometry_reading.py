"""From the regions and the section of a case to its geometry."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from eisfv.case import contact_places, shapes
from eisfv.case.box_geometry import shared_edge, touching_pairs
from eisfv.case.geometry import Geometry
from eisfv.case.problems import Problem
from eisfv.case.section_keys import kind_of
from eisfv.device.section_geometry import BoxSection
from eisfv.mesh.box import Box, Span
from eisfv.model import contact_edges
from eisfv.model.case_file import DeviceTable
from eisfv.model.regions import Region
from eisfv.model.section import Section


def read(device: DeviceTable | None, directory: Path, trust: bool) -> tuple[Geometry, list[Problem]]:
    """Return the geometry of a device and what is wrong with it; files are named from the directory. With
    `trust`, one that is a program is executed."""
    if device is None:
        return Geometry(), []  # the schema says so
    regions = device.region
    names = [region.name for region in regions]
    kind = kind_of(device)
    if not names or None in names or len(set(names)) < len(names):
        return Geometry(), []  # the schema and the checks say so
    if kind == "none":
        return Geometry(list(pairwise(range(len(names)))), 0, len(names) - 1), []
    section = device.section
    if kind is None or section is None:
        return Geometry(), []
    if kind == "mesh":
        from eisfv.case import gmsh_drawing  # here: meshio takes its time, and few cases have a mesh

        return gmsh_drawing.read(section, names, directory, trust)
    return _boxes(section, regions, names)


def _boxes(section: Section, regions: Sequence[Region], names: Sequence[str]) -> tuple[Geometry, list[Problem]]:
    faults = list(shapes.faults(section, regions, names))
    boxes = None if faults else shapes.read(section, regions)
    across = None if boxes is None else [box.x for box in boxes]
    wanted = contact_edges.wanted(section, names, across)
    known = {name: place for name, place in wanted.items() if place.region in names}
    gate = next((names.index(place.region) for name, place in known.items() if name == "gate"), None)
    channel = next((names.index(place.region) for name, place in known.items() if name != "gate"), None)
    pairs = None if boxes is None else list(touching_pairs(boxes))
    if pairs is not None and channel is not None:
        loose = list(shapes.floating_faults(names, pairs, channel))
        # An interface of a region that floats would be told as one of regions that do not touch.
        faults, pairs = loose, None if loose else pairs
    faults += contact_places.name_faults(section, names, wanted)
    if faults or boxes is None or pairs is None:
        return Geometry(pairs, gate, channel), faults
    places, faults = contact_places.settled(section, names, boxes, known)
    depth = section.depth
    geometry = Geometry(
        pairs,
        gate,
        channel,
        None if depth is None else BoxSection(depth, dict(zip(names, boxes, strict=True)), places),
        {name: (box.x[1] - box.x[0], box.y[1] - box.y[0]) for name, box in zip(names, boxes, strict=True)},
        {(i, j): _along(boxes[i], boxes[j]) for i, j in pairs},
    )
    return geometry, faults


def _along(a: Box, b: Box) -> Span | None:
    edge = shared_edge(a, b)
    return edge[1] if edge is not None and edge[0] == 1 else None
