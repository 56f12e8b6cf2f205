"""Flows of one species across a run of faces inside a region, a row of numbers at a time: the laws of
`eisfv.physics.exchange_flux` and `eisfv.physics.level_flux` without a branch or a call, so that they are computed in
vectors.

Of a face all weights follow from B(|d|), B(-x) = B(x) + x, and of a fall L of the level from e^-|L|: which side is
which is chosen, not branched to. Rare laws (hopping, enhanced diffusion) are left to `eisfv.equations.bulk_faces`.
"""

from numba.core.types import boolean

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.physics.bernoulli import EXPONENT_MAX, SERIES_BELOW
from eisfv.physics.enhanced_diffusion import APART
from eisfv.physics.row_exponential import exp_parts
from eisfv.physics.statistics import DILUTE

# Faces of a row: the rows of a run stay in the nearest cache.
LENGTH = 128
# Where the rows begin in the one array of work. With places that the compiler knows, it sees that no two overlap.
DRIFT, RISE, C_LEFT, C_RIGHT, V_LEFT, V_RIGHT, MEAN = (LENGTH * k for k in range(7))
FLUX, FORWARD, BACKWARD, BY_LEVEL, BY_DRIFT = (LENGTH * k for k in range(7, 12))
ROWS = 12 * LENGTH


@apart(boolean)
@kernel
def add_row(t, u, dh, slopes, a, first, last, s):
    """Add the flows of a stored species s across the faces first to last, at most LENGTH, with their slopes when
    asked; False, and nothing done, where one is of enhanced diffusion."""
    region = t.region[t.left[first]]
    leveled = t.follow[region, of_species(s)] != 0.0
    if not gather(t, u, a, first, last, s, leveled):
        return False
    if leveled:
        level_row(a.rows, last - first)
    else:
        exchange_row(a.rows, last - first)
    flow_row(t, dh, a, first, last, s)
    if slopes:
        slope_row(t, a, first, last, s)
    return True


@kernel(inline="always")
def gather(t, u, a, first, last, s, leveled):
    """Write the rows of what the faces have on both sides; False where one is of enhanced diffusion."""
    lefts, rights, z, row, rows = t.left, t.right, t.charge[s], of_species(s), a.rows
    mu, concentration, free, diffusivity = a.local.mu, a.local.concentration, a.local.free, a.local.diffusivity
    for i in range(last - first):
        left, right = lefts[first + i], rights[first + i]
        excess = mu[right, s] - mu[left, s]
        d, rise = z * (u[right, POTENTIAL] - u[left, POTENTIAL]) + excess, u[right, row] - u[left, row]
        ideal = rise - d if leveled else rise
        if abs(ideal) > APART and excess * ideal < 0.0:
            return False
        rows[DRIFT + i], rows[RISE + i] = d, rise
        rows[C_LEFT + i], rows[C_RIGHT + i] = concentration[left, s], concentration[right, s]
        rows[V_LEFT + i], rows[V_RIGHT + i] = free[left, s], free[right, s]
        rows[MEAN + i] = 0.5 * (diffusivity[left, s] + diffusivity[right, s])
    return True


@kernel(inline="always")
def small_weight(d):
    """Return B(|d|) and its slope; see `eisfv.physics.bernoulli`."""
    x = abs(d)
    s = x * x
    even = s * (1 / 12 - s * (1 / 720 - s * (1 / 30240 - s * (1 / 1209600 - s * (1 / 47900160)))))
    odd = x * (1 / 6 - s * (1 / 180 - s * (1 / 5040 - s * (1 / 151200 - s * (1 / 4790016)))))
    near, near_slope = 1.0 - 0.5 * x + even, odd - 0.5
    x = EXPONENT_MAX if x > EXPONENT_MAX else x
    scale, p = exp_parts(-x)
    far = x * (scale + scale * p) / ((1.0 - scale) - scale * p)
    far_slope = far * (1.0 - far - x) / x
    return (near, near_slope) if x < SERIES_BELOW else (far, far_slope)


