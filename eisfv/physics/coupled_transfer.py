"""Coupled ion-electron transfer: an ion enters its site together with an electron, whose reorganisation limits it.

    r = k0 v_l v_r [theta_l k(w) - theta_r k(-w)],      w = a + ln(v_r/v_l)
    k(w) = erfc[(lambda - sqrt(1 + sqrt(lambda) + w^2))/(2 sqrt(lambda))] / [2 (1 + e^{-w})],      k(w) = e^w k(-w)

    lambda  reorganisation energy over RT                                                    -

(r, k0, theta, v and a as in `eisfv.physics.transfer`.)

The transition state fills a site of either lattice, v_l v_r. From a solution, v_l = 1, it is the law of intercalation:
with c = theta_r and the overpotential eta (in RT/F, the reduction at eta < 0)

    r = k0 (1 - c) [theta_l k(-eta_f) - c k(eta_f)],      eta_f = eta + ln(theta_l/c) = -w

so that the exchange rate falls with a free site, (1 - c), and both directions saturate at large affinity. The rate
vanishes exactly where ln(theta/v) + a is level across the interface.

k is the uniformly valid form of Zeng et al. of the Marcus rate over a metal's electrons, and within 4 % of the integral
at lambda = 15; `eisfv.physics.marcus_hush_chidsey` has the integral itself.

Sources: D. Fraggedakis, M. McEldrew, R. B. Smith, Y. Krishnan, Y. Zhang, P. Bai, W. C. Chueh, Y. Shao-Horn,
M. Z. Bazant, Electrochim. Acta 367 (2021) 137432; Y. Zeng, R. B. Smith, P. Bai, M. Z. Bazant, J. Electroanal. Chem. 735
(2014) 77.
"""

from math import erfc, exp, log, pi, sqrt

from numba.core.types import UniTuple, float64

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel
from eisfv.physics.butler_volmer import AFFINITY_MAX

# Of the free fractions: the logarithm of no double that is less is of use.
EMPTY = 1e-300


@apart(UniTuple(float64, 6))
@kernel
def coupled_transfer(theta_l, v_l, theta_r, v_r, affinity, reorganisation):
    """Return r/k0 and its slopes against theta_l, v_l, theta_r, v_r and the affinity."""
    left, right = max(v_l, EMPTY), max(v_r, EMPTY)
    w = min(max(affinity + log(right) - log(left), -AFFINITY_MAX), AFFINITY_MAX)
    forward, by_forward = reduction(w, reorganisation)
    backward, by_backward = reduction(-w, reorganisation)
    net = theta_l * forward - theta_r * backward
    steep = theta_l * by_forward + theta_r * by_backward
    both = left * right
    return both * net, both * forward, right * (net - steep), -both * backward, left * (net + steep), both * steep


@kernel
def reduction(w, reorganisation):
    """Return k(w) and its slope; the larger of e^{|w|} is never formed."""
    wide = sqrt(1.0 + sqrt(reorganisation) + w * w)
    width = 2.0 * sqrt(reorganisation)
    at = (reorganisation - wide) / width
    tail = exp(-abs(w))
    share = 1.0 / (1.0 + tail) if w >= 0.0 else tail / (1.0 + tail)
    other = tail / (1.0 + tail) if w >= 0.0 else 1.0 / (1.0 + tail)
    value = 0.5 * share * erfc(at)
    return value, value * other + share * exp(-at * at) / sqrt(pi) * w / (wide * width)
