"""Planes that nothing passes, and the field that currents drive onto them.

A blocking metal of the area A passes nothing, and neither does an interface at which every species is blocked or
stands on one side alone: what is driven onto either ends the field there, whatever lies inside (Gauss):

    E = (Q + q) / (eps A),    max |E| >= (max Q - min Q - F A sum |z| Gamma_max) / (2 eps A)

Q is what steps of current have driven, from a charge that need not be known; q is that of ions at sites of the plane,
Gamma_max (mol/m2) of them at most. Beyond `eisfv.constants.EVAPORATES` no surface bears it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from eisfv.case import driven_charge, sealed_regions
from eisfv.case.problems import Key, Problem
from eisfv.constants import BREAKDOWN, EVAPORATES, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of
from eisfv.model.adsorption import Adsorption
from eisfv.model.case_file import CaseFile
from eisfv.model.contacts import BlockingContact


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

    def field(number: int, laws: Iterable[Adsorption]) -> float:
        left = max(swing - sealed_regions.answered(device, laws, number), 0.0)
        permittivity = device.regions[number].material.relative_permittivity * VACUUM_PERMITTIVITY
        return 0.5 * left / (permittivity * device.area)

    for side, (number, contact) in ends_of(device).items():
        region = device.regions[number]
        if isinstance(contact, BlockingContact):
            name, remedy = f"device.contact.{side}: blocking", "take a contact that passes it"
            yield (
                Plane(("device", "contact", side), name, region.name, remedy),
                field(number, contact.adsorbed.values()),
            )
    for pair in sealed_regions.sealed_planes(device):
        joint = sealed_regions.joint_of(device, pair[0])
        laws = joint.adsorbed.values() if joint is not None else ()
        sides = {r: field(r, laws) for r in pair if not device.regions[r].material.electroneutral}
        if sides:
            most = max(sides, key=lambda r: sides[r])
            name = f"{' | '.join(device.regions[r].name for r in pair)}: nothing passes it"
            remedy = "let ions or electrons of both sides pass"
            yield Plane(("device", "interface"), name, device.regions[most].name, remedy), sides[most]


def _charged(plane: Plane, field: float) -> str:
    beyond = "at 57 V/nm even tungsten evaporates" if field > EVAPORATES else "beyond any solid's breakdown"
    return (
        f"{plane.name}: what the currents drive onto it makes a field of {field * 1e-9:.3g} V/nm in {plane.region} at "
        f"least, {beyond}; drive less charge, or {plane.remedy}"
    )
