"""Flows across faces, with their slopes, added to the rows of the two cells beside each."""

from numba import njit

from eisfv.device.tables import BLOCKED, CONTINUOUS
from eisfv.physics.butler_volmer import butler_volmer
from eisfv.physics.exchange_flux import exchange_flux
from eisfv.physics.hopping import hopping_factor
from eisfv.physics.statistics import ABSENT, OHMIC


@njit(cache=True, error_model="numpy")
def add_bulk_faces(t, u, dh, slopes, a):
    """Add Gauss and the species' flows across every face inside a region; with their slopes when asked."""
    count = t.charge.size
    law = a.local
    residual, diagonal, upper, lower = a.residual, a.diagonal, a.upper, a.lower
    for f in range(a.part.first_face, a.part.last_face):
        if t.joint[f] >= 0:
            continue
        left, right, shape = t.left[f], t.right[f], t.shape[f]
        region = t.region[left]
        drop = u[right, 0] - u[left, 0]
        ease = t.permittivity[region] * shape
        a.flow[f, 0] = -ease * drop
        add_linear(residual, diagonal, upper, lower, f, left, right, 0, 0, ease, drop, slopes)
        for s in range(count):
            kind = t.kind[region, s]
            row = 1 + s
            z = t.charge[s]
            if kind == ABSENT:
                continue
            if kind == OHMIC:
                ease = dh * t.conduct[region, s] * shape
                level = u[right, row] - u[left, row] + law.mu[right, s] - law.mu[left, s] + z * drop
                a.flow[f, row] = -t.conduct[region, s] * shape * level
                residual[left, row] += dh * a.flow[f, row]
                residual[right, row] -= dh * a.flow[f, row]
                if slopes:
                    add_slope(diagonal, upper, lower, f, left, right, row, row, ease, -ease)
                    add_slope(diagonal, upper, lower, f, left, right, row, 0, ease * z, -ease * z)
                continue
            d = z * drop + law.mu[right, s] - law.mu[left, s]
            flux, by_cl, by_fl, by_cr, by_fr, by_d = exchange_flux(
                law.concentration[left, s], law.free[left, s], law.concentration[right, s], law.free[right, s], d
            )
            base = shape
            mean = 0.5 * (law.diffusivity[left, s] + law.diffusivity[right, s])
            by_drop = 0.0
            if t.hop[region, s] != 0.0:
                length = t.hop[region, s] / t.distance[f]
                factor, factor_slope = hopping_factor(length * drop, t.hop_limit[region, s])
                by_drop = base * mean * factor_slope * length * flux
                base *= factor
            a.flow[f, row] = base * mean * flux
            residual[left, row] += dh * a.flow[f, row]
            residual[right, row] -= dh * a.flow[f, row]
            if not slopes:
                continue
            base *= dh
            weight = base * mean
            by_drop = dh * by_drop + weight * by_d * z
            add_slope(diagonal, upper, lower, f, left, right, row, 0, -by_drop, by_drop)
            by_mean = 0.5 * base * flux
            for o in range(count):
                by_left = weight * (
                    by_cl * law.d_concentration[left, s, o]
                    + by_fl * law.d_free[left, s, o]
                    - by_d * law.d_mu[left, s, o]
                )
                by_left += by_mean * law.d_diffusivity[left, s, o]
                by_right = weight * (
                    by_cr * law.d_concentration[right, s, o]
                    + by_fr * law.d_free[right, s, o]
                    + by_d * law.d_mu[right, s, o]
                )
                by_right += by_mean * law.d_diffusivity[right, s, o]
                add_slope(diagonal, upper, lower, f, left, right, row, 1 + o, by_left, by_right)


@njit(cache=True, error_model="numpy")
def add_interface_faces(t, u, dh, slopes, a):
    """Add the compact layer's field and the transfer of each species between the surface nodes of every interface."""
    count = t.charge.size
    law = a.local
    residual, diagonal, upper, lower = a.residual, a.diagonal, a.upper, a.lower
    for f in range(a.part.first_face, a.part.last_face):
        j = t.joint[f]
        if j < 0:
            continue
        left, right = t.left[f], t.right[f]
        near, far = t.region[left], t.region[right]
        drop = u[right, 0] - u[left, 0]
        a.flow[f, 0] = -t.capacity[j] * drop
        add_linear(residual, diagonal, upper, lower, f, left, right, 0, 0, t.capacity[j], drop, slopes)
        for s in range(count):
            if t.law[j, s] == BLOCKED:
                continue
            z = t.charge[s]
            row = 1 + s
            rate = dh * t.rate[j, s]
            affinity = law.mu[left, s] - law.mu[right, s] - z * drop
            by_tl, by_fl, by_tr, by_fr, by_a = 0.0, 0.0, 0.0, 0.0, 1.0
            if t.law[j, s] == CONTINUOUS:
                flux = affinity + u[left, row] - u[right, row]
                if slopes:
                    add_slope(diagonal, upper, lower, f, left, right, row, row, rate, -rate)
            else:
                flux, by_tl, by_fl, by_tr, by_fr, by_a = butler_volmer(
                    law.concentration[left, s] / t.density[near, s],
                    law.free[left, s],
                    law.concentration[right, s] / t.density[far, s],
                    law.free[right, s],
                    affinity,
                    t.alpha[j, s],
                )
            a.flow[f, row] = t.rate[j, s] * flux
            residual[left, row] += dh * a.flow[f, row]
            residual[right, row] -= dh * a.flow[f, row]
            if not slopes:
                continue
            add_slope(diagonal, upper, lower, f, left, right, row, 0, rate * by_a * z, -rate * by_a * z)
            for o in range(count):
                by_left = by_tl / t.density[near, s] * law.d_concentration[left, s, o]
                by_left += by_fl * law.d_free[left, s, o] + by_a * law.d_mu[left, s, o]
                by_right = by_tr / t.density[far, s] * law.d_concentration[right, s, o]
                by_right += by_fr * law.d_free[right, s, o] - by_a * law.d_mu[right, s, o]
                add_slope(diagonal, upper, lower, f, left, right, row, 1 + o, rate * by_left, rate * by_right)


@njit(cache=True, error_model="numpy")
def add_linear(residual, diagonal, upper, lower, f, left, right, row, column, ease, drop, slopes):
    """Add the flow -ease * drop, drop = right minus left of one unknown, and its slopes."""
    residual[left, row] -= ease * drop
    residual[right, row] += ease * drop
    if slopes:
        add_slope(diagonal, upper, lower, f, left, right, row, column, ease, -ease)


@njit(cache=True, error_model="numpy")
def add_slope(diagonal, upper, lower, f, left, right, row, column, by_left, by_right):
    """Add the slopes of a flow from left to right against one unknown of the left and of the right cell."""
    diagonal[left, row, column] += by_left
    upper[f, row, column] += by_right
    lower[f, row, column] -= by_left
    diagonal[right, row, column] -= by_right
