"""Flows through one contact face, out of the device, with their slopes against the cell.

They know the terminal's voltage by its difference to the cell's potential only, so those against it need not be kept.
A contact is a row [kind, parameters...]: the kind is the number of its record, the parameters are what its record says
of the face (`eisfv.model.contacts`). ValueError on an unknown kind.
"""

from math import expm1, log

from numba import njit

from eisfv.equations.local import FEWEST
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.model import contacts
from eisfv.physics.bernoulli import EXPONENT_MAX, capped_exp
from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.hopping import hopping_factor
from eisfv.physics.level_flux import level_flux
from eisfv.physics.open_circuit import electron_excess
from eisfv.physics.statistics import ABSENT, OHMIC, stores
from eisfv.physics.transfer import CONTINUOUS, transfer

OHMIC_CONTACT = contacts.OhmicContact.number
BLOCKING_CONTACT = contacts.BlockingContact.number
REACTIVE_CONTACT = contacts.ReactiveContact.number
BATH_CONTACT = contacts.BathContact.number
REVERSIBLE_CONTACT = contacts.ReversibleContact.number
INSULATING_CONTACT = contacts.InsulatingContact.number
RESISTIVE_CONTACT = contacts.ResistiveContact.number

LEAST = 1e-290  # mol/m3, so that the logarithm of what is left is a number


@njit(cache=True, error_model="numpy")
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
    elif kind == BATH_CONTACT:
        add_bath(t, u, b, cell, voltage, dh, slopes, a)
    elif kind in (REACTIVE_CONTACT, REVERSIBLE_CONTACT):
        add_reactive(t, u, b, cell, voltage, dh, slopes, a)
    elif kind == RESISTIVE_CONTACT and t.kind[t.region[cell], t.electron[0]] == ABSENT:
        return  # its electrons reach nothing and are left out
    elif kind == RESISTIVE_CONTACT:
        add_level(t, u, cell, t.electron[0], voltage, t.contact[b, 1], dh, slopes, a)
    elif kind != BLOCKING_CONTACT and kind != INSULATING_CONTACT:
        raise ValueError("a contact of an unknown kind")


@njit(cache=True, error_model="numpy")
def add_ohmic(t, u, b, cell, voltage, dh, slopes, a):
    """Electrons to the Fermi level of the metal over the half cell.

        host         N = g D [B(d) c - B(-d) n],   d = -L - ln(n/c),   n = max(c, z c_ion + background)
        electrolyte  N = g D c (1 - e^-L)

        N  flow out of the device, mol/s; g area over the half cell, m; L level above the metal's, RT

    At the metal there are as many electrons as leave a host neutral there: a neutral cell conducts g D c L however
    large L is, and an emptied one is refilled.
    """
    s = t.electron[0]
    region = t.region[cell]
    aspect = t.contact_aspect[b]
    law = a.local
    if t.kind[region, s] == OHMIC:
        add_level(t, u, cell, s, voltage, aspect * t.conduct[region, s], dh, slopes, a)
    if not stores(t.kind[region, s]):  # ohmic, or left out because they carry nothing
        return
    level, ion = above_metal(t, u, cell, s, voltage, law), t.ion[region]
    inside, diffusivity = max(law.concentration[cell, s], LEAST), law.diffusivity[cell, s]
    by_ion = 0.0
    if ion < 0:
        ease = aspect * diffusivity * inside * capped_exp(-level)
        by_inside = aspect * diffusivity * -expm1(min(-level, EXPONENT_MAX))
        flow = by_inside * inside
    else:
        metal, by_neutral = at_metal(t, law, cell, region, ion, inside)
        add_field(t, u, cell, voltage, metal, by_neutral, aspect, slopes, a)
        flux, by_fall, by_inside, by_metal, by_d = level_flux(inside, metal, -level, -level - log(metal / inside))
        flow, ease = aspect * diffusivity * flux, -aspect * diffusivity * (by_fall + by_d)
        by_inside += by_metal if metal == inside else by_d / inside
        by_inside *= aspect * diffusivity
        by_ion = aspect * diffusivity * (by_metal - by_d / metal) * by_neutral
    leave(a, cell, s, flow, dh)
    if not slopes:
        return
    leveled = t.follow[region, of_species(s)] != 0.0
    if not leveled:
        leave_slope(a, cell, s, POTENTIAL, ease * t.charge[s])
    leave_slope(a, cell, s, of_species(s), ease)
    for q in range(t.follow.shape[1]):
        slope = by_inside * law.d_concentration[cell, s, q]
        if diffusivity > 0.0:
            slope += flow / diffusivity * law.d_diffusivity[cell, s, q]
        if by_ion != 0.0:
            slope += by_ion * law.d_concentration[cell, ion, q]
        if not leveled:
            slope += ease * law.d_mu[cell, s, q]
        leave_slope(a, cell, s, q, slope)


