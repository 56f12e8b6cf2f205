"""The thermal and reaction noise of the compact model as texts, for Verilog-A and ngspice alike.

Every source is a current of one-sided density 4 k T g, g (S) by the model's own state:

    electrolyte    g = A G cosh(V_ab/V_h): its thermal noise, of hops against a field that of both ways together
    interfaces     g = A (zF/2RT) (r_f + r_b): each ion that crosses is a shot; at equilibrium that of R_ct
    films          g = A (zF)^2 D c_s x (1 - x)/(RT h) between two lumps

and the leak, the drive's resistance and the read channel their resistances'. At rest the sources add up to 4 k T Re Z
of the model, as every flow is in detailed balance, but for thin films of hops: the layers of `driven_layer` feel the
displacement of the film and it not them, a tenth of Re Z at 14 nm. As in `eisfv.analysis.noise_sources`, 1/f noise is
not in them.

A node z of each source has the noise of a resistance of `RESISTANCE`; the source is that voltage times
sqrt(g RESISTANCE)/RESISTANCE, so that it may enter two balances as one number. Without a simulation of noise the nodes
are at 0 V and nothing changes.
"""

from collections.abc import Iterator
from math import sqrt

from eisfv.constants import ELEMENTARY_CHARGE, FARADAY, GAS_CONSTANT

from .equations import SINH_MAX
from .model import CompactModel, Side
from .release import FILLED_MIN

RESISTANCE = 1e6  # ohm
BOLTZMANN = GAS_CONSTANT * ELEMENTARY_CHARGE / FARADAY  # J/K


def noise_sources(model: CompactModel) -> Iterator[tuple[str, str]]:
    """Give name and g (S) of every source of the ions; a film in sections has none."""
    if model.ladder is not None:
        return
    field = "" if model.hop is None else f"*sqrt(1+pow(sinh(min(max(v_ab/v_hop,-{SINH_MAX:g}),{SINH_MAX:g})),2))"
    yield "el", f"area*g_el{field}"
    z, volt = model.stack.ion.charge, model.volt
    for letter in ("g", "c"):
        yield letter, f"area*{0.5 * z / volt:.12g}*(rf_{letter}+rb_{letter})"
    for letter, side in (("c", model.channel), ("g", model.gate)):
        for k in range(1, len(side.lumps)):
            first = f"y_{letter}" if k == 1 else bounded(side, f"x_{letter}{k}")
            mean = f"0.5*({first}+{bounded(side, f'x_{letter}{k + 1}')})"
            ease = side.capacity * z / volt / side.distances[k - 1]
            yield f"{letter}{k}", f"area*{ease:.12g}*d_{letter}*({mean})*(1-{mean})"


def bounded(side: Side, x: str) -> str:
    """Return a filling kept inside what the curves mean."""
    assert side.host is not None
    return f"min(max({x},{FILLED_MIN:g}),{side.host.curves.x_max:.12g})"


def noise_expressions(model: CompactModel) -> Iterator[tuple[str, str]]:
    """Give name and text (A/m2) of every source's current, by the voltages z of its node."""
    for name, ease in noise_sources(model):
        yield f"noise_{name}", f"z_{name}*sqrt(max({ease},0))*{1.0 / sqrt(RESISTANCE):.12g}/area"


def noise(model: CompactModel, name: str) -> str:
    """Return what is added to a current of the ions in a balance, "" where the model has no noise."""
    return f"+noise_{name}" if model.ladder is None else ""


def thermal(model: CompactModel) -> float:
    """Return 4 k T, J."""
    return 4.0 * BOLTZMANN * model.stack.temperature
