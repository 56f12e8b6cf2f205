"""The conductivity of a host against its filling."""

from math import exp

from eisfv.model.arrhenius import arrhenius
from eisfv.model.host_curves import ConductivityCurve, PercolationConductivity, TabulatedConductivity

from .cubic import Curve, through
from .unsupported import UnsupportedError


def conductivity_curve(form: ConductivityCurve, z: int, temperature: float) -> Curve:
    """Return sigma(x) in S/m at a temperature (K) of a record. Raises UnsupportedError."""
    match form:
        case PercolationConductivity():
            factor = arrhenius(form.activation_energy, temperature)
            levels = factor * form.background, factor * form.slope
            return percolation(*levels, float(form.threshold), float(form.exponent), z)
        case TabulatedConductivity():
            return tabulated_conductivity(form, z, temperature)
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


def tabulated_conductivity(form: TabulatedConductivity, z: int, temperature: float) -> Curve:
    """Return sigma(x) in S/m through measured values at gamma = z x: the record's own curve of its logarithm."""
    curve = form.curve(temperature)
    cubic = through(curve.knots, curve.values, curve.slopes, curve.beyond)
    inside = cubic.function()
    return Curve(lambda x: exp(inside(z * x)), f"exp({cubic.text(f'({z}*{{x}})')})")