@njit(cache=True, error_model="numpy")
def at_metal(t, law, cell, region, ion, inside):
    """Return how many electrons (mol/m3) a host holds at the metal, and their slope against the ions of the cell."""
    neutral = t.charge[ion] * law.concentration[cell, ion] + t.background[region] * t.density[region, ion]
    least = FEWEST * t.density[region, ion]  # a metal never runs short of electrons
    if inside >= max(neutral, least):
        return inside, 0.0
    return max(neutral, least), float(t.charge[ion]) if neutral > least else 0.0


@njit(cache=True, error_model="numpy")
def add_field(t, u, cell, voltage, metal, by_neutral, aspect, slopes, a):
    """Add the displacement of the half cell to Gauss' law: from the potential of the cell to that at the metal, where
    the electrons, `metal` of them, are at its Fermi level. A cell that has lost its electrons screens nothing."""
    s, region, law = t.electron[0], t.region[cell], a.local
    z, ease = t.charge[s], t.permittivity[region] * aspect
    if metal == law.concentration[cell, s]:  # as in the cell
        chemical = above_metal(t, u, cell, s, 0.0, law) - z * u[cell, POTENTIAL]
    else:
        excess, by_log = electron_excess(t.curve[region], log(metal / t.density[region, t.ion[region]]))
        chemical = t.mu0[region, s] + log(metal / t.density[region, s]) + excess
    a.residual[cell, POTENTIAL] -= ease * (voltage - chemical / z - u[cell, POTENTIAL])
    if not slopes:
        return
    storage, leveled = a.slopes.storage, t.follow[region, of_species(s)] != 0.0
    if metal == law.concentration[cell, s]:
        storage[cell, POTENTIAL, of_species(s)] += ease / z
        for q in range(t.follow.shape[1]):
            if not leveled:
                storage[cell, POTENTIAL, q] += ease / z * law.d_mu[cell, s, q]
        if not leveled:
            storage[cell, POTENTIAL, POTENTIAL] += ease
        return
    storage[cell, POTENTIAL, POTENTIAL] += ease
    if by_neutral != 0.0:
        by_ion = ease / z * (1.0 + by_log) / metal * by_neutral
        for q in range(t.follow.shape[1]):
            storage[cell, POTENTIAL, q] += by_ion * law.d_concentration[cell, t.ion[region], q]


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy", inline="always")
def above_metal(t, u, cell, s, voltage, law):
    """Return the electrochemical potential of a species above that of the metal, RT."""
    z, row = t.charge[s], of_species(s)
    if t.follow[t.region[cell], row] != 0.0:
        return u[cell, row] - z * voltage
    return u[cell, row] + law.mu[cell, s] + z * (u[cell, POTENTIAL] - voltage)


@njit(cache=True, error_model="numpy")
def add_level(t, u, cell, s, voltage, ease, dh, slopes, a):
    """A flow in proportion to the level of a species above the metal's."""
    leave(a, cell, s, ease * above_metal(t, u, cell, s, voltage, a.local), dh)
    if not slopes:
        return
    leave_slope(a, cell, s, of_species(s), ease)
    if t.follow[t.region[cell], of_species(s)] == 0.0:
        leave_slope(a, cell, s, POTENTIAL, ease * t.charge[s])
        for q in range(t.follow.shape[1]):
            leave_slope(a, cell, s, q, ease * a.local.d_mu[cell, s, q])


@njit(cache=True, error_model="numpy")
def add_bath(t, u, b, cell, voltage, dh, slopes, a):
    """Every ion exchanges with the same phase at a fixed composition over half a cell."""
    region = t.region[cell]
    law, bath = a.local, a.bath
    drop = voltage - u[cell, POTENTIAL]
    for s in range(t.charge.size):
        if not stores(t.kind[region, s]):
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
        d = z * drop + bath.mu[b, s] - law.mu[cell, s]
        flux, by_c, by_f, _, _, by_d = exchange_flux(
            law.concentration[cell, s], law.free[cell, s], bath.concentration[b, s], bath.free[b, s], d
        )
        leave(a, cell, s, mobility * flux, dh)
        if not slopes:
            continue
        by_drop = mobility * by_d * z + by_factor * flux
        leave_slope(a, cell, s, POTENTIAL, -by_drop)
        for q in range(t.follow.shape[1]):
            slope = mobility * (
                by_c * law.d_concentration[cell, s, q] + by_f * law.d_free[cell, s, q] - by_d * law.d_mu[cell, s, q]
            )
            slope += 0.5 * aspect * flux * law.d_diffusivity[cell, s, q]
            leave_slope(a, cell, s, q, slope)


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy", inline="always")
def leave(a, cell, s, flow, dh):
    """Add a flow of species s out of the device."""
    a.residual[cell, of_species(s)] += dh * flow


@njit(cache=True, error_model="numpy", inline="always")
def leave_slope(a, cell, s, column, slope):
    """Add the slope of such a flow against one unknown of the cell."""
    a.slopes.transport.diagonal[cell, of_species(s), column] += slope
