"""Electronic conductivity of a host against the electrons per metal site.

    sigma(gamma) = s0 + a gamma^p + S gamma u^n / (1 + u^n),   u = gamma / gamma_p

    s0       empty host; S slope far above the threshold      S/m
    a        of carriers that hop one by one, each by itself where p = 1: what conducts below the threshold   S/m
    gamma_p  percolation threshold; n its sharpness           -

Without hopping (a = 0) the conductivity grows as gamma^(n+1) below gamma_p, above linearly.
A tabulated curve is a monotone cubic of ln sigma against gamma.
"""

from math import exp

from numba.core.types import UniTuple, float64

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel
from eisfv.physics.cubic import cubic

PERCOLATION, TABLE = 0, 1


@apart(UniTuple(float64, 2))
@kernel
def conductivity(row, gamma):
    """Return sigma and its slope against gamma; row = [0, s0, S, gamma_p, n, a, p] or [1, cubic of ln sigma].

    ValueError on an unknown kind.
    """
    kind = int(row[0])
    if kind == TABLE:
        logarithm, slope = cubic(row[1:], gamma)
        sigma = exp(min(logarithm, 100.0))
        return sigma, sigma * slope
    if kind != PERCOLATION:
        raise ValueError("a conductivity curve of an unknown kind")
    power = (gamma / row[3]) ** row[4]
    share = power / (1.0 + power)
    sigma, slope = row[1] + row[2] * gamma * share, row[2] * share * (1.0 + row[4] / (1.0 + power))
    if row[5] != 0.0:
        hopping = row[5] * gamma ** (row[6] - 1.0)
        sigma, slope = sigma + hopping * gamma, slope + row[6] * hopping
    return sigma, slope
