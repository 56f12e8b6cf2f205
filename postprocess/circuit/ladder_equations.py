"""The equations of `ladder` for states as columns, and the state at rest.

A state is the list [D_0 ... D_N, D of the channel's places, X of its lumps, charge that has passed the gate].
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log
from typing import Any

import numpy as np

from eisfv.constants import FARADAY

from .driven_layer import STILL
from .equations import SINH_MAX, Equations
from .model import CompactModel, Factors, unnoticed
from .release import EXPONENT_MAX, FILLED_MIN
from .simulate import settled
from .unsupported import UnsupportedError

Array = np.ndarray
Path = Callable[[Array], Array]
# Of what an integration may miss: C/m2, share of sites. A section of a picometre holds 5e-5 C/m2.
D_ABSOLUTE, X_ABSOLUTE = 1e-9, 1e-9
RESTED, FREE = 1e5, 1e12  # s at open circuit, with interfaces so many times as fast
ROUNDS = 2  # the second misses the filling by the square of what the first does, 1e-9


def ladder_equations(model: CompactModel, factors: Factors) -> Equations:
    """Return the equations with the case's values multiplied by factors."""
    stack, ladder = model.stack, model.ladder
    host = stack.channel
    assert ladder is not None
    ion, z, volt, eps = stack.ion, stack.ion.charge, model.volt, stack.electrolyte.permittivity
    h, d = column(ladder.sections), column(ladder.places)
    lumps, apart = column(model.channel.lumps), column(model.channel.distances)
    n, m = h.size, lumps.size
    sterns = [side.stern / factors.stern for side in (model.gate, model.channel)]
    # The half lump behind the interface belongs to the compact layer.
    sterns[1] += 0.5 * model.channel.lumps[0] / host.permittivity
    weights = np.concatenate([d / eps, apart / host.permittivity])
    weights[0] += sterns[0]
    weights[n] += sterns[1]
    conductance = model.conductance * factors.conductivity * stack.electrolyte.thickness
    ease = conductance * volt / (z * ion.share * ion.free) / d
    scale = model.hop / factors.hop * model.capacitance if model.hop is not None else np.inf
    capacity = model.channel.capacity
    host_ease = capacity * host.diffusivity * factors.diffusivity / apart
    sites = FARADAY * host.sites
    curves = host.curves
    affinity, sigma = (np.vectorize(curve.value, otypes=[float]) for curve in (curves.affinity, curves.sigma))
    metal = ladder.metal * volt / apart
    carriers = z * curves.zero_charge_x + curves.background
    level = log(ion.share / ion.free) - ion.offset
    rates = (model.gate.rate * factors.exchange_gate, model.channel.rate * factors.exchange_channel)
    alphas, zero = (model.gate.alpha, model.channel.alpha), model.gate.zero - model.channel.zero
    leak = model.leak * factors.leak

    def flows(y: Array) -> tuple[Array, Array, Array]:
        """Return all currents but that of the path: of ions and of electrons, A/m2, and V."""
        at, x = y[: n + m], np.clip(y[n + m : n + 2 * m], FILLED_MIN, curves.x_max)
        film, inside = at[: n + 1], at[n:]
        theta = ion.share + np.diff(film, axis=0) / (z * FARADAY * ion.density * h)
        free = 1.0 - theta
        out, back = weighted(-z * d * film / (eps * volt))
        moving = ease * hopping(film / scale)
        through = out[1:-1] * theta[:-1] * free[1:] - back[1:-1] * theta[1:] * free[:-1]
        there, here = taken(rates[0], alphas[0], z / volt * film[0] * sterns[0] + level)
        place = moving[0]
        into, off = place * back[0] * theta[0], place * out[0] * free[0]
        surface = (into + there) / (into + off + there + here)
        gate = there * (1.0 - surface) - here * surface
        excess = affinity(x)
        there, here = taken(rates[1], alphas[1], -z / volt * film[-1] * sterns[1] + excess[0] + level)
        there, here, place = there * x[0], here * (1.0 - x[0]), moving[-1]
        into, off = place * out[-1] * theta[-1], place * back[-1] * free[-1]
        surface = (into + there) / (into + off + there + here)
        channel = here * surface - there * (1.0 - surface)
        field = inside[1:] * apart / (host.permittivity * volt)
        out, back = weighted(-z * field + np.diff(excess, axis=0))
        inner = host_ease * (out * x[:-1] * (1.0 - x[1:]) - back * x[1:] * (1.0 - x[:-1]))
        charged = np.diff(inside, axis=0, append=0.0 * inside[:1]) / (sites * lumps)
        electrons = np.log(np.maximum(z * x + curves.background - charged, FILLED_MIN) / carriers)
        ions = np.concatenate([gate[None], moving[1:-1] * through, channel[None], inner])
        whole = ions.copy()
        whole[n + 1 :] += metal * (np.diff(electrons, axis=0) + field)
        return ions, whole, zero + np.sum(weights * at, axis=0) + volt * electrons[-1]

    def many(y: Array, path: Path) -> Array:
        ions, whole, v = flows(y)
        i = path(v)
        passed = np.concatenate([ions[n:], np.zeros_like(ions[:1])])
        return np.concatenate([i - whole, -np.diff(passed, axis=0) / (capacity * lumps), (i + leak * v)[None]])

    def slopes(y: Sequence[float], path: Callable[[Any], Any]) -> list[float]:
        return list(many(np.array(y)[:, None], path)[:, 0])

    def conducts(y: Sequence[float]) -> float:
        x = np.clip(y[n + m : n + 2 * m], FILLED_MIN, curves.x_max)
        return stack.squares * factors.sigma * float(lumps[:, 0] @ sigma(x))

    return Equations(
        voltage=lambda y: float(flows(np.array(y)[:, None])[2][0]),
        slopes=slopes,
        conductance=conducts,
        filling=lambda y: float(lumps[:, 0] @ np.array(y[n + m : n + 2 * m])) / host.thickness,
        beyond=lambda y: False,
        leak=leak,
        area=stack.area,
        series=stack.series,
        unnoticed=lambda duration: unnoticed(model, duration),
        absolute=(*[D_ABSOLUTE] * (n + m), *[X_ABSOLUTE] * m, D_ABSOLUTE),
        many=many,
    )