@kernel(inline="always")
def exchange_row(rows, count):
    """Write the fluxes of `eisfv.physics.exchange_flux`, the two weights and the slopes against d."""
    for i in range(count):
        d = rows[DRIFT + i]
        small, small_slope = small_weight(d)
        large, large_slope = small + abs(d), -small_slope - 1.0
        up = d >= 0.0
        forward, backward = small if up else large, large if up else small
        # Of B(-d) against d the sign turns.
        forward_slope, backward_slope = small_slope if up else large_slope, -large_slope if up else -small_slope
        there, back = rows[C_LEFT + i] * rows[V_RIGHT + i], rows[C_RIGHT + i] * rows[V_LEFT + i]
        rows[FLUX + i] = forward * there - backward * back
        rows[FORWARD + i], rows[BACKWARD + i] = forward, backward
        rows[BY_LEVEL + i] = 0.0
        rows[BY_DRIFT + i] = forward_slope * there - backward_slope * back


@kernel(inline="always")
def level_row(rows, count):
    """Write the fluxes of `eisfv.physics.level_flux` and the slopes against L and d; as weights those of the slopes
    against c_l and c_r, which know no free sites."""
    for i in range(count):
        d, level = rows[DRIFT + i], rows[RISE + i]
        small, small_slope = small_weight(d)
        fall = abs(level)
        scale, p = exp_parts(-EXPONENT_MAX if fall > EXPONENT_MAX else -fall)
        lost = scale * p + (scale - 1.0)
        down = level <= 0.0
        near = (d >= 0.0) == down
        weight, slope = small if near else small + abs(d), small_slope if near else -small_slope - 1.0
        c = rows[C_LEFT + i] if down else rows[C_RIGHT + i]
        rows[FLUX + i] = -(weight * c * lost) if down else weight * c * lost
        rows[FORWARD + i] = -weight * lost if down else 0.0
        rows[BACKWARD + i] = 0.0 if down else -weight * lost
        rows[BY_LEVEL + i] = -weight * c * (scale + scale * p)
        rows[BY_DRIFT + i] = -slope * c * lost
        rows[V_LEFT + i], rows[V_RIGHT + i] = 1.0, 1.0


@kernel(inline="always")
def flow_row(t, dh, a, first, last, s):
    """Add the flows to both balances."""
    lefts, rights, aspects, row, rows = t.left, t.right, t.aspect, of_species(s), a.rows
    flows, residual = a.flow, a.residual
    for i in range(last - first):
        f = first + i
        flow = aspects[f] * rows[MEAN + i] * rows[FLUX + i]
        flows[f, row] = flow
        residual[lefts[f], row] += dh * flow
        residual[rights[f], row] -= dh * flow


@kernel(inline="always")
def slope_row(t, a, first, last, s):
    """Add the slopes of the flows against the unknowns of both cells."""
    lefts, rights, aspects, z, row, rows = t.left, t.right, t.aspect, t.charge[s], of_species(s), a.rows
    law, transport, unknowns = a.local, a.slopes.transport, t.follow.shape[1]
    region = t.region[lefts[first]]
    # A level knows no free sites; of a dilute species they are all free.
    exclusive = t.follow[region, row] == 0.0 and t.kind[region, s] != DILUTE
    d_concentration, d_free, d_mu, d_diffusivity = law.d_concentration, law.d_free, law.d_mu, law.d_diffusivity
    upper, lower = transport.upper, transport.lower
    for i in range(last - first):
        f = first + i
        left, right, aspect = lefts[f], rights[f], aspects[f]
        mobility, by_mean = aspect * rows[MEAN + i], 0.5 * aspect * rows[FLUX + i]
        forward, backward, by_drift = (
            mobility * rows[FORWARD + i],
            mobility * rows[BACKWARD + i],
            mobility * rows[BY_DRIFT + i],
        )
        by_cl, by_cr = forward * rows[V_RIGHT + i], -backward * rows[V_LEFT + i]
        by_fl, by_fr = -backward * rows[C_RIGHT + i], forward * rows[C_LEFT + i]
        for q in range(unknowns):
            by_left = by_cl * d_concentration[left, s, q] - by_drift * d_mu[left, s, q]
            by_left += by_mean * d_diffusivity[left, s, q]
            by_right = by_cr * d_concentration[right, s, q] + by_drift * d_mu[right, s, q]
            by_right += by_mean * d_diffusivity[right, s, q]
            if exclusive:
                by_left += by_fl * d_free[left, s, q]
                by_right += by_fr * d_free[right, s, q]
            direct = by_drift * z if q == POTENTIAL else (mobility * rows[BY_LEVEL + i] if q == row else 0.0)
            by_left, by_right = by_left - direct, by_right + direct
            upper[f, row, q] += by_right
            lower[f, row, q] -= by_left
