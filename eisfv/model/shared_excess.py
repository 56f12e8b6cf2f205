"""How a host splits its excess potential between the ion and the electrons.

    S(x)  = -(zF/RT) dU/dx                                 stiffness of the neutral host
    nu    = n/c_site, electrons per site; neutral nu = z x + b                             -
    mu_e  = mu0 + ln(n/n_ref) + E(ln nu)                   of the electrons, over RT
    mu_ex = -zFU/RT - ln(x/(1-x)) - z [ln(n/n_ref) + E]    of the ion, at nu = z x + b

Ion and z electrons together show U(x) for any E. With E = 0 the ion alone, at a fixed electron density, is unstable
wherever S < z^2/nu: always on a plateau, and its space charge has no solution there. The electrons therefore take

    d mu_e / d ln nu = e = min[1, (1 - s) S nu/z^2],   s = 1/(1 + z),   at least E_MIN

which leaves the ion the stiffness S - z^2 e/nu >= s S > 0 wherever S > 0. Where U(x) falls as steeply as that of
dilute ions with their electrons, S nu >= z (1 + z), e is 1 and the electrons stay ideal: so do polarons. A curve with
the site entropy alone, S = 1/(x(1-x)), would leave the ion none of its own and its double layers no solution.
"""

from itertools import pairwise

import numpy as np

from eisfv.model.miscibility import ROUNDING, Curve
from eisfv.model.monotone import Floats, Hermite

E_MIN = 1e-3
POINTS = 48  # between two knots
TAIL = 30.0  # of ln(x/(1-x)) beyond the first and the last one
FARTHEST = 690.0  # of ln(x/(1-x)): beyond it x (1-x) is no number any more
NEIGHBOURS = 4  # on either side; the smallest e of them counts, so that the bound holds between points too


def shared_excess(curve: Curve, z: int, background: float) -> Hermite | None:
    """Return E against ln nu; None where the electrons are ideal at every composition, and where U(x) rises somewhere:
    the neutral host is unstable then, and no split cures it.

    curve       zFU/RT against ln(x/(1-x))
    background  electrons of the empty host per site
    """
    ends = np.concatenate([[curve.knots[0] - TAIL], curve.knots, [curve.knots[-1] + TAIL]])
    y = np.concatenate([np.linspace(a, b, POINTS) for a, b in pairwise(ends)])
    y = np.unique(np.clip(y, -FARTHEST, FARTHEST))
    x, free = 1.0 / (1.0 + np.exp(-y)), 1.0 / (1.0 + np.exp(y))
    nu = z * x + background
    slope = curve.slope(y)
    if (slope > ROUNDING).any():
        return None
    share = z / (1.0 + z)
    e = np.clip(share * -slope / (x * free) * nu / z**2, E_MIN, 1.0)
    if (e > 1.0 - ROUNDING).all():
        return None
    padded = np.pad(e, NEIGHBOURS, mode="edge")
    e = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1).min(axis=1)
    ln_nu = np.log(nu)
    apart = np.concatenate([[True], np.diff(ln_nu) > 1e-9])  # near a full host nu grows no more
    ln_nu, e = ln_nu[apart], e[apart]
    return excess_of(ln_nu, e)


def excess_of(ln_nu: Floats, e: Floats) -> Hermite:
    """Return E(ln nu) from d mu_e/d ln nu: a parabola between two places, from zero at the first."""
    excess = np.concatenate([[0.0], np.cumsum(0.5 * (e[1:] + e[:-1] - 2.0) * np.diff(ln_nu))])
    return Hermite(ln_nu, excess, e - 1.0, (float(e[0]) - 1.0, float(e[-1]) - 1.0))
