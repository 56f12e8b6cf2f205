"""Planes of a stack that nothing passes, and regions whose ions cannot leave them.

A sealed plane carries a current as displacement alone. Ions that pass neither end of a region carry no more charge
through its planes, on the mean over them, than it takes to move all of them from one end to the other,

    Q_max = F A sum of |z| (c L + theta Gamma_max)

c, L              their concentration, thickness of the region                                 mol/m3, m
theta, Gamma_max  share of the sites of a plane at an end that they take at first, and sites   -, mol/m2
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from eisfv.constants import FARADAY
from eisfv.device.bulk import concentrations
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of, idle
from eisfv.model.adsorption import Adsorption
from eisfv.model.contacts import BlockingContact, InsulatingContact, OhmicContact, ResistiveContact
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.interface_laws import Blocking
from eisfv.model.interfaces import Interface
from eisfv.model.materials import CARRIERS, ELECTRON
from eisfv.model.species import Bound, Ohmic

METALS = (OhmicContact, ResistiveContact, InjectingContact)  # they take electrons or holes, and no ion


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


def keeps(device: Device, number: int, name: str) -> bool:
    """Return whether a species passes neither end of a region of a stack."""
    beside = [passing(device, n) for n in (number - 1, number) if 0 <= n < len(device.regions) - 1]
    contacts = [contact for end, contact in ends_of(device).values() if end == number]
    stops = (BlockingContact, InsulatingContact) if name in CARRIERS else (BlockingContact, InsulatingContact, *METALS)
    return all(isinstance(contact, stops) for contact in contacts) and not any(name in names for names in beside)


def kept_charge(device: Device, number: int) -> float | None:
    """Return the charge (C) that what a region stores can carry where none of it passes either end, else None: of ions
    of an electrolyte, or of a semiconductor's carriers of one kind, which nothing makes anew."""
    region = device.regions[number]
    species = region.material.species
    stored = {name for name, one in species.items() if not isinstance(one, Bound | Ohmic)}
    if region.material.host is not None or len(stored & set(CARRIERS)) > 1:
        return None
    if not all(keeps(device, number, name) for name in stored):
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


def answered(device: Device, laws: Iterable[Adsorption], number: int) -> float:
    """Return the charge (C) that sites of a plane can hold of ions of a region."""
    region = device.regions[number]
    species = region.material.species
    own = [law for law in laws if law.region in (None, region.name) and law.of in species]
    return FARADAY * device.area * sum(abs(species[law.of].charge) * law.sites for law in own)