def column(values: Sequence[float] | Array) -> Array:
    """Return values as a column, to go with states side by side."""
    return np.asarray(values, float)[:, None]


def weighted(u: Array) -> tuple[Array, Array]:
    """Return B(u) and B(-u), B = u/(e^u - 1): the even part of both is (u/2) coth(u/2)."""
    w = np.sqrt(u * u + STILL**2)
    even = 0.5 * w * (1.0 + np.exp(-w)) / -np.expm1(-w)
    return even - 0.5 * u, even + 0.5 * u


def hopping(w: Array) -> Array:
    """Return sinh(w)/w."""
    w = np.minimum(np.sqrt(w * w + STILL**2), SINH_MAX)
    return np.asarray(np.sinh(w) / w)


def taken(rate: float, alpha: float, a: Array) -> tuple[Array, Array]:
    """Return both directions of an interface's rate, A/m2."""
    a = np.clip(a, -EXPONENT_MAX, EXPONENT_MAX)
    return rate * np.exp(alpha * a), rate * np.exp((alpha - 1.0) * a)


def ladder_at_rest(model: CompactModel, factors: Factors) -> list[float]:
    """Return the state at open circuit: what is left of a uniform one after long, the interfaces free. The channel has
    its filling behind the layer, which takes its ions from more than there is."""
    assert model.ladder is not None
    free = replace(
        factors,
        exchange_gate=FREE * factors.exchange_gate,
        exchange_channel=FREE * factors.exchange_channel,
        leak=0.0,
    )
    forms, x = ladder_equations(model, free), model.stack.channel.x
    places, lumps = len(model.ladder.places) + len(model.channel.distances), len(model.channel.lumps)
    begin, state = x, [0.0]
    for _ in range(ROUNDS):
        found = settled(forms, [0.0] * places + [begin] * lumps + [0.0], RESTED)
        if found is None:
            raise UnsupportedError("an interface has no equilibrium within the charges of its layers")
        begin, state = begin + x - found[-2], found
    return [*state[:-1], 0.0]
