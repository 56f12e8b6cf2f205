"""Elementary functions without a branch or a call, so that a loop over a row of numbers becomes one over vectors.

    e^x = 2^k (1 + p),   k = round(x / ln 2),   p = e^r - 1,   r = x - k ln 2

k is rounded by adding 1.5 2^52, r taken with ln 2 in two parts, p the Taylor series to r^13 (|r| < 0.35: 2e-17 of it
are left out), and 2^k written into the exponent of a number. e^x - 1 = 2^k p + (2^k - 1) keeps its digits where x is
small.

    ln m = k ln 2 + 2 atanh(s),   m = 2^k f,   sqrt(1/2) <= f < sqrt(2),   s = (f - 1)/(f + 1)

k and f are read from the bits of m > 0, the smallest numbers (below 2e-308) excepted, and atanh(s) = s + s^3/3 + ... is
taken to s^21 (|s| < 0.172: 2e-18 of it are left out).

Source: P. T. P. Tang, ACM Trans. Math. Softw. 15 (1989) 144 (reduction with ln 2 in two parts).
"""

from llvmlite import ir
from numba.core.types import UniTuple, float64
from numba.extending import intrinsic

from eisfv.kernel import kernel

PER_LN2 = 1.4426950408889634
# ln 2 in two parts, the first with zeros enough that k times it is exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# 1.5 2^52: added to a number it leaves the next integer in the last bits of the sum.
ROUNDER = 6755399441055744.0
ROUNDER_BITS = 0x4338000000000000
HALF_ROOT = 0x3FE6A09E667F3BCD  # the bits of sqrt(1/2)


@intrinsic
def power_of_two(typing, rounded):
    """Return 2^k of k + ROUNDER, |k| < 1023."""

    def write(context, builder, sig, args):
        bits, place = ir.IntType(64), ir.IntType(64)(52)
        exponent = builder.shl(builder.bitcast(args[0], bits), place)
        return builder.bitcast(builder.add(exponent, bits(1023 << 52)), ir.DoubleType())

    return float64(float64), write


@intrinsic
def split(typing, number):
    """Return f and k of a number f 2^k, sqrt(1/2) <= f < sqrt(2)."""

    def write(context, builder, sig, args):
        bits, real = ir.IntType(64), ir.DoubleType()
        # Above sqrt(1/2), so that the exponent of the difference rises by one at sqrt(2).
        above = builder.sub(builder.bitcast(args[0], bits), bits(HALF_ROOT))
        f = builder.bitcast(builder.add(builder.and_(above, bits((1 << 52) - 1)), bits(HALF_ROOT)), real)
        # An exponent of eleven bits and its sign: without a shift that keeps signs, which vectors lack.
        k = builder.lshr(builder.add(above, bits(1024 << 52)), bits(52))
        shifted = builder.fsub(builder.bitcast(builder.or_(k, bits(ROUNDER_BITS)), real), real(ROUNDER + 1024.0))
        return context.make_tuple(builder, sig.return_type, (f, shifted))

    return UniTuple(float64, 2)(float64), write


@kernel(inline="always")
def row_log(x):
    """Return ln x of a normal number x > 0."""
    f, k = split(x)  # type: ignore[call-arg, var-annotated]  # numba gives the first itself
    s = (f - 1.0) / (f + 1.0)
    q = s * s
    tail = 1 / 15 + q * (1 / 17 + q * (1 / 19 + q * (1 / 21)))
    tail = 1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q * tail)))
    tail = q * (1 / 3 + q * (1 / 5 + q * tail))
    return k * LN2_HIGH + (2.0 * s + (2.0 * s * tail + k * LN2_LOW))


@kernel(inline="always")
def exp_parts(x):
    """Return 2^k and p, of which e^x = 2^k (1 + p), |x| <= 700."""
    rounded = x * PER_LN2 + ROUNDER
    k = rounded - ROUNDER
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    tail = 1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))
    tail = 1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * tail))
    tail = 1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * tail))
    scale = power_of_two(rounded)  # type: ignore[call-arg, var-annotated]  # numba gives the first itself
    return scale, r + r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * tail)))
