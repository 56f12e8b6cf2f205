"""Contacts as arrays, one row per contact face: what a contact's record says of the face that it lies on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.bulk import ideal_potentials
from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.interfaces import CONTINUITY, composition, half_distances, rate_constant, through
from eisfv.device.regions import RegionTables
from eisfv.device.tables import Floats, Ints, padded
from eisfv.mesh.records import GATE, Mesh
from eisfv.model.contact_kind import BandOnFace
from eisfv.model.interface_laws import Kinetic
from eisfv.model.regions import Initial, Region
from eisfv.physics.transfer import transfer_row


@dataclass(frozen=True)
class ContactFace:
    """One face of a contact, as its record asks for it.

    bulk, meant (regions, species): y of the neutral bulk, and where exchange currents are meant, RT
    area m2; half: from the cell's point to the metal, 0 at a surface node, m; film: the same, but never zero, m;
    temperature K
    """

    device: Device
    regions: RegionTables
    names: Sequence[str]
    bulk: Floats
    meant: Floats
    number: int
    area: float
    half: float
    film: float

    @property
    def temperature(self) -> float:
        """Return the temperature of the device."""
        return self.device.temperature

    @property
    def volt(self) -> float:
        """Return RT/F in V."""
        return thermal_voltage(self.device.temperature)

    @property
    def region(self) -> Region:
        """Return the region behind the contact."""
        return self.device.regions[self.number]

    @property
    def permittivity(self) -> float:
        """Return the permittivity of the region in F/m."""
        return self.region.material.relative_permittivity * VACUUM_PERMITTIVITY

    def layer(self, capacitance: float) -> float:
        """Return C A RT/F^2 (mol) of a capacitance per area (F/m2)."""
        return capacitance * self.area * GAS_CONSTANT * self.temperature / FARADAY**2

    def ease(self, conductance: float) -> float:
        """Return the flow (mol/s per RT) of charge through a conductance per area (S/m2)."""
        return conductance * self.area * GAS_CONSTANT * self.temperature / FARADAY**2

    def species(self, name: str) -> int:
        """Return the number of a species."""
        return self.names.index(name)

    def chemical(self, name: str) -> float:
        """Return the chemical potential (RT) of a species in the neutral bulk of the region."""
        s = self.species(name)
        return float(self.bulk[self.number, s] + self.regions.mu0[self.number, s])

    def levels(self, concentration: Mapping[str, float]) -> Mapping[str, float]:
        """Return y of every species in a phase like the region's, of other concentrations (mol/m3)."""
        region = self.region
        bath = replace(region, initial=Initial(region.initial.x, {**region.initial.concentration, **concentration}))
        return dict(zip(self.names, ideal_potentials(bath, self.names, self.temperature).tolist(), strict=True))

    def passing(self, species: int) -> tuple[float, ...]:
        """Return the rate (mol/s) and the row of a species that passes freely, through a film as thin as that of a
        continuous interface."""
        rate = self.area * through(self.device, self.regions, self.number, species, self.film)
        return (rate, *transfer_row("continuous"))

    def bands(self) -> Mapping[str, BandOnFace]:
        """Return the bands of the region by the name of their carriers."""
        found = bands(self.region.material)
        return {
            name: BandOnFace(band.filling, band.charge, float(self.regions.mu0[self.number, self.species(name)]))
            for name, band in found.items()
        }

    def transfer(self, law: Kinetic, species: int, charge: int) -> tuple[float, ...]:
        """Return k0 A (mol/s) and the row of a law between the region and a metal of unit activity."""
        row = transfer_row(law.law, law.parameters(self.temperature))
        here = composition(self.device, self.regions, self.meant, self.number, species, law.at_x)
        return (rate_constant(row, law.exchange(self.temperature), charge, here, (1.0, 1.0)) * self.area, *row)


class ContactTables(NamedTuple):
    """The arrays of `Tables` that belong to contacts; meanings and units there."""

    contact: Floats
    contact_cell: Ints
    terminal: Ints
    contact_aspect: Floats
    contact_distance: Floats
    contact_layer: Floats
    contact_zero: Floats
    contact_level: Floats


def contact_tables(
    device: Device, mesh: Mesh, names: Sequence[str], regions: RegionTables, bulk: Floats, meant: Floats
) -> ContactTables:
    """Return the contacts of a device."""
    count = len(mesh.contact_cell)
    distance, layer, zero = np.zeros((3, count))
    level = np.zeros((count, len(names)))
    nearest = half_distances(mesh)
    rows: list[Floats] = []
    for b in range(count):
        contact = device.gate if mesh.terminal[b] == GATE else device.channel
        cell, half = mesh.contact_cell[b], float(mesh.contact_distance[b])
        # At a surface node electrons meet the metal over a film as thin as that of a continuous interface.
        distance[b] = half if half > 0.0 else CONTINUITY * nearest[cell]
        face = ContactFace(
            device,
            regions,
            names,
            bulk,
            meant,
            int(mesh.region[cell]),
            float(mesh.contact_area[b]),
            half,
            float(distance[b]),
        )
        found = contact.on(face)
        layer[b], zero[b] = found.layer, found.zero
        for name, value in found.levels.items():
            level[b, face.species(name)] = value
        rows.append(np.array([float(contact.number), *found.parameters]))
    return ContactTables(
        padded(rows, 3),  # the kernel of an ohmic contact looks for a loss, ion and k A, behind the kind
        mesh.contact_cell,
        mesh.terminal,
        mesh.contact_area / distance,
        distance,
        layer,
        zero,
        level,
    )
