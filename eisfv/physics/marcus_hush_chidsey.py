"""Marcus-Hush-Chidsey transfer of a species between two phases: the rate saturates at large affinity.

    r = k0 [theta_l v_r k(a) - theta_r v_l k(-a)]
    k(a) = 1/pi integral e^{t/2 - t^2/(4 lambda)} / (1 + e^{t - a}) dt,      k(a) = e^a k(-a)

    r       transfer rate, positive from left to right                                       mol m^-2 s^-1
    k0      rate constant                                                                    mol m^-2 s^-1
    theta   c/density: occupied fraction of the sites, or activity of a dilute species       -
    v       free fraction of the sites: 1 - theta on a lattice, 1 for a dilute species       -
    a       affinity without the site entropy, left minus right, over RT:
            mu0 + mu_excess + z F phi at the two reaction planes                             -
    lambda  reorganisation energy over RT                                                    -
    t       energy of the electron that takes part, over RT                                  -

Since t/2 - t^2/(4 lambda) = lambda/4 - (t - lambda)^2/(4 lambda), this is the Marcus rate of each electron, summed over
the Fermi distribution of a metal. The factor e^{lambda/4}/pi is chosen so that k(a) -> e^{a/2}, Butler-Volmer with
alpha = 1/2, for lambda -> infinity; k(0) is near 1. For a >> lambda k stays at 2 sqrt(lambda/pi) e^{lambda/4}.

The integrand is smooth, so that equal steps converge like e^{-2 pi^2/h}. The closed form of Zeng et al.,
sqrt(pi lambda) erfc[(lambda - sqrt(1 + sqrt(lambda) + a^2))/(2 sqrt(lambda))]/(1 + e^{-a}), is within 6 % of k(a)/k(0)
at lambda = 10, but 29 % off at 40 (1 eV), and has not Butler-Volmer as its limit.

The sum has 2 int(11 sqrt(lambda)/h) + 1 terms, h = min(0.7, sqrt(lambda)), of two exponentials each, whatever the
affinity. One call of Butler-Volmer takes 9 ns; of this law 42 times that at lambda = 1 (31 terms), 130 at 10 (99), 190
at 20 (141), 260 at 40 (199): a call for each interface face and species, 1 to 2 us at lambda = 10 to 40, where the
residual of a stack of 145 cells takes 25 us.

Sources: C. E. D. Chidsey, Science 251 (1991) 919; Y. Zeng, R. B. Smith, P. Bai, M. Z. Bazant, J. Electroanal. Chem. 735
(2014) 77.
"""

from math import exp, pi, sqrt

from numba.core.types import UniTuple, float64

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel
from eisfv.physics.butler_volmer import AFFINITY_MAX

STEP = 0.7  # in t: e^{-2 pi^2/h} is 6e-13
WIDTH = 11.0  # sqrt(lambda) on either side of the peak, beyond which e^{-30} is left


@apart(UniTuple(float64, 6))
@kernel
def marcus_hush_chidsey(theta_l, v_l, theta_r, v_r, affinity, reorganisation):
    """Return r/k0 and its slopes against theta_l, v_l, theta_r, v_r and the affinity."""
    a = min(max(affinity, -AFFINITY_MAX), AFFINITY_MAX)
    fast, fast_slope = downhill(abs(a), reorganisation)
    slow = fast * exp(-abs(a))
    slow_slope = (fast_slope - fast) * exp(-abs(a))
    if a >= 0.0:
        forward, backward, by_forward, by_backward = fast, slow, fast_slope, slow_slope
    else:
        forward, backward, by_forward, by_backward = slow, fast, -slow_slope, -fast_slope
    slope_affinity = theta_l * v_r * by_forward - theta_r * v_l * by_backward
    rate = theta_l * v_r * forward - theta_r * v_l * backward
    return rate, v_r * forward, -theta_r * backward, -v_l * backward, theta_l * forward, slope_affinity


@kernel(inline="always")
def downhill(a, reorganisation):
    """Return k(a) and its slope for a >= 0, where no term exceeds e^{a/2}; x = t - a is above the Fermi level."""
    h = min(STEP, sqrt(reorganisation))
    count = int(WIDTH * sqrt(reorganisation) / h)
    peak = min(0.0, reorganisation - a)
    total, slope = 0.0, 0.0
    for i in range(-count, count + 1):
        x = peak + h * i
        tail = exp(-abs(x))
        term = exp(0.5 * (a - abs(x)) - (x + a) ** 2 / (4.0 * reorganisation)) / (1.0 + tail)
        total += term
        slope += term * (1.0 if x > 0.0 else tail) / (1.0 + tail)
    return total * h / pi, slope * h / pi
