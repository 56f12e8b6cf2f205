"""Concentration of a species from its ideal chemical potential y (over RT).

    dilute   c = density e^y
    lattice  c = density theta_i, theta_i = e^{y_i} / (1 + sum_j e^{y_j}) over the species j that share the sites

    solvated c of `eisfv.physics.solvation`, its solvent of a finite volume

so that y = ln theta - ln(free fraction) and no concentration is ever negative or above its sites.
With several species on one sublattice this is Bikerman's steric model.
"""

import numpy as np
from numpy.typing import NDArray

from eisfv.kernel import kernel
from eisfv.physics.bernoulli import capped_exp

ABSENT, DILUTE, LATTICE, OHMIC, SOLVATED = 0, 1, 2, 3, 4

# The name of a statistics in a material file, and the number that the kernels ask for.
# A band is dilute but for the excess of its electrons (`eisfv.model.band_filling`).
KINDS = {"dilute": DILUTE, "band": DILUTE, "lattice": LATTICE, "bound": LATTICE, "ohmic": OHMIC, "solvated": SOLVATED}


@kernel(inline="always")
def stores(kind):
    """Return whether a species of a kind is stored in a cell. ValueError on an unknown kind."""
    if kind in (DILUTE, LATTICE, SOLVATED):
        return True
    if kind in (ABSENT, OHMIC):
        return False
    raise ValueError("a species of unknown statistics")


def stored_where(kinds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where species of kinds (any shape) are stored. ValueError on an unknown kind."""
    if not np.isin(kinds, (ABSENT, *KINDS.values())).all():
        raise ValueError("a species of unknown statistics")
    return np.asarray(np.isin(kinds, (DILUTE, LATTICE, SOLVATED)))


@kernel(inline="always")
def lattice_share(y, others):
    """Return theta and the free fraction; others = sum of e^{y_j} of the other species on the sublattice."""
    if y > 0.0:
        own = capped_exp(-y)
        scale = 1.0 / (1.0 + own * (1.0 + others))
        return scale, own * scale
    own = capped_exp(y)
    scale = 1.0 / (1.0 + own + others)
    return own * scale, scale


@kernel(inline="always")
def lattice_others(sublattice, r, y, i, s):
    """Return the sum of e^y over the other species that share the sites of s in cell i of the region r; sublattice
    (regions, species), y (cells, species)."""
    others = 0.0
    for o in range(sublattice.shape[1]):
        if o != s and sublattice[r, o] == sublattice[r, s]:
            others += capped_exp(y[i, o])
    return others
