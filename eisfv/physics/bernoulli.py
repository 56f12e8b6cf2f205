"""The Bernoulli function B(x) = x / (e^x - 1), the weight of exponential fitting.

B(0) = 1, B(-x) = B(x) + x, B -> 0 for x -> +inf and -> -x for x -> -inf.

Source: D. L. Scharfetter, H. K. Gummel, IEEE Trans. Electron Devices 16 (1969) 64.
"""

from math import exp, expm1

from eisfv.kernel import kernel

# Below, the closed form of the slope loses digits by cancellation; the series then holds 16.
SERIES_BELOW = 0.15
# e^-700 is the smallest normal power in double precision.
EXPONENT_MAX = 700.0


@kernel
def bernoulli(x):
    """Return B(x) and its slope dB/dx."""
    if abs(x) < SERIES_BELOW:
        s = x * x
        value = (
            1.0 - 0.5 * x + s / 12.0 * (1.0 - s / 60.0 * (1.0 - s / 42.0 * (1.0 - s / 40.0 * (1.0 - s * 5.0 / 198.0))))
        )
        slope = -0.5 + x / 6.0 * (1.0 - s / 30.0 * (1.0 - s / 28.0 * (1.0 - s / 30.0 * (1.0 - s * 25.0 / 792.0))))
        return value, slope
    if x > EXPONENT_MAX:
        return 0.0, 0.0
    if x < -EXPONENT_MAX:
        return -x, -1.0
    value = x / expm1(x)
    return value, value * (1.0 - value - x) / x


@kernel(inline="always")
def capped_exp(x):
    """Return e^x for |x| <= 700 and the bound beyond; only a poor Newton iterate asks for more."""
    return exp(min(max(x, -EXPONENT_MAX), EXPONENT_MAX))
