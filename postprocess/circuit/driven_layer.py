"""The potential over the electrolyte's layer while a current passes through it (per area).

Ions that alone move against a fixed background. Beside the interface

    VT/z d ln(theta/(1-theta))/dy = E [1 - j(E_b) c_0 (1-theta_0)/(j(E) c (1-theta))]      one current through the layer
    eps dE/dy = F (z c + c_fixed),      j(E) ~ sinh(E/E_a),  E_a = V_h/L                   hopping; j ~ E without

E_b is the field in the bulk. Without it both are those of `layers`: the layer is in equilibrium. A field that drives
ions against the interface thins the layer, one that pulls them off widens it: next to the bulk it decays over l_D/k,

    k^2 - beta k - w coth w = 0,    beta = (1 - 2 theta_0) E_b l_D z/VT  (towards the interface),   w = E_b/E_a

l_D the Debye length of the ions. What is left in any field is the dipole of ions packed to full sites, or gone, next to
the interface. Together, with psi_e of `layers` and D = eps E_b away from the interface,

    psi(q, D) = psi_s(q) + [psi_e(q) - psi_s(q)]/k(D)
    psi_s     = q^2/(2 eps F z c_0)  for q > 0,   -q^2/(2 eps F z (s - c_0))  for q < 0     s: sites; dilute: no end, 0

exact for small charges, and for large ones without field. Of the two equations solved for 490 mol/m3 of sites, a fifth
of them filled, in fields to 0.4 V/nm it misses 2 mV where ions gather against a field (of 13 to 34 mV; the layer in
equilibrium misses 25 mV), and a twentieth where they are pulled off (of 50 to 90 mV).
With counter-ions psi_e stands: the layers of salts feel no field that is small over a Debye length.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, sqrt

from eisfv.constants import FARADAY

from .model import CompactModel

STILL = 1e-3  # w coth w is even and 1 + w^2/3 next to zero; so small a w does not divide by zero
CORNER = 1e-4  # C/m2, small beside the charge of any layer that is driven
Potential = Callable[[float, float], float]


@dataclass(frozen=True)
class DrivenLayer:
    """tilt: beta/D, m2/C; gone, packed: psi_s/q^2 where ions leave and where they gather, V m4/C2."""

    tilt: float
    gone: float
    packed: float


def driven_layer(model: CompactModel) -> DrivenLayer | None:
    """Return the numbers of a layer of one mobile ion; None where there are others."""
    electrolyte, ion = model.stack.electrolyte, model.stack.ion
    if len(electrolyte.ions) > 1:
        return None
    charge, eps, volt = ion.charge * FARADAY, electrolyte.permittivity, model.volt / ion.charge
    debye = sqrt(eps * volt / (charge * ion.concentration * ion.free))
    packed = 1.0 / (2.0 * eps * charge * (ion.density - ion.concentration)) if ion.lattice else 0.0
    return DrivenLayer(
        tilt=-debye * (2.0 * ion.free - 1.0) / (eps * volt),
        gone=1.0 / (2.0 * eps * charge * ion.concentration),
        packed=packed,
    )


def layer_potential(model: CompactModel, hop: float) -> Potential:
    """Return psi (V) against q and D (C/m2), both as the host sees them; hop: factor on the hop length."""
    relaxed, driven = model.layer.function(), driven_layer(model)
    if driven is None:
        return lambda q, d: relaxed(q)
    per_hop = hop / (model.capacitance * model.hop) if model.hop is not None else 0.0

    def potential(q: float, d: float) -> float:
        beta, w = driven.tilt * d, sqrt((per_hop * d) ** 2 + STILL**2)
        gamma = w * (1.0 + exp(-2.0 * w)) / (1.0 - exp(-2.0 * w))
        held = driven.gone * below(-q) ** 2 - driven.packed * below(q) ** 2
        return held + 2.0 * (relaxed(q) - held) / (beta + sqrt(beta * beta + 4.0 * gamma))

    return potential


def layer_texts(model: CompactModel, letter: str, q: str, d: str) -> list[tuple[str, str]]:
    """Return names and texts of the same; the last is the potential, pe_ and the letter of the side."""
    relaxed, driven = model.layer.text(q), driven_layer(model)
    if driven is None:
        return [(f"ps_{letter}", relaxed), (f"pe_{letter}", f"ps_{letter}")]
    # Squares as products: ngspice loses the sign of pow()'s slope below zero.
    share, beta, steep, held, own = (f"{name}_{letter}" for name in ("wb", "be", "wf", "hd", "ps"))
    out, packed = below_text(f"(-{q})"), below_text(q)
    return [
        (share, f"{d}/(c_geo*v_hop)" if model.hop is not None else "0"),
        (steep, f"sqrt({share}*{share}+{STILL**2:.12g})"),
        (beta, f"{driven.tilt:.12g}*{d}"),
        (f"ga_{letter}", f"{steep}*(1+exp(-2*{steep}))/(1-exp(-2*{steep}))"),
        (held, f"{driven.gone:.12g}*{out}*{out}-{driven.packed:.12g}*{packed}*{packed}"),
        (own, relaxed),
        (f"pe_{letter}", f"{held}+2*({own}-{held})/({beta}+sqrt({beta}*{beta}+4*ga_{letter}))"),
    ]


def below(value: float) -> float:
    """Return how far a charge density (C/m2) lies below zero, without a corner."""
    return 0.5 * (sqrt(value * value + CORNER * CORNER) - value)


def below_text(value: str) -> str:
    """Return the text of `below`."""
    return f"(0.5*(sqrt({value}*{value}+{CORNER**2:.12g})-{value}))"
