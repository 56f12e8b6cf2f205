"""The case as a tree that stands alone: every default written out, nothing that only says that nothing is set."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eisfv.case.fields import Quantity
from eisfv.case.schema import CaseFile
from eisfv.case.section_keys import LATERAL
from eisfv.device.layout import Boxes, Drawn
from eisfv.device.records import Device

# What a resolved case calls the mesh of its section; the file lies beside it.
MESH = "mesh.msh"


def resolved(file: CaseFile, device: Device, materials: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the tree of a case that loads to the same device; materials: the resolved tree of each one it uses."""
    tree = _without_empty_tables(_completed(file, device).model_dump(exclude_none=True))
    tree["material"] = dict(materials)
    return tree


def attachments(device: Device) -> dict[str, Path]:
    """Return the files that belong beside the resolved case, by name."""
    return {MESH: device.section.file} if isinstance(device.section, Drawn) else {}


def _completed(file: CaseFile, device: Device) -> CaseFile:
    """Return the file with the region that is read out, and with the defaults that its kind of section has."""
    if file.readout is not None and device.readout is not None:
        readout = file.readout.model_copy(update={"region": device.readout.region})
        file = file.model_copy(update={"readout": readout})
    section = file.device.section
    if section is None:
        return file
    unset: dict[str, Any] = {}
    mesh = file.mesh
    if isinstance(device.section, Boxes):
        if section.shape != "boxes":
            unset["source_drain"] = section.source_drain or "side"
        mesh = mesh.model_copy(update={key: getattr(device.mesh, key) for key in LATERAL})
    else:
        assert isinstance(device.section, Drawn)
        from eisfv.case.drawn import checksum  # here: it imports what reads a mesh

        unset = {
            "mesh": MESH,
            "mesh_sha256": checksum(device.section.file),
            "unit": section.unit or Quantity("1 m", 1.0),
            "centres": section.centres or "centroids",
        }
    section = section.model_copy(update=unset)
    return file.model_copy(update={"mesh": mesh, "device": file.device.model_copy(update={"section": section})})


def _without_empty_tables(tree: dict[str, Any]) -> dict[str, Any]:
    def clean(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: item for key, value in node.items() if (item := clean(value)) != {}}
        return [clean(item) for item in node] if isinstance(node, list) else node

    return {key: clean(value) for key, value in tree.items()}
