"""The conductivity of a host against its filling, and the temperature law of every coefficient."""

from math import exp

import numpy as np

from eisfv.constants import GAS_CONSTANT

from .cubic import Curve, through

REFERENCE_TEMPERATURE = 298.15  # K, of every Arrhenius law of a case


def percolation(background: float, slope: float, threshold: float, power: float, z: int) -> Curve:
    """Return sigma(x) = background + slope g u/(1 + u), u = (g/threshold)^power, g = z x; S/m."""

    def sigma(x: float) -> float:
        u = (z * x / threshold) ** power
        return float(background + slope * z * x * u / (1.0 + u))

    u = f"pow({z}*{{x}}/{threshold:.12g},{power:.12g})"
    return Curve(sigma, f"({background:.12g}+{slope * z:.12g}*{{x}}/(1+1/{u}))")


def tabulated_conductivity(gamma: np.ndarray, sigma: np.ndarray, z: int) -> Curve:
    """Return sigma(x) in S/m through measured values at gamma = z x: a monotone cubic of its logarithm."""
    from scipy.interpolate import PchipInterpolator  # here: 0.2 s that an analytic curve does not need

    values = np.log(sigma)
    cubic = through(gamma, values, PchipInterpolator(gamma, values)(gamma, 1))
    inside = cubic.function()
    return Curve(lambda x: exp(inside(z * x)), f"exp({cubic.text(f'({z}*{{x}})')})")


def arrhenius(energy: float, temperature: float) -> float:
    """Return exp[-(Ea/R)(1/T - 1/T_ref)], Ea in J/mol."""
    return exp(-energy / GAS_CONSTANT * (1.0 / temperature - 1.0 / REFERENCE_TEMPERATURE))
