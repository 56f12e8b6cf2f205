"""Flux of a dilute species between two points of one phase, by the fall of its electrochemical potential.

    N = -g f B(d) c_l (e^L - 1)         L <= 0
    N =  g f B(-d) c_r (e^-L - 1)       L > 0
    L = eta_r - eta_l,  d = z (phi_r - phi_l)                              (RT, RT/F)

    N    flow from left (l) to right (r)                                   mol/s
    g    D A / h, diffusivity x area / distance                            m3/s
    f    field-enhanced hopping factor, 1 without                          -
    c    concentration                                                     mol/m3
    eta  electrochemical potential y + mu0 + z phi                         RT

It is the exponential fitting of `eisfv.physics.exchange_flux` with c_r = c_l e^(L - d) put in: the same number, but
exact however small L is. In a good conductor a large current needs a fall of 1e-12 RT, of which the difference of two
products of concentrations keeps no digit.
"""

from math import exp, expm1

from eisfv.kernel import kernel
from eisfv.physics.bernoulli import bernoulli


@kernel(inline="always")
def level_flux(c_l, c_r, level, d):
    """Return N/(g f) and its slopes against L, c_l, c_r and d."""
    if level <= 0.0:
        weight, slope = bernoulli(d)
        fall = expm1(level)
        return -weight * c_l * fall, -weight * c_l * exp(level), -weight * fall, 0.0, -slope * c_l * fall
    weight, slope = bernoulli(-d)
    fall = expm1(-level)
    return weight * c_r * fall, -weight * c_r * exp(-level), 0.0, weight * fall, -slope * c_r * fall
