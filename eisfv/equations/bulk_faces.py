"""Flows across the faces inside a region, with their slopes, added to the rows of the two cells beside each."""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.face_rows import LENGTH, add_row
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.physics.enhanced_diffusion import enhancement
from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.hopping import hopping_factor
from eisfv.physics.level_flux import level_flux
from eisfv.physics.statistics import ABSENT, OHMIC


@apart(none)
@kernel
def add_bulk_faces(t, u, dh, slopes, a):
    """Add Gauss and the species' flows across every face inside a region; with their slopes when asked."""
    lefts, regions, interfaces, end = t.left, t.region, t.interface, a.part.last_face
    last = a.part.first_face
    while last < end:
        first, region = last, regions[lefts[last]]
        while last < end and last < first + LENGTH and interfaces[last] < 0 and regions[lefts[last]] == region:
            last += 1
        if last == first:
            last += 1
            continue
        add_displacements(t, u, a, first, last)
        for s in range(t.charge.size):
            kind = t.kind[region, s]
            if kind == ABSENT:
                continue
            if kind == OHMIC:
                add_ohmic(t, u, dh, slopes, a, first, last, s)
            elif t.hop[region, s] != 0.0 or not add_row(t, u, dh, slopes, a, first, last, s):
                add_rare(t, u, dh, slopes, a, first, last, s)


@kernel(inline="always")
def add_displacements(t, u, a, first, last):
    """Add the displacement across the faces first to last of one region to Gauss' law of both cells."""
    lefts, rights, aspects, permittivity = t.left, t.right, t.aspect, t.permittivity[t.region[t.left[first]]]
    flows, residual, displacement = a.flow, a.residual, a.slopes.displacement
    for f in range(first, last):
        left, right = lefts[f], rights[f]
        displacement[f] = permittivity * aspects[f]
        add_displacement(flows, residual, f, left, right, displacement[f] * (u[right, POTENTIAL] - u[left, POTENTIAL]))


@apart(none)
@kernel
def add_ohmic(t, u, dh, slopes, a, first, last, s):
    """Add the flows of a species that only conducts across the faces first to last of one region."""
    region, row, z, mu = t.region[t.left[first]], of_species(s), t.charge[s], a.local.mu
    leveled, transport = t.follow[region, row] != 0.0, a.slopes.transport
    for f in range(first, last):
        left, right = t.left[f], t.right[f]
        ease = t.conduct[region, s] * t.aspect[f]
        level = u[right, row] - u[left, row]
        if not leveled:
            level += mu[right, s] - mu[left, s] + z * (u[right, POTENTIAL] - u[left, POTENTIAL])
        add_flow(a.flow, a.residual, f, left, right, row, -ease * level, dh)
        if slopes:
            add_slope(transport, f, row, row, ease, -ease)
            if not leveled:
                add_slope(transport, f, row, POTENTIAL, ease * z, -ease * z)


@apart(none)
@kernel
def add_rare(t, u, dh, slopes, a, first, last, s):
    """Add the flows of a stored species across the faces first to last of one region with what few faces have: hopping
    in a field, enhanced diffusion."""
    region, row, z, law, unknowns = t.region[t.left[first]], of_species(s), t.charge[s], a.local, t.follow.shape[1]
    mu, concentration, free, diffusivity = law.mu, law.concentration, law.free, law.diffusivity
    leveled, hop, transport = t.follow[region, row] != 0.0, t.hop[region, s], a.slopes.transport
    for f in range(first, last):
        left, right, base = t.left[f], t.right[f], t.aspect[f]
        drop, excess = u[right, POTENTIAL] - u[left, POTENTIAL], mu[right, s] - mu[left, s]
        d, rise = z * drop + excess, u[right, row] - u[left, row]
        ideal = rise - d if leveled else rise
        e, e_excess, e_ideal = enhancement(excess, ideal)
        if e != 1.0:
            d, rise = (d - (e - 1.0) * ideal) / e, rise / e
        by_level, by_fl, by_fr = 0.0, 0.0, 0.0
        c_left, c_right = concentration[left, s], concentration[right, s]
        if leveled:
            flux, by_level, by_cl, by_cr, by_d = level_flux(c_left, c_right, rise, d)
        else:
            flux, by_cl, by_fl, by_cr, by_fr, by_d = exchange_flux(c_left, free[left, s], c_right, free[right, s], d)
        by_excess = by_d
        if e != 1.0:
            by_e = flux - by_level * rise - by_d * (d + ideal)
            by_ideal = by_e * e_ideal - by_d * (e - 1.0)
            by_level += by_ideal
            by_excess += by_e * e_excess
            if leveled:  # ideal = rise - d
                by_d -= by_ideal
                by_excess -= by_ideal
            flux, by_cl, by_fl, by_cr, by_fr = e * flux, e * by_cl, e * by_fl, e * by_cr, e * by_fr
        mean = 0.5 * (diffusivity[left, s] + diffusivity[right, s])
        by_drop = 0.0
        if hop != 0.0:
            length = hop / t.distance[f]
            factor, factor_slope = hopping_factor(length * drop, t.hop_limit[region, s], t.hop_threshold[region, s])
            by_drop = base * mean * factor_slope * length * flux
            base *= factor
        mobility = base * mean
        add_flow(a.flow, a.residual, f, left, right, row, mobility * flux, dh)
        if not slopes:
            continue
        by_drop += mobility * by_d * z
        by_mean = 0.5 * base * flux
        for q in range(unknowns):
            by_left = mobility * (
                by_cl * law.d_concentration[left, s, q]
                + by_fl * law.d_free[left, s, q]
                - by_excess * law.d_mu[left, s, q]
            )
            by_left += by_mean * law.d_diffusivity[left, s, q]
            by_right = mobility * (
                by_cr * law.d_concentration[right, s, q]
                + by_fr * law.d_free[right, s, q]
                + by_excess * law.d_mu[right, s, q]
            )
            by_right += by_mean * law.d_diffusivity[right, s, q]
            direct = by_drop if q == POTENTIAL else (mobility * by_level if q == row else 0.0)
            add_slope(transport, f, row, q, by_left - direct, by_right + direct)


@kernel(inline="always")
def add_displacement(flows, residual, f, left, right, fall):
    """Add the displacement -fall (mol) to Gauss' law of both cells."""
    flows[f, POTENTIAL] = -fall
    residual[left, POTENTIAL] -= fall
    residual[right, POTENTIAL] += fall


@kernel(inline="always")
def add_flow(flows, residual, f, left, right, row, flow, dh):
    """Add a species' flow (mol/s) from left to right to both balances."""
    flows[f, row] = flow
    residual[left, row] += dh * flow
    residual[right, row] -= dh * flow


@kernel
def add_slope(transport, f, row, column, by_left, by_right):
    """Add the slopes of the flow through a face against one unknown of the left and of the right cell."""
    transport.upper[f, row, column] += by_right
    transport.lower[f, row, column] -= by_left
