"""The conductivity of a host against its filling."""

from math import exp

import numpy as np

from eisfv.model.arrhenius import arrhenius
from eisfv.model.host_curves import ConductivityCurve, PercolationConductivity, TabulatedConductivity

from .cubic import Curve, through
from .unsupported import UnsupportedError


def conductivity_curve(form: ConductivityCurve, z: int, temperature: float) -> Curve:
    """Return sigma(x) in S/m at a temperature (K) of a record. Raises UnsupportedError."""
    factor = arrhenius(form.activation_energy, temperature)
    match form:
        case PercolationConductivity():
            levels = factor * form.background, factor * form.slope
            return percolation(*levels, float(form.threshold), float(form.exponent), z)
        case TabulatedConductivity():
            return tabulated_conductivity(np.array(form.gamma), factor * np.array(form.conductivity), z)
        case _:
            reason = f"the conductivity of a host is {form.form}; the compact model has percolation and table"
            raise UnsupportedError(reason)


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
