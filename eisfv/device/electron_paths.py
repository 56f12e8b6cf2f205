"""What the electrons of each region reach: a store, a metal, or nothing.

The electrons of a region STORE (hosts, dilute or lattice electrons), are OHMIC (flow, no storage) or are absent. A
chain is a run of touching ohmic regions between which electrons pass; what it reaches is every store beside it into
which they pass and every metal that takes them. A steady flow needs two ends: a chain that reaches at most one thing
carries nothing, and its level is that of the one thing it reaches, or has no value at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.model.contacts import Contact
from eisfv.model.interface_laws import Blocking
from eisfv.model.materials import CARRIERS, ELECTRON
from eisfv.model.regions import Region
from eisfv.model.species import Ohmic, Stored


@dataclass(frozen=True)
class Chain:
    """Touching regions of ohmic electrons, by number.

    stores, metals  what they reach: numbers of regions, names of contacts ("gate", "channel")
    stopped_by      what ends them elsewhere, in words
    """

    regions: frozenset[int]
    stores: frozenset[int]
    metals: frozenset[str]
    stopped_by: tuple[str, ...]

    @property
    def reached(self) -> int:
        """Return how many things the electrons reach."""
        return len(self.stores) + len(self.metals)


def stores_electrons(region: Region) -> bool:
    """Return whether the electrons, or the holes, of a region are stored there."""
    return any(isinstance(region.material.species.get(name), Stored) for name in CARRIERS)


def has_ohmic_electrons(region: Region) -> bool:
    """Return whether the electrons of a region flow and are not stored."""
    return isinstance(region.material.species.get(ELECTRON), Ohmic)


def touching(device: Device) -> Iterator[tuple[int, int, bool, str]]:
    """Give the numbers of every two regions that touch, whether electrons or holes pass, and their names."""
    names = [region.name for region in device.regions]
    known = {frozenset(i.between): i for i in device.interfaces}
    pairs = [frozenset(pair) for pair in pairwise(names)] if device.section is None else known
    for pair in pairs:
        a, b = sorted(names.index(name) for name in pair)
        laws = known[pair].laws if pair in known else {}
        sides = [device.regions[r].material.species for r in (a, b)]
        both = [name for name in CARRIERS if all(name in side for side in sides)]
        passes = any(not isinstance(laws.get(name), Blocking) for name in both)
        yield a, b, passes, f"{names[a]} | {names[b]}"


def ends_of(device: Device) -> dict[str, tuple[int, Contact]]:
    """Return the region and the record of both contacts, by name."""
    gate, channel = device.ends
    return {"gate": (gate, device.gate), "channel": (channel, device.channel)}


def chains(device: Device) -> list[Chain]:
    """Return the chains of a device."""
    joints = list(touching(device))
    left = {r for r, region in enumerate(device.regions) if has_ohmic_electrons(region)}
    ohmic, found = frozenset(left), []
    while left:
        own = {left.pop()}
        while more := {b for a, b in both_ways(joints) if a in own and b in ohmic} - own:
            own |= more
        left -= own
        beside = {b for a, b in both_ways(joints) if a in own} - own
        stopped = [f"the interface {name}" for a, b, pass_, name in joints if not pass_ and own & {a, b}]
        metals = set()
        for name, (region, contact) in ends_of(device).items():
            if region in own and contact.takes_electrons:
                metals.add(name)
            elif region in own:
                stopped.append(f"the {contact.kind} {name} contact")
        found.append(Chain(frozenset(own), frozenset(beside), frozenset(metals), tuple(stopped)))
    return found


def both_ways(joints: list[tuple[int, int, bool, str]]) -> list[tuple[int, int]]:
    """Return the pairs of regions between which electrons pass, either region first."""
    passing = [(a, b) for a, b, passes, _ in joints if passes]
    return passing + [(b, a) for a, b in passing]


def idle(device: Device) -> frozenset[int]:
    """Return the regions of a stack whose ohmic electrons reach at most one thing and so carry nothing.

    In a section a region can lead electrons along one and the same neighbour, in parallel to it.
    """
    if device.section is not None:
        return frozenset()
    return frozenset(r for chain in chains(device) if chain.reached < 2 for r in chain.regions)


def closed(device: Device, number: int) -> bool:
    """Return whether nothing flows between a region of a stack and its neighbours, and one contact alone touches it:
    electrons that reach nothing else (`idle`) only take its level."""
    ends, left_out = [region for region, _ in ends_of(device).values()], idle(device)
    joints = [passes for a, b, passes, _ in touching(device) if number in (a, b) and not left_out & {a, b}]
    return device.section is None and ends.count(number) == 1 and not any(joints)


def fieldless_films(device: Device) -> dict[str, int]:
    """Return the semiconductors behind a metal that ends no field, by the name of the contact."""
    found = {}
    for side, (number, contact) in ends_of(device).items():
        material = device.regions[number].material
        if contact.level == "electron" and not contact.ends_field(material) and bands(material):
            found[side] = number
    return found


def sealed_films(device: Device) -> dict[str, int]:
    """Return those whose charge only their metal changes: nothing passes between them and what they lie on, and they
    hold nothing but carriers."""
    return {
        side: number
        for side, number in fieldless_films(device).items()
        if len(device.regions[number].material.species) == len(bands(device.regions[number].material))
        and closed(device, number)
    }
