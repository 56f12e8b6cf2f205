"""Planes that adsorb ions: the surface nodes of a region at an interface or a contact, with laws of their own.

To the kernels a plane is one more row of the regions' laws, that of the region it bounds and the adsorbed species
beside it as `bound` ones; its nodes store. Where they store nothing else they are so thin that the free ions in them,
1e-13 mol/m2 of 1e4 mol/m3, are lost beside what a plane adsorbs, and no time step is measured by them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import get_args, get_type_hints

import numpy as np

from eisfv.device.bulk import NONE
from eisfv.device.device import Device
from eisfv.device.regions import RegionTables
from eisfv.device.tables import Floats, Ints, Tables
from eisfv.mesh.records import CHANNEL, GATE, Mesh
from eisfv.model.adsorption import Adsorption
from eisfv.model.interfaces import Interface
from eisfv.physics.statistics import LATTICE

THICKNESS = 1e-17  # m
OF_REGIONS = "rdkh"  # letters of `Tables` of the arrays that have a row for every region


@dataclass(frozen=True)
class Plane:
    """name; region: number of the one it bounds; sites by the name of the adsorbed species; other: number of the region
    behind the interface, None at a contact; terminal: GATE or CHANNEL, -1 at an interface."""

    name: str
    region: int
    sites: Mapping[str, Adsorption]
    other: int | None = None
    terminal: int = -1

    def nodes(self, mesh: Mesh) -> tuple[Ints, Floats]:
        """Return the surface nodes of the plane and their areas (m2)."""
        if self.other is None:
            at = mesh.terminal == self.terminal
            return mesh.contact_cell[at], mesh.contact_area[at]
        left, right = mesh.region[mesh.left], mesh.region[mesh.right]
        first, second = min(self.region, self.other), max(self.region, self.other)
        touching = (np.minimum(left, right) == first) & (np.maximum(left, right) == second)
        joint = np.flatnonzero((mesh.interface >= 0) & touching)
        own = np.where(left[joint] == self.region, mesh.left[joint], mesh.right[joint])
        return own, mesh.area[joint]


def planes(device: Device) -> tuple[Plane, ...]:
    """Return the planes of a device, in the order of its interfaces, then those of the contacts."""
    names = [region.name for region in device.regions]
    found = []
    for interface in device.interfaces:
        for own, other in (interface.between, interface.between[::-1]):
            sites = {name: law for name, law in interface.adsorbed.items() if side_of(device, interface, law) == own}
            if sites:
                found.append(Plane(f"{own} | {other}", names.index(own), sites, names.index(other)))
    for contact, number, terminal, side in zip(
        (device.gate, device.channel), device.ends, (GATE, CHANNEL), ("gate", "channel contact"), strict=True
    ):
        if contact.sites():
            found.append(Plane(f"{names[number]} | {side}", number, contact.sites(), terminal=terminal))
    return tuple(found)


def side_of(device: Device, interface: Interface, law: Adsorption) -> str:
    """Return the region on whose side of an interface the sites of a law are."""
    if law.region is not None:
        return law.region
    known = [region.name for region in device.regions if law.of in region.material.species]
    return next(name for name in interface.between if name in known)


def with_planes(
    device: Device, mesh: Mesh, names: Sequence[str], regions: RegionTables, bulk: Floats, volume: Floats
) -> tuple[RegionTables, Floats, Ints, Floats, Ints]:
    """Return laws, y in the bulk, the row of laws of each cell and the volumes that store (m3), with the planes, and
    which rows are thin ones."""
    row_of, volume, traps = mesh.region.copy(), volume.copy(), [regions.trap]
    bounded = [plane.region for plane in planes(device)]
    hints = get_type_hints(Tables, include_extras=True)
    rows = {
        name: np.concatenate([array, array[bounded]])
        for name, array in regions._asdict().items()
        if get_args(hints[name])[1][0] in OF_REGIONS and len(array)
    }
    bulk = np.concatenate([bulk, bulk[bounded]])
    thin = np.zeros(len(bulk), np.int64)
    for row, plane in enumerate(planes(device), len(device.regions)):
        cells, areas = plane.nodes(mesh)
        row_of[cells] = row
        thin[row] = int(not volume[cells].any())
        volume[cells] = np.maximum(volume[cells], areas * THICKNESS)
        thickness = float(volume[cells[0]] / areas[0])
        for name, law in plane.sites.items():
            s, ion = names.index(name), names.index(law.of)
            regions.charge[s] = regions.charge[ion]
            rows["kind"][row, s] = LATTICE
            rows["density"][row, s] = law.sites / thickness
            rows["sublattice"][row, s] = rows["sublattice"][row].max() + 1
            share = law.coverage or NONE
            bulk[row, s] = log(share) - log(1.0 - share)
            capture, release = law.rates(device.temperature)
            traps.append(np.array([[row, ion, s, capture / thickness, release, 0.0, np.inf]]))
    return regions._replace(**rows, trap=np.concatenate(traps)), bulk, row_of, volume, thin
