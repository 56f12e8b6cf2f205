"""The equations of `model` as plain functions of Python's numbers, for the fit.

A state is the list [V_ab, q_g, q_c, X of the channel's lumps..., X of the reservoir's lumps..., from the interface
inwards, charge that has passed the gate], in V, C/m2 and filled shares of sites.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sinh, sqrt

import numpy as np

from .model import CompactModel, Factors, Side, unnoticed
from .release import FILLED_MIN, released

SINH_MAX = 60.0
# Of what an integration may miss in a step: V, C/m2, share of sites.
V_ABSOLUTE, Q_ABSOLUTE, X_ABSOLUTE = 1e-8, 1e-9, 1e-11


@dataclass(frozen=True)
class Equations:
    """The model as functions of its state.

    voltage      V over the stack
    slopes       d/dt, at the current density (A/m2) of the ions' path as a function of V
    conductance  S; filling: mean X of the channel
    leak         of the electrons, S/m2; area m2; series: resistance of the drive, ohm
    beyond       whether a host's layer is beyond the charges at which it is stable
    unnoticed    resistance (ohm) of an ideal source over a stretch of a duration (s)
    absolute     what an integration may miss of each state
    many         slopes of states side by side, where they are so stiff that an integrator needs their derivatives
    """

    voltage: Callable[[Sequence[float]], float]
    slopes: Callable[[Sequence[float], Callable[[float], float]], list[float]]
    conductance: Callable[[Sequence[float]], float]
    filling: Callable[[Sequence[float]], float]
    beyond: Callable[[Sequence[float]], bool]
    leak: float
    area: float
    series: float
    unnoticed: Callable[[float], float]
    absolute: tuple[float, ...]
    many: Callable[[np.ndarray, Callable[[np.ndarray], np.ndarray]], np.ndarray] | None = None


def equations(model: CompactModel, factors: Factors) -> Equations:
    """Return the equations with the case's values multiplied by factors."""
    if model.ladder is not None:
        from .ladder_equations import ladder_equations  # which makes the same record

        return ladder_equations(model, factors)
    stack = model.stack
    release_gate = released(model, model.gate, factors.exchange_gate, factors.stern, factors.hop)
    release_channel = released(model, model.channel, factors.exchange_channel, factors.stern, factors.hop)
    drift = conduction(model, factors)
    channel = diffusion(model.channel, factors.diffusivity)
    reservoir = diffusion(model.gate, factors.diffusivity)
    lumps, geometric = len(model.channel.lumps), model.capacitance
    total, leak = sum(model.channel.lumps), model.leak * factors.leak
    sigma = stack.channel.curves.sigma.value
    squares = stack.squares * factors.sigma
    shares = tuple(h / total for h in model.channel.lumps)
    has_host = model.gate.host is not None

    def reservoir_ends(y: Sequence[float]) -> tuple[float, float]:
        return (y[3 + lumps], y[4 + lumps]) if has_host else (0.0, 0.0)

    def voltage(y: Sequence[float]) -> float:
        d = geometric * y[0]
        gate = release_gate(y[1], d, *reservoir_ends(y))[0]
        return gate + y[0] - release_channel(-y[2], -d, y[3], y[4])[0]

    def slopes(y: Sequence[float], path: Callable[[float], float]) -> list[float]:
        v_ab, q_g, q_c = y[0], y[1], y[2]
        d = geometric * v_ab
        w_g, i_g, x_g, _ = release_gate(q_g, d, *reservoir_ends(y))
        w_c, i_c, x_c, _ = release_channel(-q_c, -d, y[3], y[4])
        i_el = drift(v_ab)
        v = w_g + v_ab - w_c
        i = path(v)
        out = [(i - i_el) / geometric, i_el - i_g, i_el + i_c]
        out += channel(y, 3, x_c, -i_c)
        if has_host:
            out += reservoir(y, 3 + lumps, x_g, -i_g)
        out.append(i + leak * v)
        return out

    def conductance(y: Sequence[float]) -> float:
        _, _, x, length = release_channel(-y[2], -geometric * y[0], y[3], y[4])
        whole = (model.channel.lumps[0] + length) * sigma(x)
        for k in range(1, lumps):
            whole += model.channel.lumps[k] * sigma(max(y[3 + k], FILLED_MIN))
        return squares * whole

    def filling(y: Sequence[float]) -> float:
        return sum(share * y[3 + k] for k, share in enumerate(shares))

    def beyond(y: Sequence[float]) -> bool:
        d = geometric * y[0]
        gate = (model.gate, y[1] + d, reservoir_ends(y)[1])
        channel_side = (model.channel, -y[2] - d, y[4])
        return any(leaves(side, charge, behind) for side, charge, behind in (gate, channel_side))

    return Equations(
        voltage,
        slopes,
        conductance,
        filling,
        beyond,
        leak,
        stack.area,
        stack.series,
        lambda duration: unnoticed(model, duration),
        (V_ABSOLUTE, *[Q_ABSOLUTE] * 2, *[X_ABSOLUTE] * (lumps + len(model.gate.lumps)), Q_ABSOLUTE),
    )


def leaves(side: Side, charge: float, behind: float) -> bool:
    """Return whether a layer's charge (C/m2), in the units of its curves, is beyond their reach."""
    if side.host is None or side.layer is None:
        return False
    curves = side.host.curves
    carriers = side.host.z * min(max(behind, FILLED_MIN), curves.x_max) + curves.background
    low, high = side.layer.reach
    return not low <= charge / sqrt(carriers / side.layer.carriers) <= high


def conduction(model: CompactModel, factors: Factors) -> Callable[[float], float]:
    """Return i_el (A/m2) as a function of V_ab."""
    conductance = model.conductance * factors.conductivity
    if model.hop is None:
        return lambda v: conductance * v
    scale = model.hop / factors.hop
    current = conductance * scale
    return lambda v: current * sinh(min(max(v / scale, -SINH_MAX), SINH_MAX))


def diffusion(side: Side, factor: float) -> Callable[[Sequence[float], int, float, float], list[float]]:
    """Return dX/dt of a host's lumps, which begin at a number of the state, with x behind the layer and a current
    density into the host."""
    if side.host is None:
        return lambda y, first, x, current: []
    flow, x_max = side.host.curves.flow.value, side.host.curves.x_max
    capacity, lumps = side.capacity, side.lumps
    ease = tuple(capacity * side.host.diffusivity * factor / h for h in side.distances)
    per = tuple(1.0 / (capacity * h) for h in lumps)
    count = len(lumps)

    def slopes(y: Sequence[float], first: int, x: float, current: float) -> list[float]:
        out = []
        near = flow(x)
        for k in range(1, count):
            far = flow(min(max(y[first + k], FILLED_MIN), x_max))
            onward = ease[k - 1] * (near - far)
            out.append((current - onward) * per[k - 1])
            current, near = onward, far
        out.append(current * per[-1])
        return out

    return slopes
