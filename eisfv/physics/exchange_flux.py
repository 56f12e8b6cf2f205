"""Flux of a species between two points of one phase: exponential fitting with site exclusion.

    N = g f [B(d) c_l v_r - B(-d) c_r v_l]
    d = z (phi_r - phi_l) + mu_ex,r - mu_ex,l          (potentials in RT/F and RT)

    N    flow from left (l) to right (r)                                        mol/s
    g    D A / h, diffusivity x area / distance                                 m3/s
    f    field-enhanced hopping factor, 1 without                               -
    c    concentration                                                          mol/m3
    v    fraction of the target's sites that is free; 1 in a dilute solution    -

N = 0 iff y + mu_ex + z phi is level, y = ln(c/(density v)): the scheme is exact at equilibrium. Without a field and an
excess term it is D A (c_l - c_r)/h for the dilute and for the lattice gas alike, with the mobility D c v/RT.

Sources: R. Eymard, J. Fuhrmann, K. Gaertner, Numer. Math. 102 (2006) 463 (exponential fitting beyond Boltzmann
statistics); C. Cances et al., IMA J. Numer. Anal. 41 (2021) 271 (comparison of such schemes for a gas with exclusion).
The free-site factor is the exchange rule of a lattice gas: a hop needs an occupied origin and an empty target.
"""

from eisfv.kernel import kernel
from eisfv.physics.bernoulli import bernoulli


@kernel(inline="always")
def exchange_flux(c_l, v_l, c_r, v_r, d):
    """Return N/(g f) and its slopes against c_l, v_l, c_r, v_r and d."""
    # The small weight of the two is computed, the large one is their difference |d| above it: no digit is lost.
    if d >= 0.0:
        forward, forward_slope = bernoulli(d)
        backward, backward_slope = forward + d, forward_slope + 1.0
    else:
        backward, backward_slope = bernoulli(-d)
        forward, forward_slope = backward - d, -backward_slope - 1.0
        backward_slope = -backward_slope
    flux = forward * c_l * v_r - backward * c_r * v_l
    slope_d = forward_slope * c_l * v_r - backward_slope * c_r * v_l
    return flux, forward * v_r, -backward * c_r, -backward * v_l, forward * c_l, slope_d
