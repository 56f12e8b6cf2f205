"""Elementary functions without a branch or a call, so that a loop over a row of numbers becomes one over vectors.

    e^x = 2^k (1 + p),   k = round(x / ln 2),   p = e^r - 1,   r = x - k ln 2

k is rounded by adding 1.5 2^52, r taken with ln 2 in two parts, p the Taylor series to r^13 (|r| < 0.35: 2e-17 of it
are left out), and 2^k written into the exponent of a number. e^x - 1 = 2^k p + (2^k - 1) keeps its digits where x is
small.

Source: P. T. P. Tang, ACM Trans. Math. Softw. 15 (1989) 144 (reduction with ln 2 in two parts).
"""

from llvmlite import ir
from numba import njit
from numba.core.types import float64
from numba.extending import intrinsic

PER_LN2 = 1.4426950408889634
# ln 2 in two parts, the first with zeros enough that k times it is exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# 1.5 2^52: added to a number it leaves the next integer in the last bits of the sum.
ROUNDER = 6755399441055744.0


@intrinsic
def power_of_two(typing, rounded):
    """Return 2^k of k + ROUNDER, |k| < 1023."""

    def write(context, builder, sig, args):
        bits, place = ir.IntType(64), ir.IntType(64)(52)
        exponent = builder.shl(builder.bitcast(args[0], bits), place)
        return builder.bitcast(builder.add(exponent, bits(1023 << 52)), ir.DoubleType())

    return float64(float64), write


@njit(cache=True, error_model="numpy", inline="always")
def exp_parts(x):
    """Return 2^k and p, of which e^x = 2^k (1 + p), |x| <= 700."""
    rounded = x * PER_LN2 + ROUNDER
    k = rounded - ROUNDER
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    tail = 1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))
    tail = 1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * tail))
    tail = 1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * tail))
    return power_of_two(rounded), r + r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * tail)))
