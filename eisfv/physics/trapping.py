"""Ions bound at traps: capture by empty traps, release from full ones to free sites, which a field eases.

    dc_t/dt = k_t c (1 - theta_t) - k_d v theta_t,      theta_t = c_t/N_t,  k_d = k_r N_t f
    dc/dt   = ... the other way round: free and bound ions together are kept
    f(w) = 1 + g / [1 + g/(nu/k_r - 1)],   g = cosh(w) - 1,   w = z F a |E| / (2 R T)

    c      concentration of the free ions                          mol/m3
    v      free share of the sites of the free ions, 1 where they are dilute; in general c/(N e^y), y their ideal
           chemical potential over RT and N their density          -
    c_t    of the bound ones, which do not move and keep their charge   mol/m3
    N_t    density of the traps                                    mol/m3
    k_t    capture rate                                            1/s
    k_r    release rate without a field                            1/s
    f      by how much the field E (V/m) of the cell speeds it     -
    a      length of the hop out of the trap (m), 0: no field is felt; nu attempt frequency (1/s)

At rest theta_t/(1 - theta_t) = k_t c/(k_r f N_t v), Langmuir's isotherm: c/v = N e^y, so that traps and sites are at
rest at one chemical potential. At a given c the traps relax with the rate k_t c/N_t + k_r f v; where no site is free,
nothing leaves. Slow traps outlast a pulse that fills them: what they hold comes back after 1/k_r alone. In a layer
as thin as an atom they are the adsorption sites of a surface, N_t times its thickness of them per area.

A field tilts the trap: the barrier half a hop away is lower by z F a E/2 on one side and higher by as much on the
other, and an ion leaves to either, which is cosh. f is even in E: 1 without a field, 1 + w^2/2 in a low one, e^|w|/2 in
a high one; where the barrier is gone, an ion leaves at every attempt, f = nu/k_r (passing the barrier and attempting it
stand in series, which is our way to join them). Capture feels no field: a tilted trap is a shallower one, so that a
field empties traps at rest as well. The polarisation of a tilted trap is left out of Gauss' law: it is the share
F z a c_t/(2 eps E) of the displacement at most.

Sources: A. McNabb, P. K. Foster, Trans. Metall. Soc. AIME 227 (1963) 618; I. Langmuir, J. Am. Chem. Soc. 40 (1918)
1361; N. F. Mott, R. W. Gurney, Electronic Processes in Ionic Crystals, Oxford 1948, ch. 2 (the tilted barrier).
"""

from math import sinh, sqrt

from eisfv.kernel import kernel
from eisfv.physics.hopping import ARGUMENT_MAX


@kernel(inline="always")
def trapping(free, room, vacant, bound, capture, release):
    """Return the net capture (mol/m3/s) and its slopes against free = c, room = v, vacant = 1 - theta_t and bound."""
    leaves = release * room
    return capture * free * vacant - leaves * bound, capture * vacant, -release * bound, capture * free, -leaves


@kernel
def release_factor(square, largest):
    """Return f and its slope against w^2 = square; largest: nu/k_r, above 1."""
    w = sqrt(min(square, ARGUMENT_MAX * ARGUMENT_MAX))
    half = sinh(0.5 * w)
    excess, slope = 2.0 * half * half, 0.5 * sinh(w) / w if w > 1e-4 else 0.5 + w * w / 12.0
    excess += slope * (square - w * w)
    damping = 1.0 / (1.0 + excess / (largest - 1.0))
    return 1.0 + excess * damping, slope * damping * damping
