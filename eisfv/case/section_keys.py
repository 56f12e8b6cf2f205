"""Which keys belong to a stack, to which shape of a section, and to a mesh."""

from collections.abc import Iterator, Mapping
from typing import Any

from eisfv.case.messages import example
from eisfv.case.problems import Key, Problem, quoted
from eisfv.case.tree import table

Tree = Mapping[str, Any]

SHAPES = ("stack", "planar_self_gate", "boxes")
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


def kind_of(tree: Tree) -> str | None:
    """Return the shape of a section, "mesh", "none" without a section, None where it cannot be told."""
    if "section" not in table(tree, "device"):
        return "none"
    section = table(tree, "device", "section")
    if ("mesh" in section) == ("shape" in section):
        return None
    kind = "mesh" if "mesh" in section else section["shape"]
    return kind if isinstance(kind, str) and kind in OWN and (kind != "mesh" or "mesh" in section) else None


def faults(tree: Tree) -> Iterator[Problem]:
    """Yield the keys that are missing, or that do not belong to what the device is."""
    if not isinstance(tree.get("device"), dict):
        return
    kind = kind_of(tree)
    if kind != "none":
        yield from _section_faults(table(tree, "device", "section"), kind)
    yield from _area_faults(tree, kind)
    if kind is not None:
        yield from _region_faults(tree, kind)
        yield from _mesh_faults(tree, kind)


def _section_faults(section: Tree, kind: str | None) -> Iterator[Problem]:
    place: Key = ("device", "section")
    if "mesh" in section and "shape" in section:
        yield Problem((*place, "mesh"), "and shape are both given; keep one", section["mesh"])
    elif "mesh" not in section and "shape" not in section and section:
        yield Problem((*place, "shape"), f'is missing; write one of {quoted(SHAPES)}, or mesh = "x.msh"')
    if kind is None:
        return
    for key in dict.fromkeys(key for keys in OWN.values() for key in keys):
        if key in section and key not in OWN[kind]:
            yield Problem((*place, key), f"does not belong to {_name(kind)}; remove it", section[key])
    for key in NEEDED[kind]:
        if key not in section:
            yield _missing((*place, key), kind)
    if "source_drain" in OWN[kind]:
        if "pad" in section and section.get("source_drain", "side") == "side":
            remedy = 'is for source_drain = "bottom"; remove it, or change source_drain'
            yield Problem((*place, "pad"), remedy, section["pad"])
        elif "pad" not in section and section.get("source_drain") == "bottom":
            yield Problem((*place, "pad"), 'is missing: source_drain = "bottom" needs it; add for example pad = "2 um"')


def _area_faults(tree: Tree, kind: str | None) -> Iterator[Problem]:
    device, readout = tree["device"], table(tree, "readout")
    if kind == "none":
        if "area" not in device:
            yield _missing(("device", "area"), kind)
        for key in ("length", "width"):
            if "readout" in tree and isinstance(tree["readout"], dict) and key not in readout:
                yield _missing(("readout", key), kind)
        return
    if "area" in device:
        remedy = "does not belong to a section: it is the depth times the width of the channel's region; remove it"
        yield Problem(("device", "area"), remedy, device["area"])
    for key in ("length", "width"):
        if key in readout:
            yield Problem(("readout", key), "does not belong to a section, which shows it; remove it", readout[key])


def _region_faults(tree: Tree, kind: str) -> Iterator[Problem]:
    allowed, needed = REGION[kind]
    regions = tree["device"].get("region")
    for index, region in enumerate(regions if isinstance(regions, list) else []):
        if not isinstance(region, dict):
            continue
        place: Key = ("device", "region", index)
        for key in ("thickness", "x", "y"):
            if key in region and key not in allowed:
                remedy = "; remove it" + (", or add [device.section]" if kind == "none" else "")
                yield Problem((*place, key), f"does not belong to {_name(kind)}{remedy}", region[key])
            elif key not in region and (key in needed or (kind == "planar_self_gate" and key == "x" and index != 1)):
                yield _missing((*place, key), kind)


def _mesh_faults(tree: Tree, kind: str) -> Iterator[Problem]:
    mesh = table(tree, "mesh")
    for key in (*LATERAL, "cells") if kind == "mesh" else LATERAL if kind == "none" else ():
        if key in mesh:
            what = "the file of the mesh has its cells" if kind == "mesh" else "a stack has no cells along x"
            yield Problem(("mesh", key), f"does not belong here: {what}; remove it", mesh[key])


def _missing(key: Key, kind: str) -> Problem:
    why = "" if kind == "none" else f": {_name(kind)} needs it"
    return Problem(key, f"is missing{why}; add for example {example(key)}")


def _name(kind: str) -> str:
    return NAMES.get(kind) or f'shape = "{kind}"'
