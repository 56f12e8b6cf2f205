"""Planes that nothing passes, and the field that currents drive onto them.

A blocking metal of the area A passes nothing, and neither does an interface at which every species is blocked or
stands on one side alone: what is driven onto either ends the field there, whatever lies inside (Gauss):

    E = Q / (eps A),    max |E| >= (max Q - min Q) / (2 eps A)

Q is what steps of current have driven, from a charge that need not be known. EVAPORATES is what no surface bears: there
tungsten, which bears most of all metals, leaves as ions (T. T. Tsong, Surf. Sci. 70 (1978) 211).
"""

from collections.abc import Iterator
from typing import NamedTuple

from eisfv.case import driven_charge, sealed_regions
from eisfv.case.problems import Key, Problem
from eisfv.constants import BREAKDOWN, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of
from eisfv.model.case_file import CaseFile
from eisfv.model.contacts import BlockingContact
from eisfv.model.regions import Region

EVAPORATES = 57e9  # V/m


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield the planes that no solid would survive."""
    for plane, field in fields_of_charge(device, file):
        if field > EVAPORATES:
            yield Problem(plane.key, _charged(plane, field), whole=True)


def warnings(device: Device, file: CaseFile) -> Iterator[str]:
    """Give a line for every plane beyond breakdown."""
    for plane, field in fields_of_charge(device, file):
        if BREAKDOWN < field <= EVAPORATES:
            yield _charged(plane, field)


class Plane(NamedTuple):
    """A plane of a stack that nothing passes: where it is said, what it is called, and the region beside it."""

    key: Key
    name: str
    region: str
    remedy: str


def fields_of_charge(device: Device, file: CaseFile) -> Iterator[tuple[Plane, float]]:
    """Give the planes of a stack that nothing passes, and the field (V/m) that the currents bring them to at least."""
    if device.section is not None:
        return
    swing = driven_charge.widest_swing(file.protocol)

    def field(region: Region) -> float:
        return 0.5 * swing / (region.material.relative_permittivity * VACUUM_PERMITTIVITY * device.area)

    for side, (number, contact) in ends_of(device).items():
        region = device.regions[number]
        if isinstance(contact, BlockingContact) and not contact.adsorbed:
            name, remedy = f"device.contact.{side}: blocking", "take a contact that passes it"
            yield Plane(("device", "contact", side), name, region.name, remedy), field(region)
    for pair in sealed_regions.sealed_planes(device):
        # Ions at sites of the plane answer part of the charge on their side.
        sides = [device.regions[r] for r in pair if not sealed_regions.adsorbs(device, pair, r)]
        sides = [region for region in sides if not region.material.electroneutral]
        if sides:
            region = max(sides, key=field)
            between = " | ".join(device.regions[r].name for r in pair)
            name, remedy = f"{between}: nothing passes it", "let ions or electrons of both sides pass"
            yield Plane(("device", "interface"), name, region.name, remedy), field(region)


def _charged(plane: Plane, field: float) -> str:
    beyond = "at 57 V/nm even tungsten evaporates" if field > EVAPORATES else "beyond any solid's breakdown"
    return (
        f"{plane.name}: what the currents drive onto it makes a field of {field * 1e-9:.3g} V/nm in {plane.region} at "
        f"least, {beyond}; drive less charge, or {plane.remedy}"
    )
