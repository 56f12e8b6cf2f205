"""Flows through one contact face, out of the device, with their slopes against the cell.

They know the terminal's voltage by its difference to the cell's potential only, so those against it need not be kept.
A contact is a row [kind, parameters...]: the kind is the number of its record, the parameters are what its record says
of the face (`eisfv.model.contacts`). ValueError on an unknown kind.
"""

from math import log

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.electrons_at_metals import add_level, add_ohmic, leave, leave_slope
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.model import contacts
from eisfv.model.exchanging_contact import ReversibleContact
from eisfv.model.injecting_contact import InjectingContact
from eisfv.physics.enhanced_diffusion import enhancement
from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.hopping import hopping_factor
from eisfv.physics.statistics import ABSENT, DILUTE, LATTICE, OHMIC, stores
from eisfv.physics.transfer import CONTINUOUS, transfer

OHMIC_CONTACT = contacts.OhmicContact.number
BLOCKING_CONTACT = contacts.BlockingContact.number
REACTIVE_CONTACT = contacts.ReactiveContact.number
BATH_CONTACT = contacts.BathContact.number
REVERSIBLE_CONTACT = ReversibleContact.number
INJECTING_CONTACT = InjectingContact.number
INSULATING_CONTACT = contacts.InsulatingContact.number
RESISTIVE_CONTACT = contacts.ResistiveContact.number


@apart(none)
@kernel
def add_contact(t, u, b, voltage, dh, slopes, a):
    """Add the contact face b at a terminal voltage (RT/F)."""
    cell, kind = t.contact_cell[b], int(t.contact[b, 0])
    layer = t.contact_layer[b]
    if layer > 0.0:
        a.residual[cell, POTENTIAL] -= layer * (voltage - t.contact_zero[b] - u[cell, POTENTIAL])
        if slopes:
            a.slopes.storage[cell, POTENTIAL, POTENTIAL] += layer
    if kind == OHMIC_CONTACT:
        add_ohmic(t, u, b, cell, voltage, dh, slopes, a)
        if t.contact[b, 2] > 0.0:
            add_loss(t, int(t.contact[b, 1]), cell, t.contact[b, 2], dh, slopes, a)
    elif kind in (BATH_CONTACT, INJECTING_CONTACT):
        add_bath(t, u, b, cell, voltage, dh, slopes, a)
    elif kind in (REACTIVE_CONTACT, REVERSIBLE_CONTACT):
        add_reactive(t, u, b, cell, voltage, dh, slopes, a)
    elif kind == RESISTIVE_CONTACT and t.kind[t.region[cell], t.electron[0]] == ABSENT:
        return  # its electrons reach nothing and are left out
    elif kind == RESISTIVE_CONTACT:
        add_level(t, u, cell, t.electron[0], voltage, t.contact[b, 1], dh, slopes, a)
    elif kind != BLOCKING_CONTACT and kind != INSULATING_CONTACT:
        raise ValueError("a contact of an unknown kind")


@apart(none)
@kernel
def add_loss(t, ion, cell, ease, dh, slopes, a):
    """Atoms that leave a host for good, an ion with its electrons each; ease: k A (m3/s)."""
    electron, z = t.electron[0], t.charge[ion]
    law = a.local
    atoms = ease * law.concentration[cell, ion]
    leave(a, cell, ion, atoms, dh)
    leave(a, cell, electron, z * atoms, dh)
    if slopes:
        for q in range(t.follow.shape[1]):
            slope = ease * law.d_concentration[cell, ion, q]
            leave_slope(a, cell, ion, q, slope)
            leave_slope(a, cell, electron, q, z * slope)


