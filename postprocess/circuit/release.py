"""One interface of the compact model: its voltage and the ions that the host behind it releases."""

from collections.abc import Callable
from math import exp, log, sqrt

from eisfv.constants import GAS_CONSTANT

from .driven_layer import below, layer_potential
from .model import CompactModel, Side

EXPONENT_MAX = 300.0
FILLED_MIN = 1e-9
Release = Callable[[float, float, float, float], tuple[float, float, float, float]]


def released(model: CompactModel, side: Side, exchange: float, stern: float, hop: float) -> Release:
    """Return W (V), R (A/m2), the filling x behind the layer and the layer's excess length of conductivity (m), as a
    function of q (C/m2), D (C/m2), X_1 and X_2; q and D as the host sees them. exchange, stern, hop: factors."""
    ion, volt = model.stack.ion, model.volt
    z, share, free, lattice = ion.charge, ion.share, ion.free, ion.lattice
    relaxed, driven = model.layer.function(), layer_potential(model, hop)
    rate, alpha, inverse = side.rate * exchange, side.alpha, side.stern / stern
    beta, zero = 1.0 - alpha, side.zero
    level = log(share / free) - ion.offset
    osmotic = 1.0 / (model.stack.electrolyte.permittivity * GAS_CONSTANT * model.stack.temperature * ion.density)

    def exchange_current(q: float, d: float, a: float, x: float, v: float) -> float:
        boltzmann = exp(min(max(-z * relaxed(q) / volt, -EXPONENT_MAX), EXPONENT_MAX))
        push = below(q) * below(d) * osmotic
        if lattice:
            whole = free + share * boltzmann
            kept = exp(-push)
            theta, vacant = share * boltzmann / whole + free / whole * (1.0 - kept), free / whole * kept
        else:
            theta, vacant = share * boltzmann + push, 1.0
        a = min(max(a, -EXPONENT_MAX), EXPONENT_MAX)
        return rate * (x * vacant * exp(alpha * a) - theta * v * exp(-beta * a))

    if side.host is None or side.layer is None:

        def from_metal(q: float, d: float, filled: float, behind: float) -> tuple[float, float, float, float]:
            s = (q + d) * inverse
            return zero + s + driven(q, d), exchange_current(q, d, z / volt * s + level, 1.0, 1.0), 0.0, 0.0

        return from_metal

    layer, curves = side.layer, side.host.curves
    potential, shift, ions, length = (
        curve.function() for curve in (layer.potential, layer.level, layer.ions, layer.conductivity)
    )
    affinity, electrons, x_max = curves.affinity.value, curves.electrons.value, curves.x_max
    background, carriers, thin = curves.background, layer.carriers, side.lumps[0]

    def from_host(q: float, d: float, filled: float, behind: float) -> tuple[float, float, float, float]:
        scale = sqrt((z * min(max(behind, FILLED_MIN), x_max) + background) / carriers)
        s = q + d
        t = s / scale
        x = min(max(filled - ions(t) * scale / thin, FILLED_MIN), x_max)
        across = s * inverse + potential(t)
        logit = shift(t) + log(x / (1.0 - x))
        surface = 1.0 / (1.0 + exp(-logit))
        a = z / volt * across + affinity(x) - shift(t) + level
        w = zero - volt * electrons(x) + across + driven(q, d)
        return w, exchange_current(q, d, a, surface, 1.0 - surface), x, length(t) / scale

    return from_host
