"""Ions in a solvent that takes room: each ion and the molecules it binds displace free solvent.

    c_0 + sum_i (1 + kappa_i) c_i = N
    y_i = ln x_i - (1 + kappa_i) ln x_0,      x = c/(c_0 + sum_i c_i)

    c_0     concentration of the free solvent                                    mol/m3
    c_i     concentration of an ion with its shell                               mol/m3
    N       concentration of the pure solvent, 1/v                               mol/m3
    kappa   molecules of the solvent that an ion binds                           -
    x       mole fractions of ions and free solvent, which add up to 1           -
    y       ideal chemical potential, over RT: that of the ion, less 1 + kappa molecules of the solvent that it replaces

At equilibrium x_i x_0^-(1+kappa_i) e^(z_i F phi/RT) is level: the pressure of the double layer, RT N ln x_0 above that
of the bulk, is the solvent's. With kappa = 0 an ion takes the room of one molecule, the steric model of Bikerman with N
sites; a shell of ten makes the layer full at a tenth of a volt.

As the fluxes have it, y_i = ln(theta_i/v_i) with theta_i = c_i/N and the free share v_i = r x_0^(1 + kappa_i),
r = 1/(x_0 + sum_j (1 + kappa_j) x_j).

From y the free solvent follows as the one root of sum_j e^(y_j) x_0^(1 + kappa_j) + x_0 = 1. The left side is convex
and rises in ln x_0: Newton from above never leaves the root's side.

Sources: W. Dreyer, C. Guhlke, R. Mueller, Phys. Chem. Chem. Phys. 15 (2013) 7075; W. Dreyer, C. Guhlke, M. Landstorfer,
Electrochem. Commun. 43 (2014) 75 (solvation).
"""

from math import exp

from numba.core.types import UniTuple, float64

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel

ITERATIONS = 200  # ten were the most of 200 000 random mixtures
ENOUGH = 1e-15  # of ln x_0, its rounding
LARGEST_Y = 1e4  # only a poor Newton iterate asks for more


@kernel
def free_solvent(y, size):
    """Return ln x_0; size (species) 1 + kappa of the solvated ones, 0 of others, whose y does not count."""
    logarithm = 0.0
    for s in range(y.size):
        if size[s] > 0.0:
            logarithm = min(logarithm, -min(y[s], LARGEST_Y) / size[s])
    for _ in range(ITERATIONS):
        value, slope = exp(logarithm) - 1.0, exp(logarithm)
        for s in range(y.size):
            if size[s] > 0.0:
                share = exp(min(y[s], LARGEST_Y) + size[s] * logarithm)
                value += share
                slope += size[s] * share
        step = value / slope
        logarithm -= step
        if abs(step) <= ENOUGH * max(1.0, abs(logarithm)):
            break
    return logarithm


@kernel
def room(y, size, logarithm):
    """Return r = N/(c_0 + sum c_i) inverted, 1/(x_0 + sum size x), and r (x_0 + sum size^2 x)."""
    first, second = exp(logarithm), exp(logarithm)
    for s in range(y.size):
        if size[s] > 0.0:
            share = exp(min(y[s], LARGEST_Y) + size[s] * logarithm)
            first += size[s] * share
            second += size[s] * size[s] * share
    return 1.0 / first, second / first


@apart(UniTuple(float64, 2))
@kernel
def solvated_share(y, size, s):
    """Return theta_s = c_s/N and the free share v_s."""
    logarithm = free_solvent(y, size)
    r, _ = room(y, size, logarithm)
    return r * exp(min(y[s], LARGEST_Y) + size[s] * logarithm), r * exp(size[s] * logarithm)


@kernel(inline="always")
def solvated_slope(r, q, other, size_s, size_o):
    """Return d ln v_s/dy_o, other = x_o; r, q of `room`. ln theta_s has 1 more for o = s."""
    return -r * other * (size_s + size_o - q)
