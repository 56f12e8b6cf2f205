"""The conductivity of a host against its filling, and the temperature law of every coefficient."""

from collections.abc import Mapping
from math import exp
from typing import Any

import numpy as np
from eisfv.postprocess.circuit.cubic import Curve, through

from eisfv.constants import GAS_CONSTANT
from eisfv.units import parse

REFERENCE_TEMPERATURE = 298.15  # K, of every Arrhenius law of a case


def conductivity_curve(form: Mapping[str, Any], z: int, temperature: float) -> Curve:
    """Return sigma(x), S/m."""
    energy = parse(form["activation_energy"]["value"], "molar energy") if "activation_energy" in form else 0.0
    scale = arrhenius(energy, temperature)
    if form["form"] == "percolation":
        s0 = scale * parse(form["background"]["value"], "conductivity")
        slope = scale * parse(form["slope"]["value"], "conductivity")
        threshold, power = float(form["threshold"]["value"]), float(form["exponent"]["value"])

        def sigma(x: float) -> float:
            u = (z * x / threshold) ** power
            return float(s0 + slope * z * x * u / (1.0 + u))

        u = f"pow({z}*{{x}}/{threshold:.12g},{power:.12g})"
        return Curve(sigma, f"({s0:.12g}+{slope * z:.12g}*{{x}}/(1+1/{u}))")
    from scipy.interpolate import PchipInterpolator  # here: 0.2 s that an analytic curve does not need

    gamma = np.array(form["gamma"], float)
    values = np.log([scale * parse(text, "conductivity") for text in form["conductivity"]])
    cubic = through(gamma, values, PchipInterpolator(gamma, values)(gamma, 1))
    inside = cubic.function()
    return Curve(lambda x: exp(inside(z * x)), f"exp({cubic.text(f'({z}*{{x}})')})")


def arrhenius(energy: float, temperature: float) -> float:
    """Return exp[-(Ea/R)(1/T - 1/T_ref)], Ea in J/mol."""
    return exp(-energy / GAS_CONSTANT * (1.0 / temperature - 1.0 / REFERENCE_TEMPERATURE))
