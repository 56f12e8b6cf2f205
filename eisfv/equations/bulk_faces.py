"""Flows across the faces inside a region, with their slopes, added to the rows of the two cells beside each."""

from numba import njit
from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.physics.enhanced_diffusion import enhancement
from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.hopping import hopping_factor
from eisfv.physics.level_flux import level_flux
from eisfv.physics.statistics import ABSENT, OHMIC


@apart(none)
@njit(cache=True, error_model="numpy")
def add_bulk_faces(t, u, dh, slopes, a):
    """Add Gauss and the species' flows across every face inside a region; with their slopes when asked."""
    count = t.charge.size
    law = a.local
    transport = a.slopes.transport
    hops, limits, thresholds = t.hop, t.hop_limit, t.hop_threshold
    for f in range(a.part.first_face, a.part.last_face):
        if t.interface[f] >= 0:
            continue
        left, right, aspect = t.left[f], t.right[f], t.aspect[f]
        region = t.region[left]
        drop = u[right, POTENTIAL] - u[left, POTENTIAL]
        add_displacement(a, f, left, right, t.permittivity[region] * aspect, drop)
        for s in range(count):
            kind = t.kind[region, s]
            row = of_species(s)
            z = t.charge[s]
            if kind == ABSENT:
                continue
            leveled = t.follow[region, row] != 0.0
            if kind == OHMIC:
                ease = t.conduct[region, s] * aspect
                level = u[right, row] - u[left, row]
                if not leveled:
                    level += law.mu[right, s] - law.mu[left, s] + z * drop
                add_flow(a, f, left, right, row, -ease * level, dh)
                if slopes:
                    add_slope(transport, f, left, right, row, row, ease, -ease)
                    if not leveled:
                        add_slope(transport, f, left, right, row, POTENTIAL, ease * z, -ease * z)
                continue
            excess = law.mu[right, s] - law.mu[left, s]
            d, rise = z * drop + excess, u[right, row] - u[left, row]
            ideal = rise - d if leveled else rise
            e, e_excess, e_ideal = enhancement(excess, ideal)
            d = (d - (e - 1.0) * ideal) / e
            by_level, by_fl, by_fr = 0.0, 0.0, 0.0
            c_left, c_right = law.concentration[left, s], law.concentration[right, s]
            if leveled:
                flux, by_level, by_cl, by_cr, by_d = level_flux(c_left, c_right, rise / e, d)
            else:
                flux, by_cl, by_fl, by_cr, by_fr, by_d = exchange_flux(
                    c_left, law.free[left, s], c_right, law.free[right, s], d
                )
            by_excess = by_d
            if e != 1.0:
                by_e = flux - by_level * rise / e - by_d * (d + ideal)
                by_ideal = by_e * e_ideal - by_d * (e - 1.0)
                by_level += by_ideal
                by_excess += by_e * e_excess
                if leveled:  # ideal = rise - d
                    by_d -= by_ideal
                    by_excess -= by_ideal
                flux, by_cl, by_fl, by_cr, by_fr = e * flux, e * by_cl, e * by_fl, e * by_cr, e * by_fr
            base = aspect
            mean = 0.5 * (law.diffusivity[left, s] + law.diffusivity[right, s])
            by_drop = 0.0
            if hops[region, s] != 0.0:
                length = hops[region, s] / t.distance[f]
                factor, factor_slope = hopping_factor(length * drop, limits[region, s], thresholds[region, s])
                by_drop = base * mean * factor_slope * length * flux
                base *= factor
            add_flow(a, f, left, right, row, base * mean * flux, dh)
            if not slopes:
                continue
            mobility = base * mean
            by_drop += mobility * by_d * z
            add_slope(transport, f, left, right, row, POTENTIAL, -by_drop, by_drop)
            if by_level != 0.0:
                add_slope(transport, f, left, right, row, row, -mobility * by_level, mobility * by_level)
            by_mean = 0.5 * base * flux
            for q in range(t.follow.shape[1]):
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
                add_slope(transport, f, left, right, row, q, by_left, by_right)


@njit(cache=True, error_model="numpy", inline="always")
def add_displacement(a, f, left, right, ease, drop):
    """Add the displacement -ease * drop (mol) to Gauss' law of both cells; its slope is `ease`."""
    a.slopes.displacement[f] = ease
    a.flow[f, POTENTIAL] = -ease * drop
    a.residual[left, POTENTIAL] -= ease * drop
    a.residual[right, POTENTIAL] += ease * drop


@njit(cache=True, error_model="numpy", inline="always")
def add_flow(a, f, left, right, row, flow, dh):
    """Add a species' flow (mol/s) from left to right to both balances."""
    a.flow[f, row] = flow
    a.residual[left, row] += dh * flow
    a.residual[right, row] -= dh * flow


@njit(cache=True, error_model="numpy")
def add_slope(transport, f, left, right, row, column, by_left, by_right):
    """Add the slopes of a flow from left to right against one unknown of the left and of the right cell."""
    transport.diagonal[left, row, column] += by_left
    transport.upper[f, row, column] += by_right
    transport.lower[f, row, column] -= by_left
    transport.diagonal[right, row, column] -= by_right
