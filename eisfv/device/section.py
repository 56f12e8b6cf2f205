"""The mesh of a section: lines graded toward every end of a region or contact, in both directions."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from eisfv.device.bulk import debye_length
from eisfv.device.device import Device
from eisfv.device.phases import boundary_cell
from eisfv.device.section_geometry import BoxSection
from eisfv.device.stack import contact_nodes, region_sizes
from eisfv.mesh.box import Box
from eisfv.mesh.grading import graded, paired
from eisfv.mesh.records import CHANNEL, GATE, Floats, Mesh
from eisfv.mesh.section import SAME, Stretch, section_mesh
from eisfv.model import along_x
from eisfv.model.interface_laws import Kinetic
from eisfv.model.interfaces import Interface

MOST_COLUMNS = 200  # ours: of a wider film the boundaries are told as coarse, not resolved


def mesh_of_boxes(device: Device, geometry: BoxSection, split: int = 1, joins: int = 0) -> Mesh:
    """Return the mesh of a section of rectangles, every cell split into `split` x `split` equal ones; joins: how often
    every second line between two marks is left out."""
    lines = (finer(x_lines(device, geometry, joins), split), finer(y_lines(device, geometry, joins), split))
    return mesh_on_lines(device, geometry, lines)


def mesh_on_gaps(device: Device, geometry: BoxSection, gaps: Sequence[Floats]) -> Mesh:
    """Return the mesh of a section of rectangles on lines with these gaps (m) along x and along y."""
    marks = x_marks(device, geometry), y_marks(device, geometry)
    x, y = (np.concatenate([at[:1], at[0] + np.cumsum(sizes)]) for at, sizes in zip(marks, gaps, strict=True))
    return mesh_on_lines(device, geometry, (x, y))


def gaps_of(device: Device, geometry: BoxSection, joins: int = 0) -> list[Floats]:
    """Return the gaps (m) of the lines along x and along y that the case's lengths ask for."""
    return [np.diff(x_lines(device, geometry, joins)), np.diff(y_lines(device, geometry, joins))]


def mesh_on_lines(device: Device, geometry: BoxSection, lines: tuple[Floats, Floats]) -> Mesh:
    """Return the mesh of a section of rectangles on lines at x and y (m)."""
    boxes = [spanned(geometry, region.name) for region in device.regions]
    # The ends of a region that lie next to a line of another become that line.
    snapped = [Box(snap(box.x, lines[0]), snap(box.y, lines[1])) for box in boxes]
    names = [region.name for region in device.regions]
    contacts = list(stretches(device, geometry))
    return section_mesh(names, snapped, lines, contacts, geometry.depth)


def spanned(geometry: BoxSection, name: str) -> Box:
    """Return where a region lies."""
    return Box(geometry.boxes[name].x, geometry.boxes[name].y)


def stretches(device: Device, geometry: BoxSection) -> Iterator[Stretch]:
    """Give the contacts of a section."""
    names = [region.name for region in device.regions]
    nodes = contact_nodes(device)
    for name, place in geometry.contacts.items():
        terminal = GATE if name == "gate" else CHANNEL
        axis, at, whole = geometry.boxes[place.region].edge(place.edge)
        span = place.span or whole
        yield Stretch(name, terminal, axis, at, span, names.index(place.region), nodes[terminal])


def breaks(values: list[float]) -> Floats:
    """Return the values in order, each once."""
    ordered = np.sort(np.array(values))
    new = np.diff(ordered, prepend=-np.inf) > SAME * np.ptp(ordered)
    return np.asarray(ordered[new])


def snap(span: tuple[float, float], lines: Floats) -> tuple[float, float]:
    """Return a span whose ends are lines."""
    near = [float(lines[np.argmin(np.abs(lines - end))]) for end in span]
    return near[0], near[1]


def finer(lines: Floats, split: int) -> Floats:
    """Return the lines with every gap split into equal ones."""
    sizes = np.repeat(np.diff(lines) / split, split)
    return np.concatenate([lines[:1], lines[0] + np.cumsum(sizes)])


def coarser(sizes: Floats, joins: int) -> Floats:
    """Return cell sizes (m) joined two by two so often."""
    for _ in range(joins):
        sizes = paired(sizes)
    return sizes


def x_marks(device: Device, geometry: BoxSection) -> Floats:
    """Return where along x (m) a line must be: ends of regions and contacts, jumps of what an interface passes."""
    ends = [end for box in geometry.boxes.values() for end in box.x]
    for place in geometry.contacts.values():
        if place.span is not None and place.edge in ("top", "bottom"):
            ends += place.span
    inner = [b for interface in device.interfaces for b in breaks_along_x(interface)]
    return breaks(ends + [b for b in inner if min(ends) < b < max(ends)])


def y_marks(device: Device, geometry: BoxSection) -> Floats:
    """Return where along y (m) a line must be: ends of regions and contacts."""
    ends = [end for box in geometry.boxes.values() for end in box.y]
    for place in geometry.contacts.values():
        if place.span is not None and place.edge in ("left", "right"):
            ends += place.span
    return breaks(ends)


