"""Who touches whom in a device, and where its contacts are: the geometry of a case as far as it can be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from eisfv.case import boxes as rectangles
from eisfv.case import places as contacts
from eisfv.case.problems import Problem
from eisfv.case.section_keys import kind_of
from eisfv.case.touching import Pair, shared_edge, touching_pairs
from eisfv.case.tree import rows, table
from eisfv.device.layout import Boxes, Section
from eisfv.mesh.box import Box, Span

Tree = Mapping[str, Any]


@dataclass(frozen=True)
class Layout:
    """pairs      numbers of the regions that touch, the lower first; None where they cannot be told
    gate, channel  numbers of the regions under the contacts, None where they cannot be told
    section    None for a stack
    sizes      by region of a section: width and thickness (m)
    along      by pair of a section: the stretch of x along which the two touch, None where they touch side by side
    """

    pairs: Sequence[Pair] | None = None
    gate: int | None = None
    channel: int | None = None
    section: Section | None = None
    sizes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    along: Mapping[Pair, Span | None] = field(default_factory=dict)


def read(tree: Tree, directory: Path) -> tuple[Layout, list[Problem]]:
    """Return the layout of a case's tree and what is wrong with it; files are named from the directory."""
    regions = rows(tree, "device", "region")
    names = [str(region.get("name", "")) for region in regions]
    kind = kind_of(tree)
    if not names or "" in names or len(set(names)) < len(names):
        return Layout(), []  # the schema and the checks say so
    if kind == "none":
        return Layout(list(pairwise(range(len(names)))), 0, len(names) - 1), []
    section = table(tree, "device", "section")
    if kind == "mesh":
        from eisfv.case import drawn  # here: meshio takes its time, and few cases have a mesh

        return drawn.read(section, names, directory)
    return _boxes(section, regions, names) if kind is not None else (Layout(), [])


def _boxes(section: Tree, regions: Sequence[Tree], names: Sequence[str]) -> tuple[Layout, list[Problem]]:
    faults = list(rectangles.faults(section, regions, names))
    boxes = None if faults else rectangles.read(section, regions)
    wanted = contacts.wanted(section, names, boxes)
    known = {name: place for name, place in wanted.items() if place.region in names}
    gate = next((names.index(place.region) for name, place in known.items() if name == "gate"), None)
    channel = next((names.index(place.region) for name, place in known.items() if name != "gate"), None)
    pairs = None if boxes is None else list(touching_pairs(boxes))
    if pairs is not None and channel is not None:
        loose = list(rectangles.floating_faults(names, pairs, channel))
        # An interface of a region that floats would be told as one of regions that do not touch.
        faults, pairs = loose, None if loose else pairs
    faults += contacts.name_faults(section, names, wanted)
    if faults or boxes is None or pairs is None:
        return Layout(pairs, gate, channel), faults
    places, faults = contacts.settled(section, names, boxes, known)
    depth = rectangles.length(section, "depth")
    layout = Layout(
        pairs,
        gate,
        channel,
        None if depth is None else Boxes(depth, dict(zip(names, boxes, strict=True)), places),
        {name: (box.x[1] - box.x[0], box.y[1] - box.y[0]) for name, box in zip(names, boxes, strict=True)},
        {(i, j): _along(boxes[i], boxes[j]) for i, j in pairs},
    )
    return layout, faults


def _along(a: Box, b: Box) -> Span | None:
    edge = shared_edge(a, b)
    return edge[1] if edge is not None and edge[0] == 1 else None
