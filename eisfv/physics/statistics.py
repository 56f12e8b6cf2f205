"""Concentration of a species from its ideal chemical potential y (over RT).

    dilute   c = density e^y
    lattice  c = density theta_i, theta_i = e^{y_i} / (1 + sum_j e^{y_j}) over the species j that share the sites

so that y = ln theta - ln(free fraction) and no concentration is ever negative or above its sites.
With several species on one sublattice this is Bikerman's steric model.
"""

from numba import njit

from eisfv.physics.bernoulli import capped_exp

ABSENT, DILUTE, LATTICE, OHMIC = 0, 1, 2, 3


@njit(cache=True, error_model="numpy")
def lattice_share(y, others):
    """Return theta and the free fraction; others = sum of e^{y_j} of the other species on the sublattice."""
    if y > 0.0:
        own = capped_exp(-y)
        scale = 1.0 / (1.0 + own * (1.0 + others))
        return scale, own * scale
    own = capped_exp(y)
    scale = 1.0 / (1.0 + own + others)
    return own * scale, scale


@njit(cache=True, error_model="numpy")
def lattice_others(sublattice, u, s):
    """Return the sum of e^y over the other species that share the sites of s; u = (phi, y...) of the cell."""
    others = 0.0
    for o in range(sublattice.size):
        if o != s and sublattice[o] == sublattice[s]:
            others += capped_exp(u[1 + o])
    return others
