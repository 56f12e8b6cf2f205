"""Capture and release of ions in every cell of a region that has traps; see `eisfv.physics.trapping`.

A row of t.trap is [region, free species, bound species, capture, release]. What one species loses the other gains, so
that the charge of a cell and the amount of both together stay what they were.
"""

from numba import njit

from eisfv.equations.unknowns import of_species
from eisfv.physics.trapping import trapping


@njit(cache=True, error_model="numpy")
def add_traps(t, dh, slopes, a):
    """Add the net capture to the balances of free and bound ions."""
    law, diagonal = a.local, a.slopes.transport.diagonal
    for k in range(t.trap.shape[0]):
        region, free, bound = int(t.trap[k, 0]), int(t.trap[k, 1]), int(t.trap[k, 2])
        source, target = of_species(free), of_species(bound)
        for i in range(a.part.first_cell, a.part.last_cell):
            if t.region[i] != region:
                continue
            volume = t.volume[i]
            rate, by_free, by_vacant, by_bound = trapping(
                law.concentration[i, free], law.free[i, bound], law.concentration[i, bound], t.trap[k, 3], t.trap[k, 4]
            )
            a.residual[i, source] += dh * volume * rate
            a.residual[i, target] -= dh * volume * rate
            if slopes:
                for q in range(t.follow.shape[1]):
                    slope = by_free * law.d_concentration[i, free, q] + by_bound * law.d_concentration[i, bound, q]
                    slope += by_vacant * law.d_free[i, bound, q]
                    diagonal[i, source, q] += volume * slope
                    diagonal[i, target, q] -= volume * slope
