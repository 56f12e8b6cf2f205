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
            hopping, power = form.hop
            shape = float(form.threshold), float(form.exponent), factor * hopping, power
            return percolation(*levels, *shape, z)
        case TabulatedConductivity():
            return tabulated_conductivity(form, z, temperature)
        case _:
            reason = f"the conductivity of a host is {form.form}; the compact model has percolation and table"
            raise UnsupportedError(reason)


def percolation(
    background: float, slope: float, threshold: float, exponent: float, hopping: float, power: float, z: int
) -> Curve:
    """Return sigma(x) = background + hopping g^power + slope g u/(1 + u), u = (g/threshold)^exponent, g = z x; S/m."""

    def sigma(x: float) -> float:
        u = (z * x / threshold) ** exponent
        return float(background + hopping * (z * x) ** power + slope * z * x * u / (1.0 + u))

    u = f"pow({z}*{{x}}/{threshold:.12g},{exponent:.12g})"
    one_by_one = f"+{hopping:.12g}*pow({z}*{{x}},{power:.12g})" if hopping else ""
    return Curve(sigma, f"({background:.12g}{one_by_one}+{slope * z:.12g}*{{x}}/(1+1/{u}))")


def tabulated_conductivity(form: TabulatedConductivity, z: int, temperature: float) -> Curve:
    """Return sigma(x) in S/m through measured values at gamma = z x: the record's own curve of its logarithm."""
    curve = form.curve(temperature)
    cubic = through(curve.knots, curve.values, curve.slopes, curve.beyond)
    inside = cubic.function()
    return Curve(lambda x: exp(inside(z * x)), f"exp({cubic.text(f'({z}*{{x}})')})")
