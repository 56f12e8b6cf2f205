"""Ions bound at traps: capture by empty traps, release from full ones.

    dc_t/dt = k_t c (1 - theta_t) - k_d theta_t,      theta_t = c_t/N_t,  k_d = k_r N_t
    dc/dt   = ... the other way round: free and bound ions together are kept

    c      concentration of the free ions                          mol/m3
    c_t    of the bound ones, which do not move and keep their charge   mol/m3
    N_t    density of the traps                                    mol/m3
    k_t    capture rate                                            1/s
    k_r    release rate                                            1/s

At rest theta_t/(1 - theta_t) = k_t c/(k_r N_t), Langmuir's isotherm; at a given c the traps relax with the rate
k_t c/N_t + k_r. Slow traps outlast a pulse that fills them: what they hold comes back after 1/k_r alone. In a layer as
thin as an atom they are the adsorption sites of a surface, N_t times its thickness of them per area.

Sources: A. McNabb, P. K. Foster, Trans. Metall. Soc. AIME 227 (1963) 618; I. Langmuir, J. Am. Chem. Soc. 40 (1918)
1361.
"""

from numba import njit


@njit(cache=True, error_model="numpy", inline="always")
def trapping(free, vacant, bound, capture, release):
    """Return the net capture (mol/m3/s) and its slopes against free, vacant = 1 - theta_t and bound."""
    return capture * free * vacant - release * bound, capture * vacant, capture * free, -release
