"""The Bernoulli function B(x) = x / (e^x - 1), the weight of exponential fitting.

B(0) = 1, B(-x) = B(x) + x, B -> 0 for x -> +inf and -> -x for x -> -inf.

Source: D. L. Scharfetter, H. K. Gummel, IEEE Trans. Electron Devices 16 (1969) 64.
"""

from math import exp, expm1

from numba import njit

# Below, the closed form of the slope loses digits by cancellation; the series then holds 16.
SERIES_BELOW = 0.15
# e^-700 is the smallest normal power in double precision.
EXPONENT_MAX = 700.0
# Coefficients of s^k, s = x^2, of B = 1 - x/2 + s sum b_k s^k and of dB/dx = -1/2 + x sum d_k s^k: products take a
# quarter of the time of quotients.
B0, B1, B2, B3, B4 = 1.0 / 12.0, -1.0 / 720.0, 1.0 / 30240.0, -1.0 / 1209600.0, 1.0 / 47900160.0
D0, D1, D2, D3, D4 = 2.0 * B0, 4.0 * B1, 6.0 * B2, 8.0 * B3, 10.0 * B4


@njit(cache=True, error_model="numpy")
def bernoulli(x):
    """Return B(x) and its slope dB/dx."""
    if abs(x) < SERIES_BELOW:
        s = x * x
        value = 1.0 - 0.5 * x + s * (B0 + s * (B1 + s * (B2 + s * (B3 + s * B4))))
        slope = -0.5 + x * (D0 + s * (D1 + s * (D2 + s * (D3 + s * D4))))
        return value, slope
    if x > EXPONENT_MAX:
        return 0.0, 0.0
    if x < -EXPONENT_MAX:
        return -x, -1.0
    share = 1.0 / expm1(x)
    value = x * share
    return value, share * (1.0 - value - x)


@njit(cache=True)
def capped_exp(x):
    """Return e^x for |x| <= 700 and the bound beyond; only a poor Newton iterate asks for more."""
    return exp(min(max(x, -EXPONENT_MAX), EXPONENT_MAX))
