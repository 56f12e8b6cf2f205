"""A case that stands alone: every default said, the mesh of its section beside it."""

from dataclasses import replace
from pathlib import Path

from eisfv.case.build import readout_of
from eisfv.case.geometry import Geometry
from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection, GmshSection
from eisfv.model.case_file import CaseFile
from eisfv.model.exchanging_contact import ExchangingContact
from eisfv.model.materials import Electrode, Material
from eisfv.model.quantity import Quantity
from eisfv.text_files import checksum

# What a resolved case calls the mesh of its section and the state it starts from; the files lie beside it.
MESH, START = "mesh.msh", "start.h5"


def completed(file: CaseFile, geometry: Geometry, start: Path | None) -> CaseFile:
    """Return the file with its read-out and the defaults of its kind of section said, the materials it uses, and the
    state from which it starts."""
    used = {reference: material for reference, material in file.material.items() if _uses(file, material)}
    file = replace(file, readout=readout_of(file, geometry), material=used, calibrate=None)
    if start is not None:
        file = replace(file, start=START, start_sha256=checksum(start))
    section = file.device.section
    if section is None:
        return file
    if isinstance(geometry.section, BoxSection):
        file = replace(file, mesh=file.mesh.with_columns())
        if section.shape != "boxes":
            section = replace(section, source_drain=section.source_drain or "side")
    else:
        assert isinstance(geometry.section, GmshSection)
        section = replace(
            section,
            mesh=MESH,
            mesh_sha256=checksum(geometry.section.file),
            unit=section.unit or Quantity(1.0, "1 m"),
            centres=section.centres or "centroids",
        )
    return replace(file, device=replace(file.device, section=section))


def attachments(device: Device, start: Path | None) -> dict[str, Path]:
    """Return the files that belong beside the resolved case, by name."""
    found = {MESH: device.section.file} if isinstance(device.section, GmshSection) else {}
    return found if start is None else {**found, START: start}


def _uses(file: CaseFile, material: Material | Electrode) -> bool:
    contacts = (file.device.contact.gate, file.device.contact.channel)
    electrodes = [contact.electrode for contact in contacts if isinstance(contact, ExchangingContact)]
    return any(material is used for used in [*(region.material for region in file.device.region), *electrodes])
