"""Electrons between a metal and the cell beside it: what flows, and where the field of the half cell ends."""

from math import exp, expm1, log

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.local import FEWEST
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.physics.bernoulli import EXPONENT_MAX, capped_exp
from eisfv.physics.level_flux import level_flux
from eisfv.physics.open_circuit import electron_excess
from eisfv.physics.statistics import OHMIC, stores

LEVEL = 1e-6  # RT, 26 nV: electrons so near to the level of a metal are at rest
LEAST = 1e-290  # mol/m3, so that the logarithm of what is left is a number


@apart(none)
@kernel
def add_ohmic(t, u, b, cell, voltage, dh, slopes, a):
    """Electrons, and holes, to the Fermi level of the metal over the half cell.

        host         N = g D [B(d) c - B(-d) n],   d = -L - ln(n/c),   n = max(c, z c_ion + background, FEWEST c_site)
        electrolyte  N = g D c (1 - e^-L),   and so the holes

        N  flow out of the device, mol/s; g area over the half cell, m; L level above the metal's, RT

    At the metal there are as many electrons as leave a host neutral there: a neutral cell conducts g D c L however
    large L is, and an emptied one is refilled.
    """
    s, h = t.electron[0], t.hole[0]
    region = t.region[cell]
    aspect = t.contact_aspect[b]
    law = a.local
    if h >= 0 and stores(t.kind[region, h]):
        add_free(t, u, b, cell, voltage, h, dh, slopes, a)
    if s < 0:
        return
    if t.kind[region, s] == OHMIC:
        add_level(t, u, cell, s, voltage, aspect * t.conduct[region, s], dh, slopes, a)
    if not stores(t.kind[region, s]):  # ohmic, or left out because they carry nothing
        return
    level, ion = above_metal(t, u, cell, s, voltage, law), t.ion[region]
    if ion < 0:
        add_free(t, u, b, cell, voltage, s, dh, slopes, a)
        return
    inside, diffusivity = max(law.concentration[cell, s], LEAST), law.diffusivity[cell, s]
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


@apart(none)
@kernel
def add_free(t, u, b, cell, voltage, s, dh, slopes, a):
    """Carriers s of an electrolyte or semiconductor to the Fermi level of the metal: at it there are as many as the
    cell would have at that level."""
    law, region = a.local, t.region[cell]
    level = above_metal(t, u, cell, s, voltage, law)
    mobility = t.contact_aspect[b] * law.diffusivity[cell, s]
    inside = max(law.concentration[cell, s], LEAST)
    ease = mobility * inside * capped_exp(-level)
    by_inside = mobility * -expm1(min(-level, EXPONENT_MAX))
    leave(a, cell, s, by_inside * inside, dh)
    if not slopes:
        return
    leveled = t.follow[region, of_species(s)] != 0.0
    if not leveled:
        leave_slope(a, cell, s, POTENTIAL, ease * t.charge[s])
    leave_slope(a, cell, s, of_species(s), ease)
    for q in range(t.follow.shape[1]):
        slope = by_inside * law.d_concentration[cell, s, q]
        if not leveled:
            slope += ease * law.d_mu[cell, s, q]
        leave_slope(a, cell, s, q, slope)


@kernel(inline="always")
def at_metal(t, law, cell, region, ion, inside):
    """Return how many electrons (mol/m3) a host holds at the metal, and their slope against the ions of the cell."""
    neutral = t.charge[ion] * law.concentration[cell, ion] + t.background[region] * t.density[region, ion]
    least = FEWEST * t.density[region, ion]  # a metal never runs short of electrons
    if inside >= max(neutral, least):
        return inside, 0.0
    return max(neutral, least), float(t.charge[ion]) if neutral > least else 0.0


@apart(none)
@kernel
def add_field(t, u, cell, voltage, metal, by_neutral, aspect, slopes, a):
    """Add the displacement of the half cell to Gauss' law, from the potential of the cell to that at the metal, where
    the electrons, `metal` of them, are at its Fermi level:

        D = eps A/h [e^4 (V - chem/z - phi) - (1 - e^4) w(L)/z],   w = L [1 - exp(-(L/LEVEL)^2)],   e = 1 - c/n

    L     level of the cell's electrons above the metal's                                        RT
    e     share of its electrons that the cell has lost, 0 where c > n                           -
    chem  chemical potential of the `metal` electrons                                            RT

    A cell that has lost its electrons screens nothing. One that has them is joined to the metal by the conductance of
    the half cell with its capacitance beside it, so that a wire relaxes in eps/sigma up to its ends. Were the charge
    there of a higher power in L, the balances would know L to a root of their rounding: 0.1 RT.
    At rest no field ends at a metal: it would follow the electrons without a partner in their balance, and what a metal
    on a host does to a small wave would not be reciprocal.
    """
    s, region, ion, law = t.electron[0], t.region[cell], t.ion[t.region[cell]], a.local
    z, level, inside = t.charge[s], above_metal(t, u, cell, s, voltage, law), law.concentration[cell, s]
    ease, near = t.permittivity[region] * aspect, exp(-((level / LEVEL) ** 2))
    driven, by_driven = level * (1.0 - near) / z, (1.0 - near + 2.0 * near * (level / LEVEL) ** 2) / z
    rise, lost, by_log = 0.0, 0.0, 0.0
    if inside < metal:
        excess, by_log = electron_excess(t.curve[region], log(metal / t.density[region, ion]))
        rise = u[cell, POTENTIAL] - voltage + (t.mu0[region, s] + log(metal / t.density[region, s]) + excess) / z
        lost = 1.0 - inside / metal
    share = lost**4
    a.residual[cell, POTENTIAL] += ease * (share * rise + (1.0 - share) * driven)
    if not slopes:
        return
    storage, leveled = a.slopes.storage, t.follow[region, of_species(s)] != 0.0
    by_level = (1.0 - share) * ease * by_driven
    storage[cell, POTENTIAL, POTENTIAL] += share * ease
    storage[cell, POTENTIAL, of_species(s)] += by_level
    by_inside = -4.0 * lost**3 * ease * (rise - driven) / metal
    by_ion = (share * ease / z * (1.0 + by_log) - by_inside * inside) / metal * by_neutral
    if not leveled:
        storage[cell, POTENTIAL, POTENTIAL] += by_level * z
    for q in range(t.follow.shape[1]):
        slope = by_inside * law.d_concentration[cell, s, q]
        if by_ion != 0.0:
            slope += by_ion * law.d_concentration[cell, ion, q]
        if not leveled:
            slope += by_level * law.d_mu[cell, s, q]
        storage[cell, POTENTIAL, q] += slope


@apart(none)
@kernel
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


@kernel(inline="always")
def above_metal(t, u, cell, s, voltage, law):
    """Return the electrochemical potential of a species above that of the metal, RT."""
    z, row = t.charge[s], of_species(s)
    if t.follow[t.region[cell], row] != 0.0:
        return u[cell, row] - z * voltage
    return u[cell, row] + law.mu[cell, s] + z * (u[cell, POTENTIAL] - voltage)


@kernel(inline="always")
def leave(a, cell, s, flow, dh):
    """Add a flow of species s out of the device."""
    a.residual[cell, of_species(s)] += dh * flow


@kernel(inline="always")
def leave_slope(a, cell, s, column, slope):
    """Add the slope of such a flow against one unknown of the cell."""
    a.slopes.transport.diagonal[cell, of_species(s), column] += slope
