"""Electrons and holes that meet in a semiconductor, and their generation: bimolecular, to equilibrium and no further.

    R = k [n p - N_e N_h e^-(mu_e + mu_h)],    k = s F (u_e + u_h)/eps

    R      net rate, which electrons and holes lose alike                                                mol m^-3 s^-1
    n, p   electrons and holes; N their states                                                           mol/m3
    mu     standard and excess potential of either, so that R = 0 where y + mu of both cancel: one Fermi level   RT
    u      mobilities                                                                                    m2/(V s)
    eps    permittivity                                                                                  F/m
    s      share of Langevin's rate, 1 of films whose carriers meet by diffusion alone                   -

A row of t.recombination is [region, k]. Where contacts hold one Fermi level R changes nothing; it decides how far
electrons and holes of different contacts pass each other.

Source: P. Langevin, Ann. Chim. Phys. 28 (1903) 433.
"""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import of_species
from eisfv.kernel import kernel
from eisfv.physics.bernoulli import capped_exp


@apart(none)
@kernel
def add_recombination(t, dh, slopes, a):
    """Take what recombines from the balances of electrons and holes."""
    law, diagonal = a.local, a.slopes.transport.diagonal
    e, h = t.electron[0], t.hole[0]
    electron, hole = of_species(e), of_species(h)
    for k in range(t.recombination.shape[0]):
        region, rate = int(t.recombination[k, 0]), t.recombination[k, 1]
        for i in range(a.part.first_cell, a.part.last_cell):
            if t.region[i] != region:
                continue
            n, p, ease = law.concentration[i, e], law.concentration[i, h], rate * t.volume[i]
            level = t.density[region, e] * t.density[region, h] * capped_exp(-law.mu[i, e] - law.mu[i, h])
            lost = ease * (n * p - level)
            a.residual[i, electron] += dh * lost
            a.residual[i, hole] += dh * lost
            if slopes:
                for q in range(t.follow.shape[1]):
                    slope = p * law.d_concentration[i, e, q] + n * law.d_concentration[i, h, q]
                    slope += level * (law.d_mu[i, e, q] + law.d_mu[i, h, q])
                    diagonal[i, electron, q] += ease * slope
                    diagonal[i, hole, q] += ease * slope
