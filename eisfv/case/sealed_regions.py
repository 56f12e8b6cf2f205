"""Planes of a stack that nothing passes, and regions whose ions cannot leave them.

A sealed plane carries a current as displacement alone. Ions that pass neither end of a region carry no more charge
through its planes, on the mean over them, than it takes to move all of them from one end to the other,

    Q_max = F A sum of |z| (c L + theta Gamma_max)

c, L              their concentration, thickness of the region                                 mol/m3, m
theta, Gamma_max  share of the sites of a plane at an end that they take at first, and sites   -, mol/m2
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from eisfv.constants import FARADAY
from eisfv.device.bulk import concentrations
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of, idle
from eisfv.model.adsorption import Adsorption
from eisfv.model.contacts import BathContact
from eisfv.model.exchanging_contact import ExchangingContact
from eisfv.model.interface_laws import Blocking
from eisfv.model.interfaces import Interface
from eisfv.model.materials import CARRIERS, ELECTRON
from eisfv.model.species import Bound, Ohmic


def joint_of(device: Device, number: int) -> Interface | None:
    """Return what is said of the interface between a region of a stack and the next."""
    pair = {device.regions[number].name, device.regions[number + 1].name}
    return next((joint for joint in device.interfaces if set(joint.between) == pair), None)


def passing(device: Device, number: int) -> set[str]:
    """Return the species that pass from a region of a stack to the next."""
    a, b = device.regions[number], device.regions[number + 1]
    joint = joint_of(device, number)
    stopped = {name for name, law in (joint.laws if joint else {}).items() if isinstance(law, Blocking)}
    if {number, number + 1} & idle(device):
        stopped.add(ELECTRON)
    return (set(a.material.species) & set(b.material.species)) - stopped


def sealed_planes(device: Device) -> Iterator[tuple[int, int]]:
    """Give the numbers of the regions beside every interface of a stack that nothing passes."""
    for a, b in pairwise(range(len(device.regions))):
        if not passing(device, a):
            yield a, b


def sites_beside(device: Device, number: int) -> Iterator[Adsorption]:
    """Give the sites of planes at the ends of a region of a stack."""
    region = device.regions[number]
    joints = [joint_of(device, n) for n in (number - 1, number) if 0 <= n < len(device.regions) - 1]
    tables: list[Mapping[str, Adsorption]] = [joint.adsorbed for joint in joints if joint is not None]
    tables += [contact.sites() for end, contact in ends_of(device).values() if end == number]
    for law in (law for table in tables for law in table.values()):
        if law.region in (None, region.name) and law.of in region.material.species:
            yield law


def keeps(device: Device, number: int, ion: str) -> bool:
    """Return whether an ion passes neither end of a region of a stack."""
    beside = [passing(device, n) for n in (number - 1, number) if 0 <= n < len(device.regions) - 1]
    contacts = [contact for end, contact in ends_of(device).values() if end == number]
    return not any(isinstance(contact, ExchangingContact | BathContact) for contact in contacts) and not any(
        ion in names for names in beside
    )


def ions_of(device: Device, number: int) -> float | None:
    """Return the charge (C) that ions of an electrolyte can carry where they pass neither of its ends, else None."""
    region = device.regions[number]
    species = region.material.species
    free = {name for name, one in species.items() if name not in CARRIERS and not isinstance(one, Bound)}
    stored = [name for name, one in species.items() if name in CARRIERS and not isinstance(one, Ohmic)]
    if region.material.host is not None or stored:
        return None
    if not all(keeps(device, number, name) for name in free):
        return None
    amounts = concentrations(region, device.temperature)
    held = sum(abs(species[name].charge) * c * region.height for name, c in amounts.items())
    held += sum(abs(species[law.of].charge) * (law.coverage or 0.0) * law.sites for law in sites_beside(device, number))
    return FARADAY * device.area * held


def electrons_of(device: Device, number: int) -> float:
    """Return what the ohmic electrons of a region of a stack conduct, S."""
    region = device.regions[number]
    electron = region.material.species.get(ELECTRON)
    if not isinstance(electron, Ohmic) or number in idle(device):
        return 0.0
    return float(electron.conductivity_at(device.temperature)) * device.area / region.height


def adsorbs(device: Device, pair: tuple[int, int], number: int) -> bool:
    """Return whether the interface of a pair of regions has sites for ions of one of them."""
    joint, region = joint_of(device, pair[0]), device.regions[number]
    sites = joint.adsorbed.values() if joint is not None else ()
    return any(law.region in (None, region.name) and law.of in region.material.species for law in sites)
