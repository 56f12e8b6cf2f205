"""How coefficients follow the temperature.

    k(T) = k(T_ref) exp[-(E/R) (1/T - 1/T_ref)],    T_ref = 298.15 K

E activation energy in J/mol; positive: the coefficient grows with temperature.
"""

from math import exp

from eisfv.constants import GAS_CONSTANT

REFERENCE_TEMPERATURE = 298.15  # K


def arrhenius(activation_energy: float | None, temperature: float) -> float:
    """Return k(T)/k(T_ref); 1 without an activation energy."""
    return exp(exponent(activation_energy, temperature))


def exponent(activation_energy: float | None, temperature: float) -> float:
    """Return ln k(T)/k(T_ref)."""
    return -(activation_energy or 0.0) / GAS_CONSTANT * (1.0 / temperature - 1.0 / REFERENCE_TEMPERATURE)
