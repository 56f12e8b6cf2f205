"""Butler-Volmer transfer of a species between two phases, sites finite or not.

    r = k0 [theta_l v_r e^{alpha a} - theta_r v_l e^{-(1 - alpha) a}]

    r      transfer rate, positive from left to right                                        mol m^-2 s^-1
    k0     rate constant                                                                     mol m^-2 s^-1
    theta  c/density: occupied fraction of the sites, or activity of a dilute species        -
    v      free fraction of the sites: 1 - theta on a lattice, 1 for a dilute species        -
    a      affinity without the site entropy, left minus right, over RT:
           mu0 + mu_excess + z F phi at the two reaction planes                              -
    alpha  transfer coefficient, 0 < alpha < 1                                               -

The rate vanishes exactly where ln(theta/v) + a is level across the interface, at any composition: the law adds
kinetics, never thermodynamics. The exchange rate is k0 (theta_l v_r)^(1-alpha) (theta_r v_l)^alpha.

Source: M. Z. Bazant, Acc. Chem. Res. 46 (2013) 1144, lattice gas with one transition-state site.
"""

from math import exp

from eisfv.kernel import kernel

# e^300 is beyond any physical rate; only a poor Newton iterate asks for more.
AFFINITY_MAX = 600.0


@kernel(inline="always")
def butler_volmer(theta_l, v_l, theta_r, v_r, affinity, alpha):
    """Return r/k0 and its slopes against theta_l, v_l, theta_r, v_r and the affinity."""
    a = min(max(affinity, -AFFINITY_MAX), AFFINITY_MAX)
    forward = exp(alpha * a)
    backward = exp(-(1.0 - alpha) * a)
    to_right = theta_l * v_r * forward
    to_left = theta_r * v_l * backward
    slope_affinity = alpha * to_right + (1.0 - alpha) * to_left
    return to_right - to_left, v_r * forward, -theta_r * backward, -v_l * backward, theta_l * forward, slope_affinity
