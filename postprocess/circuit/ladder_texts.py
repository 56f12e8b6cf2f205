"""The equations of `ladder` as texts, names and all as in `texts`: states d_0..., e_1... (places of film and channel,
C/m2) and x_c1... (filled shares)."""

from collections.abc import Iterator
from math import log

from eisfv.constants import FARADAY

from .driven_layer import STILL
from .equations import SINH_MAX
from .model import CompactModel, Ladder
from .release import EXPONENT_MAX, FILLED_MIN


def ladder_states(model: CompactModel, ladder: Ladder) -> list[str]:
    """Return the names of the displacements in the order of the states."""
    film = [f"d_{k}" for k in range(len(ladder.places))]
    return [*film, *(f"e_{j}" for j in range(1, len(model.channel.distances) + 1))]


def ladder_expressions(model: CompactModel, ladder: Ladder) -> Iterator[tuple[str, str]]:
    """Give name and text of everything between the states and their slopes."""
    ion, z, volt = model.stack.ion, model.stack.ion.charge, model.volt
    thickness, last = model.stack.electrolyte.thickness, len(ladder.sections)
    for k, h in enumerate(ladder.sections, 1):
        yield f"th_{k}", f"{ion.share:.12g}+(d_{k}-d_{k - 1})/{z * FARADAY * ion.density * h:.12g}"
    for k, d in enumerate(ladder.places):
        yield from weights(f"f{k}", f"{-z * d / volt / thickness:.12g}*d_{k}/c_geo")
        moving = f"g_el*{thickness * volt / (z * ion.share * ion.free) / d:.12g}"
        if model.hop is not None:
            yield f"w_{k}", f"min(sqrt(d_{k}*d_{k}/(c_geo*v_hop*c_geo*v_hop)+{STILL**2:.12g}),{SINH_MAX:g})"
            moving += f"*sinh(w_{k})/w_{k}"
        yield f"m_{k}", moving
    yield from directions("g", "rate_g", model.gate.alpha, f"{z / volt:.12g}*d_0*stern_g+({level(model):.12g})")
    yield "sf_g", "(rf_g+m_0*bk_f0*th_1)/(m_0*(ot_f0*(1-th_1)+bk_f0*th_1)+rf_g+rb_g)"
    yield "i_0", "rf_g*(1-sf_g)-rb_g*sf_g"
    for k in range(1, last):
        flow = f"m_{k}*(ot_f{k}*th_{k}*(1-th_{k + 1})-bk_f{k}*th_{k + 1}*(1-th_{k}))"
        yield f"i_{k}", flow
    yield from channel(model, ladder)


def level(model: CompactModel) -> float:
    """Return ln(theta_0/v_0) less the offset of the ion's standard potential."""
    ion = model.stack.ion
    return log(ion.share / ion.free) - ion.offset


