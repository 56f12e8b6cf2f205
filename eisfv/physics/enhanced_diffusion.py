"""A share of the excess potential taken as diffusion, where it runs against the composition from cell to cell.

    N = e [B(d/e) c_l v_r - B(-d/e) c_r v_l],    d = z dphi + dmu - (e - 1) dy

    dphi, dmu, dy   right minus left: potential, excess potential, ideal chemical potential           RT/F, RT
    e               any number above 0                                                                 -

is at rest iff y + mu + z phi is level, for any e (B(x) = B(-x) e^-x), and e = 1 is `eisfv.physics.exchange_flux`. There
an excess that grows as a cell empties, mu = -(1 - s) y, shuts the face, B(dmu) c_l -> 0: the flow out of a full cell
falls the emptier its neighbour is, and an empty one stays empty. That is no state of the device, but Newton finds it.
Where neighbours differ by more than APART, and there alone,

    e = 1 + p dmu/dy,    p = 1 - e^(-t^2),  t = |dy| - APART

goes over to the thermodynamic factor s, and N to s B(z dphi/s) c_l, which falls no more.

Sources: M. Bessemoulin-Chatard, Numer. Math. 121 (2012) 637 and T. Koprucki, K. Gaertner, Opt. Quantum Electron. 45
(2013) 791 (exponential fitting with enhanced diffusion).
"""

from math import exp

from eisfv.kernel import kernel

# RT: up to there B(dmu) (1 - e^(dmu + dy)) rises with |dy|, whatever s: to 1.59 for s -> 0, to 2.00 for s = 1/2.
APART = 1.5
# Of e, where the neighbours lie in a region that is not stable: the least factor s that a stable host is left with
# (`eisfv.model.shared_excess.E_MIN`).
LEAST = 1e-3


@kernel(inline="always")
def enhancement(mu, y):
    """Return e and its slopes against the jumps of the excess and of the ideal chemical potential."""
    beyond = abs(y) - APART
    if beyond <= 0.0 or mu * y >= 0.0:
        return 1.0, 0.0, 0.0
    rest = exp(-beyond * beyond)
    share, ratio = 1.0 - rest, mu / y
    factor = 1.0 + share * ratio
    if factor < LEAST:
        return LEAST, 0.0, 0.0
    by_share = 2.0 * beyond * rest
    return factor, share / y, ratio * ((by_share if y > 0.0 else -by_share) - share / y)
