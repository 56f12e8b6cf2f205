"""The rectangles of a section without a mesh: one function for each shape."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from eisfv.case.box_geometry import floating, overlap, snapping, span_text
from eisfv.case.problems import Key, Problem
from eisfv.mesh.box import Box, Span
from eisfv.model.record import written
from eisfv.model.regions import Region
from eisfv.model.section import Section

Regions = Sequence[Region]
PLANAR_REGIONS = 3


def read(section: Section, regions: Regions) -> list[Box] | None:
    """Return the box of each region, corners that agree but for rounding made equal; None where one cannot be read."""
    assert section.shape is not None
    boxes = list(SHAPES[section.shape](section, regions))
    known = [box for box in boxes if box is not None]
    if not known or len(known) < len(boxes):
        return None
    snap_x = snapping(end for box in known for end in box.x)
    snap_y = snapping(end for box in known for end in box.y)
    return [Box((snap_x(b.x[0]), snap_x(b.x[1])), (snap_y(b.y[0]), snap_y(b.y[1]))) for b in known]


def _stack(section: Section, regions: Regions) -> Iterator[Box | None]:
    """Regions one below the other, each over the whole width unless it says where."""
    top = 0.0
    for region in regions:
        x, thickness = _across(section, region), region.thickness or 0.0
        yield Box(x, (top, top + thickness)) if x is not None and thickness else None
        top += thickness


def _planar(section: Section, regions: Regions) -> Iterator[Box | None]:
    """Gate film, electrolyte, channel film: both films below the electrolyte."""
    if len(regions) != PLANAR_REGIONS:
        return
    below = regions[1].thickness
    for number, region in enumerate(regions):
        x = _across(section, region) if number == 1 else as_span(region.x)
        top, thickness = 0.0 if number == 1 else below, region.thickness
        yield Box(x, (top, top + thickness)) if x is not None and top is not None and thickness is not None else None


def _free(section: Section, regions: Regions) -> Iterator[Box | None]:
    """Each region where its x and y say."""
    for region in regions:
        x, y = as_span(region.x), as_span(region.y)
        yield Box(x, y) if x is not None and y is not None else None


SHAPES: Mapping[str, Callable[[Section, Regions], Iterator[Box | None]]] = {
    "stack": _stack,
    "planar_self_gate": _planar,
    "boxes": _free,
}


def _across(section: Section, region: Region) -> Span | None:
    if region.x is not None:
        return as_span(region.x)
    return (0.0, section.width) if section.width is not None else None


def as_span(ends: tuple[float, ...] | None) -> Span | None:
    """Return two ends (m) as a span."""
    return None if ends is None else (float(ends[0]), float(ends[1]))


def faults(section: Section, regions: Regions, names: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the place of single regions and of two together."""
    if section.shape == "planar_self_gate" and len(regions) != PLANAR_REGIONS:
        remedy = f'has {len(regions)} entries; shape = "planar_self_gate" takes gate film, electrolyte, channel film'
        yield Problem(("device", "region"), remedy)
    width = section.width
    for index, region in enumerate(regions):
        x = region.x
        if x is not None and width is not None and not (x[0] >= 0.0 and x[1] <= width):
            remedy = f"lies outside the section, whose x runs from {span_text((0.0, width))}"
            yield Problem(("device", "region", index, "x"), remedy, written(x))
    boxes = read(section, regions)
    for j, box in enumerate(boxes or []):
        for i, other in enumerate((boxes or [])[:j]):
            both = overlap(box, other)
            if both is not None:
                where = f"x = {span_text(both.x)}, y = {span_text(both.y)}"
                yield Problem(_place(j), f'("{names[j]}") overlaps region "{names[i]}" at {where}; move one of them')


def floating_faults(names: Sequence[str], pairs: Sequence[tuple[int, int]], channel: int) -> Iterator[Problem]:
    """Yield every group of regions that no chain of touching regions joins to the channel's contact."""
    for group in floating(len(names), pairs, channel):
        lone = len(group) == 1
        which = f'("{names[group[0]]}")' if lone else f"({', '.join(names[number] for number in group)})"
        what = "touches no other region" if lone else "touch each other only"
        remedy = f'{what}: nothing joins {"it" if lone else "them"} to the channel contact on "{names[channel]}"'
        yield Problem(_place(group[0]), f"{which} {remedy}; let it share an edge with a neighbour")


def _place(index: int) -> Key:
    return ("device", "region", index)