def channel(model: CompactModel, ladder: Ladder) -> Iterator[tuple[str, str]]:
    """Give what happens from the channel's interface inwards."""
    last = len(ladder.sections)
    side, host, volt = model.channel, model.stack.channel, model.volt
    z, curves = host.z, host.curves
    count = len(side.lumps)
    for j in range(1, count + 1):
        yield f"y_{j}", f"min(max(x_c{j},{FILLED_MIN:g}),{curves.x_max:.12g})"
        yield f"a_{j}", curves.affinity.text(f"y_{j}")
    half = 0.5 * side.lumps[0] / host.permittivity
    driving = f"a_1-{z / volt:.12g}*d_{last}*(stern_c+{half:.12g})+({level(model):.12g})"
    yield from directions("c", "rate_c", side.alpha, driving)
    yield "in_c", f"m_{last}*ot_f{last}*th_{last}+rf_c*y_1"
    yield "sf_c", f"in_c/(in_c+m_{last}*bk_f{last}*(1-th_{last})+rb_c*(1-y_1))"
    yield f"i_{last}", "rb_c*(1-y_1)*sf_c-rf_c*y_1*(1-sf_c)"
    carriers = z * curves.zero_charge_x + curves.background
    for j, h in enumerate(side.lumps, 1):
        before = f"d_{last}" if j == 1 else f"e_{j - 1}"
        after = f"e_{j}-" if j < count else "-"
        electrons = f"{z}*y_{j}+{curves.background:.12g}-({after}{before})/{FARADAY * host.sites * h:.12g}"
        yield f"l_{j}", f"ln(max({electrons},{FILLED_MIN:g})/{carriers:.12g})"
    sigma = curves.sigma
    for j, d in enumerate(side.distances, 1):
        yield f"u_{j}", f"{d / (host.permittivity * volt):.12g}*e_{j}"
        yield from weights(f"h{j}", f"a_{j + 1}-a_{j}-{z}*u_{j}")
        flow = f"(ot_h{j}*y_{j}*(1-y_{j + 1})-bk_h{j}*y_{j + 1}*(1-y_{j}))"
        yield f"j_{j}", f"d_c*{side.capacity / d:.12g}*{flow}"
        yield f"n_{j}", f"{ladder.metal * volt / d:.12g}*(l_{j + 1}-l_{j}+u_{j})"
    yield "v_path", voltage(model, ladder, half)
    parts = [f"{h:.12g}*{sigma.text(f'y_{j}')}" for j, h in enumerate(side.lumps, 1)]
    for j, part in enumerate(parts, 1):
        yield f"sig_{j}", part
    yield "conductance", "squares*(" + "+".join(f"sig_{j}" for j in range(1, count + 1)) + ")"


def voltage(model: CompactModel, ladder: Ladder, half: float) -> str:
    """Return V; half: of the channel's first lump over its permittivity, m2/F."""
    side, host, last = model.channel, model.stack.channel, len(ladder.sections)
    per = [d / model.stack.electrolyte.thickness for d in ladder.places]
    parts = [f"{model.gate.zero - side.zero:.12g}+d_0*stern_g+d_{last}*(stern_c+{half:.12g})"]
    parts.append("(" + "+".join(f"{share:.12g}*d_{k}" for k, share in enumerate(per)) + ")/c_geo")
    parts += [f"{d / host.permittivity:.12g}*e_{j}" for j, d in enumerate(side.distances, 1)]
    return "+".join([*parts, f"{model.volt:.12g}*l_{len(side.lumps)}"])


def weights(name: str, u: str) -> Iterator[tuple[str, str]]:
    """Give B(u) and B(-u)."""
    yield f"q_{name}", u
    yield f"s_{name}", f"sqrt(q_{name}*q_{name}+{STILL**2:.12g})"
    yield f"v_{name}", f"0.5*s_{name}*(1+exp(-s_{name}))/(1-exp(-s_{name}))"
    yield f"ot_{name}", f"v_{name}-0.5*q_{name}"
    yield f"bk_{name}", f"v_{name}+0.5*q_{name}"


def directions(letter: str, rate: str, alpha: float, a: str) -> Iterator[tuple[str, str]]:
    """Give both directions of an interface's rate, A/m2."""
    top = f"{EXPONENT_MAX:g}"
    yield f"g_{letter}", f"min(max({a},-{top}),{top})"
    yield f"rf_{letter}", f"{rate}*exp({alpha:.12g}*g_{letter})"
    yield f"rb_{letter}", f"{rate}*exp({alpha - 1.0:.12g}*g_{letter})"


def ladder_slopes(model: CompactModel, ladder: Ladder, current: str) -> Iterator[tuple[str, str]]:
    """Give every state with its slope in time, SI; current: the name of that of the path, A/m2."""
    side, last = model.channel, len(ladder.sections)
    for k in range(last + 1):
        yield f"d_{k}", f"{current}-i_{k}"
    for j in range(1, len(side.lumps)):
        yield f"e_{j}", f"{current}-j_{j}-n_{j}"
    for j, h in enumerate(side.lumps, 1):
        before = f"i_{last}" if j == 1 else f"j_{j - 1}"
        after = f"-j_{j}" if j < len(side.lumps) else ""
        yield f"x_c{j}", f"({before}{after})/{side.capacity * h:.12g}"
