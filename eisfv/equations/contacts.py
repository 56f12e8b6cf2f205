"""Flows through one contact face, out of the device, with their slopes against the cell.

They know the terminal's voltage by its difference to the cell's potential only, so those against it need not be kept.
"""

from numba import njit

from eisfv.device.tables import BATH_CONTACT, OHMIC_CONTACT, REACTIVE_CONTACT
from eisfv.physics.bernoulli import capped_exp
from eisfv.physics.butler_volmer import butler_volmer
from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.hopping import hopping_factor
from eisfv.physics.statistics import DILUTE, LATTICE, OHMIC


@njit(cache=True, error_model="numpy")
def add_contact(t, u, b, voltage, dh, slopes, a):
    """Add the contact face b at a terminal voltage (RT/F)."""
    cell, kind = t.contact_cell[b], t.contact_kind[b]
    capacity = t.contact_capacity[b]
    if capacity > 0.0:
        charge = capacity * (voltage - t.contact_zero[b] - u[cell, 0])
        a.residual[cell, 0] -= charge
        if slopes:
            a.diagonal[cell, 0, 0] += capacity
    if kind == OHMIC_CONTACT:
        add_ohmic(t, u, b, cell, voltage, dh, slopes, a)
    elif kind == BATH_CONTACT:
        add_bath(t, u, b, cell, voltage, dh, slopes, a)
    elif kind == REACTIVE_CONTACT:
        add_reactive(t, u, b, cell, voltage, dh, slopes, a)


@njit(cache=True, error_model="numpy")
def add_ohmic(t, u, b, cell, voltage, dh, slopes, a):
    """Electrons to the Fermi level of the metal over the half cell's conductance; no field at the metal."""
    s = t.electron[0]
    region = t.region[cell]
    z = t.charge[s]
    shape = t.contact_shape[b]
    law = a.local
    level = u[cell, 1 + s] + law.mu[cell, s] + z * (u[cell, 0] - voltage)
    if t.kind[region, s] == OHMIC:
        add_level(cell, s, z, shape * t.conduct[region, s], level, dh, slopes, a)
        return
    # Without a field the half cell carries D (c - c_metal)/h: an emptied cell is refilled from the metal.
    inside = law.concentration[cell, s]
    outside = inside * capped_exp(-level)
    leave(a.residual, cell, s, shape * law.diffusivity[cell, s] * (inside - outside), dh)
    if not slopes:
        return
    ease = shape * law.diffusivity[cell, s] * outside
    share = shape * (1.0 - capped_exp(-level))
    leave_slope(a.diagonal, cell, s, 0, ease * z, dh)
    for o in range(t.charge.size):
        slope = ease * law.d_mu[cell, s, o] + share * (
            law.d_diffusivity[cell, s, o] * inside + law.diffusivity[cell, s] * law.d_concentration[cell, s, o]
        )
        leave_slope(a.diagonal, cell, s, 1 + o, slope + (ease if o == s else 0.0), dh)


@njit(cache=True, error_model="numpy")
def add_level(cell, s, z, ease, level, dh, slopes, a):
    """A flow in proportion to the level of a species above the metal's."""
    leave(a.residual, cell, s, ease * level, dh)
    if slopes:
        leave_slope(a.diagonal, cell, s, 0, ease * z, dh)
        leave_slope(a.diagonal, cell, s, 1 + s, ease, dh)


@njit(cache=True, error_model="numpy")
def add_bath(t, u, b, cell, voltage, dh, slopes, a):
    """Every ion exchanges with the same phase at a fixed composition over half a cell."""
    region = t.region[cell]
    law, bath = a.local, a.bath
    drop = voltage - u[cell, 0]
    for s in range(t.charge.size):
        kind = t.kind[region, s]
        if kind != DILUTE and kind != LATTICE:
            continue
        z = t.charge[s]
        shape, by_factor = t.contact_shape[b], 0.0
        mean = 0.5 * (law.diffusivity[cell, s] + bath.diffusivity[b, s])
        if t.hop[region, s] != 0.0:
            length = t.hop[region, s] / t.contact_distance[b]
            factor, factor_slope = hopping_factor(length * drop, t.hop_limit[region, s])
            by_factor = shape * mean * factor_slope * length
            shape *= factor
        weight = shape * mean
        d = z * drop + bath.mu[b, s] - law.mu[cell, s]
        flux, by_c, by_f, _, _, by_d = exchange_flux(
            law.concentration[cell, s], law.free[cell, s], bath.concentration[b, s], bath.free[b, s], d
        )
        leave(a.residual, cell, s, weight * flux, dh)
        if not slopes:
            continue
        by_drop = weight * by_d * z + by_factor * flux
        leave_slope(a.diagonal, cell, s, 0, -by_drop, dh)
        for o in range(t.charge.size):
            slope = weight * (
                by_c * law.d_concentration[cell, s, o] + by_f * law.d_free[cell, s, o] - by_d * law.d_mu[cell, s, o]
            )
            slope += 0.5 * shape * flux * law.d_diffusivity[cell, s, o]
            leave_slope(a.diagonal, cell, s, 1 + o, slope, dh)


@njit(cache=True, error_model="numpy")
def add_reactive(t, u, b, cell, voltage, dh, slopes, a):
    """Butler-Volmer between the surface node and a metal in which the ion has a fixed activity; the metal holds the
    electrons that leak through the electrolyte."""
    s = t.contact_ion[b]
    region = t.region[cell]
    law = a.local
    e = t.electron[0]
    if e >= 0 and t.kind[region, e] == OHMIC:
        level = u[cell, 1 + e] + law.mu[cell, e] + t.charge[e] * (u[cell, 0] - voltage)
        ease = t.contact_shape[b] * t.conduct[region, e]
        add_level(cell, e, t.charge[e], ease, level, dh, slopes, a)
    z = t.charge[s]
    density = t.density[region, s]
    affinity = law.mu[cell, s] + z * (u[cell, 0] - voltage) - t.contact_level[b, s]
    flux, by_theta, by_free, _, _, by_a = butler_volmer(
        law.concentration[cell, s] / density, law.free[cell, s], 1.0, 1.0, affinity, t.contact_alpha[b]
    )
    rate = t.contact_rate[b]
    leave(a.residual, cell, s, rate * flux, dh)
    if not slopes:
        return
    leave_slope(a.diagonal, cell, s, 0, rate * by_a * z, dh)
    for o in range(t.charge.size):
        slope = rate * (
            by_theta / density * law.d_concentration[cell, s, o]
            + by_free * law.d_free[cell, s, o]
            + by_a * law.d_mu[cell, s, o]
        )
        leave_slope(a.diagonal, cell, s, 1 + o, slope, dh)


@njit(cache=True, error_model="numpy", inline="always")
def leave(residual, cell, s, flow, dh):
    """Add a flow of species s out of the device."""
    residual[cell, 1 + s] += dh * flow


@njit(cache=True, error_model="numpy", inline="always")
def leave_slope(diagonal, cell, s, column, slope, dh):
    """Add the slope of such a flow against one unknown of the cell."""
    diagonal[cell, 1 + s, column] += dh * slope