def x_lines(device: Device, geometry: BoxSection, joins: int = 0) -> Floats:
    """Return the lines along x: fine beside every end of a region or contact, finer where two regions meet there."""
    options = device.mesh.columns
    marks = x_marks(device, geometry)
    width = float(marks[-1] - marks[0])
    if options.cells is not None:
        counts = [max(1, round(options.cells * gap / width)) for gap in np.diff(marks)]
        parts = [np.full(count, gap / count) for count, gap in zip(counts, np.diff(marks), strict=True)]
    else:
        soft = options.first * width
        walls = wall_sizes(device, geometry)
        parts = []
        for start, stop in pairwise(marks):
            firsts = [
                next((size for at, size in walls if abs(at - end) <= SAME * width), soft) for end in (start, stop)
            ]
            largest = min(options.largest * width, boundary_column(device, geometry, (start, stop)))
            parts.append(
                two_ended(stop - start, min(firsts[0], largest), min(firsts[1], largest), options.growth, largest)
            )
    return joined(marks, [coarser(sizes, joins) for sizes in parts])


def boundary_column(device: Device, geometry: BoxSection, span: tuple[float, float]) -> float:
    """Return the widest column (m) over a span of x for the boundaries of the hosts there, inf where they would be more
    than MOST_COLUMNS: such a film is coarse along x, which `eisfv.device.phases.coarse_boundaries` tells."""
    cell = np.inf
    for region in device.regions:
        x = geometry.boxes[region.name].x
        if x[0] < span[1] and x[1] > span[0]:
            cell = min(cell, boundary_cell(region.material.host, device.temperature))
    return cell if span[1] - span[0] <= MOST_COLUMNS * cell else np.inf


def breaks_along_x(interface: Interface) -> list[float]:
    """Return where the properties of an interface jump along x."""
    values = [law.exchange_current for law in interface.laws.values() if isinstance(law, Kinetic)]
    return [at for value in (*values, interface.stern_capacitance) for at in along_x.breaks(value)]


def wall_sizes(device: Device, geometry: BoxSection) -> list[tuple[float, float]]:
    """Return x and first cell (m) of every upright wall between two regions."""
    found = []
    for a in device.regions:
        for b in device.regions:
            box_a, box_b = geometry.boxes[a.name], geometry.boxes[b.name]
            overlap = min(box_a.y[1], box_b.y[1]) - max(box_a.y[0], box_b.y[0])
            layered = [r for r in (a, b) if not r.material.electroneutral]
            if layered and abs(box_a.x[1] - box_b.x[0]) <= SAME * abs(box_a.x[1]) and overlap > 0.0:
                debye = min(debye_length(region, device.temperature, dilute=True) for region in layered)
                found.append((box_a.x[1], device.mesh.first * debye))
    return found


def two_ended(length: float, first: float, last: float, growth: float, largest: float) -> Floats:
    """Return cell sizes (m) that begin with `first`, end with `last` and grow inward."""
    if first == last:
        return graded(length, first, growth, largest)
    low, high = min(first, last), max(first, last)
    # From the finer end to a stretch graded from the coarser size on both ends.
    rise = low * growth ** np.arange(max(0, int(np.log(high / low) / np.log(growth))))
    used = float(rise.sum())
    if used >= 0.5 * length:
        return graded(length, low, growth, largest)
    sizes = np.concatenate([rise, graded(length - used, high, growth, largest)])
    return sizes if first < last else sizes[::-1]


def y_lines(device: Device, geometry: BoxSection, joins: int = 0) -> Floats:
    """Return the lines along y: those that each region asks for, the finest where regions lie side by side."""
    marks = y_marks(device, geometry)
    extent = float(np.ptp(marks))
    parts = []
    for start, stop in pairwise(marks):
        wanted = []
        for number, region in enumerate(device.regions):
            box = geometry.boxes[region.name]
            if box.y[0] <= start + SAME * extent and box.y[1] >= stop - SAME * extent:
                wanted.append(region_sizes(device, number, stop - start, bare_ends(device, geometry, number)))
        parts.append(min(wanted, key=lambda sizes: (float(sizes.min()), -len(sizes))))
    return joined(marks, [coarser(sizes, joins) for sizes in parts])


def bare_ends(device: Device, geometry: BoxSection, number: int) -> tuple[bool, bool]:
    """Return whether top and bottom of a region have no layer: no neighbour there and no contact that has one."""
    own = geometry.boxes[device.regions[number].name]
    bare = []
    for side, edge in enumerate(("top", "bottom")):
        at = own.y[side]
        meets = any(
            abs(box.y[1 - side] - at) <= SAME * max(abs(at), own.y[1] - own.y[0])
            and min(box.x[1], own.x[1]) > max(box.x[0], own.x[0])
            for name, box in geometry.boxes.items()
            if name != device.regions[number].name
        )
        touched = any(
            place.region == device.regions[number].name
            and place.edge == edge
            and (device.gate if name == "gate" else device.channel).layered(device.regions[number].material)
            for name, place in geometry.contacts.items()
        )
        bare.append(not meets and not touched)
    return bare[0], bare[1]


def joined(marks: Floats, parts: list[Floats]) -> Floats:
    """Return lines through the marks with gaps of the given sizes between them."""
    lines = [marks[:1]]
    for start, stop, sizes in zip(marks[:-1], marks[1:], parts, strict=True):
        inner = start + np.cumsum(sizes)
        inner[-1] = stop
        lines.append(inner)
    return np.concatenate(lines)
