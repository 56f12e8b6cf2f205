"""Contacts as arrays, one row per contact face."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.bulk import ideal_potentials
from eisfv.device.device import Device
from eisfv.device.joints import CONTINUITY, composition, half_distances
from eisfv.device.regions import RegionTables
from eisfv.device.tables import (
    BATH_CONTACT,
    BLOCKING_CONTACT,
    INSULATING_CONTACT,
    OHMIC_CONTACT,
    REACTIVE_CONTACT,
    Floats,
    Ints,
)
from eisfv.mesh.records import GATE, Mesh
from eisfv.model.contacts import BathContact, BlockingContact, InsulatingContact, OhmicContact, ReactiveContact
from eisfv.model.regions import Initial, Region
from eisfv.physics.butler_volmer import exchange_activity

KINDS = {
    OhmicContact: OHMIC_CONTACT,
    BlockingContact: BLOCKING_CONTACT,
    ReactiveContact: REACTIVE_CONTACT,
    BathContact: BATH_CONTACT,
    InsulatingContact: INSULATING_CONTACT,
}


class ContactTables(NamedTuple):
    """The arrays of `Tables` that belong to contacts; meanings and units there."""

    contact_kind: Ints
    contact_cell: Ints
    terminal: Ints
    contact_shape: Floats
    contact_distance: Floats
    contact_capacity: Floats
    contact_zero: Floats
    contact_ion: Ints
    contact_rate: Floats
    contact_alpha: Floats
    contact_level: Floats


def contact_tables(
    device: Device, mesh: Mesh, names: Sequence[str], regions: RegionTables, bulk: Floats
) -> ContactTables:
    """Return the contacts of a device."""
    count = len(mesh.contact_cell)
    kinds = np.zeros(count, np.int64)
    shape, distance, capacity, zero, rate = np.zeros((5, count))
    ion = np.full(count, -1, np.int64)
    alpha = np.full(count, 0.5)
    level = np.zeros((count, len(names)))
    volt = thermal_voltage(device.temperature)
    rt_f2 = GAS_CONSTANT * device.temperature / FARADAY**2
    nearest = half_distances(mesh)
    for b in range(count):
        contact = device.gate if mesh.terminal[b] == GATE else device.channel
        r = int(mesh.region[mesh.contact_cell[b]])
        region = device.regions[r]
        area, half = mesh.contact_area[b], mesh.contact_distance[b]
        kinds[b] = KINDS[type(contact)]
        # At a surface node electrons meet the metal over a film as thin as that of a continuous interface.
        distance[b] = half if half > 0.0 else CONTINUITY * nearest[mesh.contact_cell[b]]
        shape[b] = area / distance[b]
        # Half a cell of dielectric in series with the compact layer, when there is one.
        dielectric = region.material.relative_permittivity * VACUUM_PERMITTIVITY
        if isinstance(contact, BlockingContact):
            compact = 1.0 / contact.stern_capacitance if contact.stern_capacitance is not None else 0.0
            if half == 0.0 and compact == 0.0:  # a bare surface node: potential continuous
                half = distance[b]
            capacity[b] = area * rt_f2 / (half / dielectric + compact)
            zero[b] = contact.zero_charge_voltage / volt
        elif isinstance(contact, BathContact):
            capacity[b] = area * rt_f2 * dielectric / half * (not region.material.electroneutral)
            level[b] = bath_levels(region, contact, names)
        elif isinstance(contact, ReactiveContact):
            electrode = contact.electrode
            ion[b] = names.index(electrode.ion)
            layer = contact.stern_capacitance if contact.stern_capacitance is not None else dielectric / distance[b]
            capacity[b] = area * rt_f2 * layer
            zero[b] = electrode.potential / volt
            level[b, ion[b]] = -electrode.charge * electrode.potential / volt
            alpha[b] = contact.law.alpha
            theta, free = composition(device, regions, bulk, r, int(ion[b]), contact.law.at_x)
            activity = exchange_activity(theta, free, 1.0, 1.0, float(contact.law.alpha))
            current = contact.law.exchange(device.temperature)
            rate[b] = current / (electrode.charge * FARADAY * activity) * area
    return ContactTables(
        kinds, mesh.contact_cell, mesh.terminal, shape, distance, capacity, zero, ion, rate, alpha, level
    )


def bath_levels(region: Region, contact: BathContact, names: Sequence[str]) -> Floats:
    """Return y of every species in a bath of the region's own phase."""
    initial = Initial(region.initial.x, {**region.initial.concentration, **contact.concentration})
    return ideal_potentials(replace(region, initial=initial), names)
