"""Which keys belong to a stack, to which shape of a section, and to a mesh."""

from collections.abc import Iterator
from typing import get_args

from eisfv.case.examples import example
from eisfv.case.problems import Key, Problem, quoted
from eisfv.model.case_file import CaseFile, DeviceTable, Readout
from eisfv.model.record import written
from eisfv.model.section import Section, Shape

# Keys of [device.section] beside shape, mesh and depth, by shape; "mesh" for a section with a mesh.
OWN = {
    "stack": ("width", "source_drain", "pad", "contact"),
    "planar_self_gate": ("width", "source_drain", "pad", "contact"),
    "boxes": ("contact",),
    "mesh": ("unit", "centres", "mesh_sha256"),
}
NEEDED = {"stack": ("width",), "planar_self_gate": ("width",), "boxes": ("contact",), "mesh": ()}
# Keys of a region that give its place: what it may have and what it must have.
REGION = {
    "none": (("thickness",), ("thickness",)),
    "stack": (("thickness", "x"), ("thickness",)),
    "planar_self_gate": (("thickness", "x"), ("thickness",)),
    "boxes": (("x", "y"), ("x", "y")),
    "mesh": ((), ()),
}
LATERAL = ("lateral_first", "lateral_largest", "lateral_growth", "lateral_cells")
NAMES = {"none": "a stack", "mesh": "a section with a mesh"}


def kind_of(device: DeviceTable) -> str | None:
    """Return the shape of a section, "mesh", "none" without a section, None where it cannot be told."""
    section = device.section
    if section is None:
        return "none"
    if not isinstance(section, Section) or (section.mesh is None) == (section.shape is None):
        return None
    return "mesh" if section.mesh is not None else section.shape


def faults(file: CaseFile) -> Iterator[Problem]:
    """Yield the keys that are missing, or that do not belong to what the device is."""
    kind = kind_of(file.device)
    if isinstance(file.device.section, Section):
        yield from _section_faults(file.device.section, kind)
    yield from _area_faults(file, kind)
    if kind is not None:
        yield from _region_faults(file.device, kind)
        yield from _mesh_faults(file, kind)


def _section_faults(section: Section, kind: str | None) -> Iterator[Problem]:
    place: Key = ("device", "section")
    if section.mesh is not None and section.shape is not None:
        yield Problem((*place, "mesh"), "and shape are both given; keep one", section.mesh)
    elif kind is None:
        yield Problem((*place, "shape"), f'is missing; write one of {quoted(get_args(Shape))}, or mesh = "x.msh"')
    if kind is None:
        return
    for key in dict.fromkeys(key for keys in OWN.values() for key in keys):
        value = getattr(section, key)
        if value is not None and key not in OWN[kind]:
            yield Problem((*place, key), f"does not belong to {_name(kind)}; remove it", written(value))
    for key in NEEDED[kind]:
        if getattr(section, key) is None:
            yield _missing((*place, key), kind)
    if "source_drain" in OWN[kind]:
        if section.pad is not None and section.source_drain in (None, "side"):
            remedy = 'is for source_drain = "bottom"; remove it, or change source_drain'
            yield Problem((*place, "pad"), remedy, written(section.pad))
        elif section.pad is None and section.source_drain == "bottom":
            yield Problem((*place, "pad"), 'is missing: source_drain = "bottom" needs it; add for example pad = "2 um"')


def _area_faults(file: CaseFile, kind: str | None) -> Iterator[Problem]:
    area = file.device.area
    lengths = {}
    if isinstance(file.readout, Readout):
        lengths = {"length": file.readout.length, "width": file.readout.width}
    through = isinstance(file.readout, Readout) and file.readout.path == "through"
    if kind == "none":
        if area is None:
            yield _missing(("device", "area"), kind)
        if through:
            for key, value in lengths.items():
                if value is not None:
                    remedy = 'does not go with path = "through": thickness and area of the stack are those; remove it'
                    yield Problem(("readout", key), remedy, written(value))
            return
        for key, value in lengths.items():
            if value is None:
                yield _missing(("readout", key), kind)
        return
    if through:
        yield Problem(("readout", "path"), "is for stacks: a section is read between source and drain", "through")
    if area is not None:
        remedy = "does not belong to a section: it is the depth times the width of the channel's region; remove it"
        yield Problem(("device", "area"), remedy, written(area))
    for key, value in lengths.items():
        if value is not None:
            remedy = "does not belong to a section, which shows it; remove it"
            yield Problem(("readout", key), remedy, written(value))


def _region_faults(device: DeviceTable, kind: str) -> Iterator[Problem]:
    allowed, needed = REGION[kind]
    for index, region in enumerate(device.region):
        place: Key = ("device", "region", index)
        if not region.is_table:
            continue
        for key in ("thickness", "x", "y"):
            value = getattr(region, key)
            if value is not None and key not in allowed:
                remedy = "; remove it" + (", or add [device.section]" if kind == "none" else "")
                yield Problem((*place, key), f"does not belong to {_name(kind)}{remedy}", written(value))
            elif value is None and (key in needed or (kind == "planar_self_gate" and key == "x" and index != 1)):
                yield _missing((*place, key), kind)


def _mesh_faults(file: CaseFile, kind: str) -> Iterator[Problem]:
    if file.mesh.grading == "solution" and kind == "mesh":
        yield Problem(
            ("mesh", "grading"), "does not belong here: the file of the mesh has its cells; remove it", "solution"
        )
    if file.mesh.grading == "solution" and kind not in ("none", "mesh") and not file.mesh.lines_by_solution:
        remedy = "does not go with cells or lateral_... of a section; remove them, or take mesh.error"
        yield Problem(("mesh", "grading"), remedy, "solution")
    for key in (*LATERAL, "cells") if kind == "mesh" else LATERAL if kind == "none" else ():
        value = getattr(file.mesh, key)
        if value not in (None, {}):
            what = "the file of the mesh has its cells" if kind == "mesh" else "a stack has no cells along x"
            yield Problem(("mesh", key), f"does not belong here: {what}; remove it", written(value))


def _missing(key: Key, kind: str) -> Problem:
    why = "" if kind == "none" else f": {_name(kind)} needs it"
    return Problem(key, f"is missing{why}; add for example {example(key)}")


def _name(kind: str) -> str:
    return NAMES.get(kind) or f'shape = "{kind}"'
