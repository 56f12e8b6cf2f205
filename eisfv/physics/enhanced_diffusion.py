"""A share of the excess potential taken as diffusion, where it runs off against the composition.

    N = e [B(d/e) c_l v_r - B(-d/e) c_r v_l],    d = z dphi + dmu - (e - 1) dy

    dphi, dmu, dy   right minus left: potential, excess potential, ideal chemical potential           RT/F, RT
    e               any number above 0                                                                 -

is at rest iff y + mu + z phi is level, for any e (B(x) = B(-x) e^-x), and e = 1 is `eisfv.physics.exchange_flux`. There
an excess that grows without bound as a cell empties, mu = -(1 - s) y, shuts the face: B(dmu) c_l -> 0, and an empty
cell stays empty beside a full one. That is no solution of the device but Newton finds it. So what dmu has beyond
LARGEST against dy goes into

    e = 1 + (dmu -+ LARGEST)/dy

which tends to the thermodynamic factor s, and N to s B(z dphi/s) c_l > 0.

Sources: M. Bessemoulin-Chatard, Numer. Math. 121 (2012) 637 and T. Koprucki, K. Gaertner, Opt. Quantum Electron. 45
(2013) 791 (exponential fitting with enhanced diffusion).
"""

from numba import njit

LARGEST = 5.0  # RT: a face is then shut to 5 e^-5 = 3 %


@njit(cache=True, error_model="numpy", inline="always")
def enhancement(mu, y):
    """Return e for jumps of the excess and of the ideal chemical potential; 1 where nothing runs off."""
    if mu * y < 0.0 and abs(mu) > LARGEST:
        factor = 1.0 + (mu - LARGEST if mu > 0.0 else mu + LARGEST) / y
        if factor > 0.0:  # else the region is unstable there, and nothing is diffusion
            return factor
    return 1.0
