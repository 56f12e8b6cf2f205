"""Transfer of an ion over a barrier between two sites, at most at every attempt.

    r = k0 g [theta_l v_r e^{alpha a} - theta_r v_l e^{-(1 - alpha) a}]
    1/g = 1 + e^{-W} (e^{alpha a} + e^{-(1 - alpha) a})

    k0     rate constant, N nu e^{-W}: N ions per area at the interface, nu their attempts   mol m^-2 s^-1
    alpha  share of the affinity that lowers the barrier from the left, 0 < alpha < 1        -
    W      height of the barrier over RT where the affinity is zero                          -

(r, theta, v and a as in `eisfv.physics.transfer`.)

Below the barrier, alpha |a| < W, it is Butler-Volmer; beyond, the field has pulled the barrier down and an ion passes
at every attempt, k0 e^W = N nu. Both directions carry the same factor, so that the rate vanishes exactly where
ln(theta/v) + a is level across the interface.

Source: S. Glasstone, K. J. Laidler, H. Eyring, The Theory of Rate Processes, McGraw-Hill 1941, ch. 10 (the barrier and
its attempts). The way the two limits are joined, in series, is ours, as in `eisfv.physics.hopping`.
"""

from math import exp

from numba.core.types import UniTuple, float64

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel
from eisfv.physics.butler_volmer import AFFINITY_MAX, butler_volmer


@apart(UniTuple(float64, 6))
@kernel
def barrier_transfer(theta_l, v_l, theta_r, v_r, affinity, alpha, barrier):
    """Return r/k0 and its slopes against theta_l, v_l, theta_r, v_r and the affinity."""
    a = min(max(affinity, -AFFINITY_MAX), AFFINITY_MAX)
    rate, by_tl, by_vl, by_tr, by_vr, by_a = butler_volmer(theta_l, v_l, theta_r, v_r, a, alpha)
    over, under = exp(alpha * a - barrier), exp(-(1.0 - alpha) * a - barrier)
    g = 1.0 / (1.0 + over + under)
    by_a -= rate * g * (alpha * over - (1.0 - alpha) * under)
    return g * rate, g * by_tl, g * by_vl, g * by_tr, g * by_vr, g * by_a
