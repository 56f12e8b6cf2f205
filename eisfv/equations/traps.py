"""Capture and release of ions in every cell of a region that has traps; see `eisfv.physics.trapping`.

A row of t.trap is [region, free species, bound species, capture, release, half the hop out of a trap times z, attempts
over release]. What one species loses the other gains, so that the charge of a cell and the amount of both together stay
what they were.
"""

import numpy as np
from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import allocating, kernel
from eisfv.physics.trapping import release_factor, trapping


@apart(none)
@kernel
def add_traps(t, dh, slopes, a):
    """Add the net capture to the balances of free and bound ions."""
    for k in range(t.trap.shape[0]):
        if t.trap[k, 5] != 0.0:
            continue  # `add_traps_in_a_field`
        region, free, bound = int(t.trap[k, 0]), int(t.trap[k, 1]), int(t.trap[k, 2])
        for i in range(a.part.first_cell, a.part.last_cell):
            if t.region[i] == region:
                add_trap(t, i, free, bound, t.trap[k, 3], t.trap[k, 4], dh, slopes, a)


@kernel
def add_trap(t, i, free, bound, capture, release, dh, slopes, a):
    """Add the net capture in one cell."""
    law, diagonal = a.local, a.slopes.transport.diagonal
    source, target, volume = of_species(free), of_species(bound), t.volume[i]
    rate, by_free, by_room, by_vacant, by_bound = trapping(
        law.concentration[i, free],
        law.free[i, free],
        law.free[i, bound],
        law.concentration[i, bound],
        capture,
        release,
    )
    a.residual[i, source] += dh * volume * rate
    a.residual[i, target] -= dh * volume * rate
    if slopes:
        for q in range(t.follow.shape[1]):
            slope = by_free * law.d_concentration[i, free, q] + by_bound * law.d_concentration[i, bound, q]
            slope += by_room * law.d_free[i, free, q] + by_vacant * law.d_free[i, bound, q]
            diagonal[i, source, q] += volume * slope
            diagonal[i, target, q] -= volume * slope


@apart(none)
@kernel
def add_traps_in_a_field(t, u, dh, slopes, a):
    """Add the net capture of traps whose release knows the field of the cell, which its neighbours make as well."""
    gradients = gradients_of(t, u)
    axes = gradients.shape[1]
    by_drop = a.slopes.by_drop
    if slopes:
        by_drop[:] = 0.0
    for k in range(t.trap.shape[0]):
        half_hop = t.trap[k, 5]
        if half_hop == 0.0:
            continue
        region, free, bound = int(t.trap[k, 0]), int(t.trap[k, 1]), int(t.trap[k, 2])
        for i in range(a.part.first_cell, a.part.last_cell):
            if t.region[i] == region:
                factor, _ = eased(gradients[i], half_hop, t.trap[k, 6])
                add_trap(t, i, free, bound, t.trap[k, 3], t.trap[k, 4] * factor, dh, slopes, a)
        if not slopes:
            continue
        for f in range(a.part.first_face, a.part.last_face):
            for side in range(2):
                i = t.left[f] if side == 0 else t.right[f]
                if t.region[i] != region:
                    continue
                along = 0.0
                for k_axis in range(axes):
                    c = t.slope_left[f, k_axis] if side == 0 else t.slope_right[f, k_axis]
                    along += 2.0 * half_hop * half_hop * gradients[i, k_axis] * c
                _, by_square = eased(gradients[i], half_hop, t.trap[k, 6])
                slope = -t.volume[i] * t.trap[k, 4] * a.local.concentration[i, bound] * by_square * along
                slope *= a.local.free[i, free]
                by_drop[side, f, of_species(free)] += slope
                by_drop[side, f, of_species(bound)] -= slope


@kernel
def eased(gradient, half_hop, largest):
    """Return the factor of the release in a cell and its slope against w^2."""
    square = 0.0
    for component in gradient:
        square += half_hop * half_hop * component * component
    return release_factor(square, largest)


@allocating
def gradients_of(t, u):
    """Return the gradient (cells, axes) of the potential, RT/F per m."""
    axes = t.slope_left.shape[1]
    out = np.zeros((t.region.size, axes))
    for f in range(t.slope_left.shape[0]):
        left, right = t.left[f], t.right[f]
        drop = u[right, POTENTIAL] - u[left, POTENTIAL]
        for k in range(axes):
            out[left, k] += t.slope_left[f, k] * drop
            out[right, k] += t.slope_right[f, k] * drop
    return out