@apart(none)
@kernel
def add_bath(t, u, b, cell, voltage, dh, slopes, a):
    """Every species exchanges with the same phase at a fixed composition over half a cell, by the law of the faces
    inside, enhanced diffusion included, so that a cell that a field has emptied fills again; at an injecting metal the
    carriers that its row names do."""
    region = t.region[cell]
    law, bath = a.local, a.bath
    drop = voltage - t.contact_zero[b] - u[cell, POTENTIAL]
    injecting = int(t.contact[b, 0]) == INJECTING_CONTACT
    for s in range(t.charge.size):
        if not stores(t.kind[region, s]) or (injecting and s != int(t.contact[b, 1]) and s != int(t.contact[b, 2])):
            continue
        z = t.charge[s]
        aspect, by_factor = t.contact_aspect[b], 0.0
        mean = 0.5 * (law.diffusivity[cell, s] + bath.diffusivity[b, s])
        if t.hop[region, s] != 0.0:
            length = t.hop[region, s] / t.contact_distance[b]
            factor, factor_slope = hopping_factor(length * drop, t.hop_limit[region, s], t.hop_threshold[region, s])
            by_factor = aspect * mean * factor_slope * length
            aspect *= factor
        mobility = aspect * mean
        excess, ideal, row = bath.mu[b, s] - law.mu[cell, s], 0.0, of_species(s)
        d, e, e_excess, e_ideal = z * drop + excess, 1.0, 0.0, 0.0
        if t.follow[region, row] == 0.0 and t.kind[region, s] in (DILUTE, LATTICE) and bath.concentration[b, s] > 0.0:
            ideal = log(bath.concentration[b, s] / (t.density[region, s] * bath.free[b, s])) - u[cell, row]
            e, e_excess, e_ideal = enhancement(excess, ideal)
            d = (d - (e - 1.0) * ideal) / e
        flux, by_c, by_f, _, _, by_d = exchange_flux(
            law.concentration[cell, s], law.free[cell, s], bath.concentration[b, s], bath.free[b, s], d
        )
        by_e = flux - by_d * (d + ideal)
        by_excess, by_ideal = by_d + by_e * e_excess, by_e * e_ideal - by_d * (e - 1.0)
        flux, by_c, by_f = e * flux, e * by_c, e * by_f
        leave(a, cell, s, mobility * flux, dh)
        if not slopes:
            continue
        by_drop = mobility * by_d * z + by_factor * flux
        leave_slope(a, cell, s, POTENTIAL, -by_drop)
        leave_slope(a, cell, s, row, -mobility * by_ideal)
        for q in range(t.follow.shape[1]):
            slope = mobility * (
                by_c * law.d_concentration[cell, s, q]
                + by_f * law.d_free[cell, s, q]
                - by_excess * law.d_mu[cell, s, q]
            )
            slope += 0.5 * aspect * flux * law.d_diffusivity[cell, s, q]
            leave_slope(a, cell, s, q, slope)


@apart(none)
@kernel
def add_reactive(t, u, b, cell, voltage, dh, slopes, a):
    """A kinetic law between the surface node and a metal in which the ion has a fixed activity; the metal holds the
    electrons that leak through the electrolyte. Parameters: ion, k0 A, row of the law."""
    row = t.contact[b]
    s, rate, transfer_row = int(row[1]), row[2], row[3:]
    region = t.region[cell]
    law = a.local
    e = t.electron[0]
    if e >= 0 and t.kind[region, e] == OHMIC:
        add_level(t, u, cell, e, voltage, t.contact_aspect[b] * t.conduct[region, e], dh, slopes, a)
    z = t.charge[s]
    density = t.density[region, s]
    affinity = law.mu[cell, s] + z * (u[cell, POTENTIAL] - voltage) - t.contact_level[b, s]
    theta, free = law.concentration[cell, s] / density, law.free[cell, s]
    if int(transfer_row[0]) == CONTINUOUS:
        flux, by_theta, by_free, _, _, by_a = exchange_flux(theta, free, 1.0, 1.0, -affinity)
        by_a = -by_a
    else:
        flux, by_theta, by_free, _, _, by_a = transfer(transfer_row, theta, free, 1.0, 1.0, affinity)
    leave(a, cell, s, rate * flux, dh)
    if not slopes:
        return
    leave_slope(a, cell, s, POTENTIAL, rate * by_a * z)
    for q in range(t.follow.shape[1]):
        slope = rate * (
            by_theta / density * law.d_concentration[cell, s, q]
            + by_free * law.d_free[cell, s, q]
            + by_a * law.d_mu[cell, s, q]
        )
        leave_slope(a, cell, s, q, slope)
