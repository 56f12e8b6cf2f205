"""The states in which the compact model begins: at rest, or inside a run."""

from collections.abc import Sequence

import numpy as np

from .equations import Equations
from .ladder_equations import ladder_at_rest
from .model import CompactModel, Factors, Side
from .simulate import through_step
from .unsupported import UnsupportedError
from .windows import Window


def at_rest(model: CompactModel, factors: Factors) -> list[float]:
    """Return the state without current: each host at its initial filling, its layer in equilibrium, no field."""
    if model.ladder is not None:
        return ladder_at_rest(model, factors)
    channel = resting(model, model.channel, factors.stern)
    gate = resting(model, model.gate, factors.stern)
    state = [0.0, gate[0], -channel[0]]
    for side, excess in ((model.channel, channel[1]), (model.gate, gate[1])):
        if side.host is not None:
            fillings = [side.host.x] * len(side.lumps)
            fillings[0] += excess / side.lumps[0]
            state += fillings
    return [*state, 0.0]


def resting(model: CompactModel, side: Side, stern: float) -> tuple[float, float]:
    """Return the charge (C/m2) of a side at equilibrium, and the excess length of its layer's ions, m."""
    if side.host is None or side.layer is None:
        return 0.0, 0.0
    from scipy.optimize import brentq  # here: 0.2 s that reading the package does not need

    curves, x = side.host.curves, side.host.x
    psi, potential = model.layer.function(), side.layer.potential.function()
    wanted = curves.potential(x) - side.zero + model.volt * curves.electrons.value(x)

    def misses(s: float) -> float:
        return s * side.stern / stern + potential(s) + psi(s) - wanted

    ends = 0.9 * min(model.layer.knots[0], side.layer.potential.knots[0]), 0.9 * model.layer.knots[-1]
    if not misses(ends[0]) < 0.0 < misses(ends[1]):
        raise UnsupportedError("an interface has no equilibrium within the charges of its layers")
    q = float(brentq(misses, *ends, xtol=1e-15))
    return q, side.layer.ions.function()(q)


def start(model: CompactModel, factors: Factors, forms: Equations, entry: Window, slack: float = 1.0) -> list[float]:
    """Return the state where a window begins: at the run's start at rest; later uniform films of the run's filling,
    the reservoir's from what the channel has taken, after the rest before."""
    state = at_rest(model, factors)
    if entry.ahead is None:
        return state
    taken = entry.filling - forms.filling(state)
    _, state = through_step(forms, shifted(model, state, taken), entry.ahead, np.array([]), slack)
    return shifted(model, state, entry.filling - forms.filling(state))


def shifted(model: CompactModel, state: Sequence[float], taken: float) -> list[float]:
    """Return a state with the channel fuller by `taken` and the reservoir emptier by as many ions."""
    lumps = len(model.channel.lumps)
    out = list(state)
    first = 3 if model.ladder is None else len(model.ladder.places) + len(model.channel.distances)
    for k in range(first, first + lumps):
        out[k] += taken
    if model.gate.host is not None:
        ratio = (model.channel.capacity * sum(model.channel.lumps)) / (model.gate.capacity * sum(model.gate.lumps))
        for k in range(3 + lumps, 3 + 2 * lumps):
            out[k] -= taken * ratio
    return out
