"""The equations of `model` as texts, one named expression a line, for Verilog-A and ngspice alike.

An expression may use the names above it, the states (`v_ab`, `q_g`, `q_c` in V and C/m2, `x_c1`..., `x_g1`... filled
shares) and the parameters of `Numbers`. What both languages share is enough: + - * /, `a < b ? c : d`, exp, ln, sqrt,
sinh, pow, min, max. A choice is marked `@(c ? a : b)`, so that it can also be told as a call.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log

from eisfv.constants import GAS_CONSTANT

from .driven_layer import below_text, layer_texts
from .equations import SINH_MAX
from .ladder_texts import ladder_expressions, ladder_slopes
from .model import CompactModel, Factors, Side
from .noise_texts import bounded, noise
from .release import EXPONENT_MAX

WIDTH = 110  # letters of a line


@dataclass(frozen=True)
class Number:
    """A parameter as a circuit sees it: name, value in `unit`, what it is, the factor it carries ("" : none)."""

    name: str
    value: float
    unit: str
    text: str
    factor: str = ""


def numbers(model: CompactModel, factors: Factors) -> list[Number]:
    """Return the parameters of a fitted model."""
    stack = model.stack
    found = [
        Number("area", stack.area, "m^2", "area of the stack"),
        Number("squares", stack.squares * factors.sigma, "1", "width over length of the read-out", "sigma"),
        Number("rate_g", model.gate.rate * factors.exchange_gate, "A/m^2", "z F k0 at the gate", "exchange_gate"),
        Number(
            "rate_c",
            model.channel.rate * factors.exchange_channel,
            "A/m^2",
            "z F k0 at the channel",
            "exchange_channel",
        ),
        Number("g_el", model.conductance * factors.conductivity, "S/m^2", "electrolyte at low field", "conductivity"),
        Number("c_geo", model.capacitance, "F/m^2", "electrolyte as a dielectric"),
        Number("g_leak", model.leak * factors.leak, "S/m^2", "electrons through the electrolyte", "leak"),
    ]
    if stack.series > 0.0:
        found.append(Number("r_series", stack.series, "ohm", "of the drive"))
    if model.hop is not None:
        found.append(Number("v_hop", model.hop / factors.hop, "V", "2 RT L/(z F a), a the hop length", "hop"))
    for name, side, word in (("g", model.gate, "gate"), ("c", model.channel, "channel")):
        found.append(
            Number(f"stern_{name}", side.stern / factors.stern, "m^2/F", f"inverse compact layer, {word}", "stern")
        )
        if side.host is not None:
            value = side.host.diffusivity * factors.diffusivity
            found.append(Number(f"d_{name}", value, "m^2/s", f"diffusivity of the ion in the {word}", "diffusivity"))
    return found


def lumps_of(model: CompactModel) -> list[tuple[str, Side, int]]:
    """Return (letter, side, number from 1) of every lump in the order of the states."""
    sides = (("c", model.channel), ("g", model.gate))
    return [(letter, side, k + 1) for letter, side in sides for k in range(len(side.lumps))]


def expressions(model: CompactModel) -> Iterator[tuple[str, str]]:
    """Give name and text of everything between the states and their slopes, in an order that can be evaluated."""
    if model.ladder is not None:
        yield from ladder_expressions(model, model.ladder)
        return
    yield "d", "c_geo*v_ab"
    yield "i_el", drift(model)
    for letter, side in (("g", model.gate), ("c", model.channel)):
        sign = "" if letter == "g" else "-"
        yield f"h_{letter}", f"{sign}q_{letter}"
        yield f"s_{letter}", f"{sign}(q_{letter}+d)"
        yield from interface(model, side, letter, f"({sign}d)")
    yield "v_path", "w_g+v_ab-w_c"
    channel = model.stack.channel.curves.sigma
    parts = [f"({model.channel.lumps[0]:.12g}+len_c)*{channel.text('y_c')}"]
    parts += [
        f"{h:.12g}*{channel.text(bounded(model.channel, f'x_c{k}'))}" for k, h in enumerate(model.channel.lumps[1:], 2)
    ]
    for k, part in enumerate(parts, 1):
        yield f"sig_{k}", part
    yield "conductance", "squares*(" + "+".join(f"sig_{k}" for k in range(1, len(parts) + 1)) + ")"


def drift(model: CompactModel) -> str:
    """Return i_el, A/m2."""
    if model.hop is None:
        return "g_el*v_ab"
    return f"g_el*v_hop*sinh(min(max(v_ab/v_hop,-{SINH_MAX:g}),{SINH_MAX:g}))"


def interface(model: CompactModel, side: Side, letter: str, d: str) -> Iterator[tuple[str, str]]:
    """Give what `release.released` computes: w, r and behind the layer y, len; q and D as the host sees them."""
    ion, volt = model.stack.ion, model.volt
    z = ion.charge
    level = log(ion.share / ion.free) - ion.offset
    name = {key: f"{key}_{letter}" for key in ("sc", "t", "y", "pe", "ac", "lv", "lg", "xs", "a", "w", "r", "len", "k")}
    s, q = f"s_{letter}", f"h_{letter}"
    yield from layer_texts(model, letter, q, d)
    if side.host is None or side.layer is None:
        yield name["w"], f"{side.zero:.12g}+{s}*stern_{letter}+{name['pe']}"
        yield name["a"], f"{z / volt:.12g}*{s}*stern_{letter}+({level:.12g})"
        yield from rate(model, side, letter, d, "1", "1")
        return
    curves, layer = side.host.curves, side.layer
    b = curves.background
    yield name["sc"], f"sqrt(({z}*{bounded(side, f'x_{letter}2')}+{b:.12g})/{layer.carriers:.12g})"
    yield name["t"], f"{s}/{name['sc']}"
    inner = f"x_{letter}1-{layer.ions.text(name['t'])}*{name['sc']}/{side.lumps[0]:.12g}"
    yield name["y"], bounded(side, f"({inner})")
    yield name["ac"], f"{s}*stern_{letter}+{layer.potential.text(name['t'])}"
    yield name["lv"], layer.level.text(name["t"])
    yield name["xs"], f"1/(1+exp(-({name['lv']}))*(1-{name['y']})/{name['y']})"
    yield name["a"], f"{z / volt:.12g}*{name['ac']}+{curves.affinity.text(name['y'])}-({name['lv']})+({level:.12g})"
    yield name["w"], f"{side.zero:.12g}-{volt:.12g}*{curves.electrons.text(name['y'])}+{name['ac']}+{name['pe']}"
    yield name["len"], f"{layer.conductivity.text(name['t'])}/{name['sc']}"
    yield from rate(model, side, letter, d, name["xs"], f"(1-{name['xs']})")
    yield f"k_{letter}1", curves.flow.text(name["y"])
    for k in range(2, len(side.lumps) + 1):
        yield f"k_{letter}{k}", curves.flow.text(f"({bounded(side, f'x_{letter}{k}')})")


def rate(model: CompactModel, side: Side, letter: str, d: str, x: str, v: str) -> Iterator[tuple[str, str]]:
    """Give the rate r (A/m2) with which the host releases ions, and its two ways."""
    ion, electrolyte = model.stack.ion, model.stack.electrolyte
    osmotic = 1.0 / (electrolyte.permittivity * GAS_CONSTANT * model.stack.temperature * ion.density)
    top = f"{EXPONENT_MAX:g}"
    yield f"bz_{letter}", f"exp(min(max({-ion.charge / model.volt:.12g}*ps_{letter},-{top}),{top}))"
    yield f"pu_{letter}", f"{osmotic:.12g}*{below_text(f'h_{letter}')}*{below_text(d)}"
    if ion.lattice:
        whole = f"({ion.free:.12g}+{ion.share:.12g}*bz_{letter})"
        yield f"ve_{letter}", f"{ion.free:.12g}/{whole}*exp(-pu_{letter})"
        yield f"th_{letter}", f"{ion.share:.12g}*bz_{letter}/{whole}+{ion.free:.12g}/{whole}*(1-exp(-pu_{letter}))"
    else:
        yield f"ve_{letter}", "1"
        yield f"th_{letter}", f"{ion.share:.12g}*bz_{letter}+pu_{letter}"
    a = f"min(max(a_{letter},-{top}),{top})"
    yield f"rf_{letter}", f"rate_{letter}*{x}*ve_{letter}*exp({side.alpha:.12g}*{a})"
    yield f"rb_{letter}", f"rate_{letter}*th_{letter}*{v}*exp(-{1.0 - side.alpha:.12g}*{a})"
    yield f"r_{letter}", f"rf_{letter}-rb_{letter}"


def slopes(model: CompactModel) -> Iterator[tuple[str, str]]:
    """Give every state but v_ab with its slope in time, in SI; of a ladder against `i_path`, A/m2."""
    if model.ladder is not None:
        yield from ladder_slopes(model, model.ladder, "i_path")
        return
    yield "q_g", f"i_el{noise(model, 'el')}-(r_g{noise(model, 'g')})"
    yield "q_c", f"i_el{noise(model, 'el')}+r_c{noise(model, 'c')}"
    for letter, side, k in lumps_of(model):
        current = f"-(r_{letter}{noise(model, letter)})" if k == 1 else between(model, side, letter, k - 1)
        onward = f"-({between(model, side, letter, k)})" if k < len(side.lumps) else ""
        yield f"x_{letter}{k}", f"({current}{onward})/{side.capacity * side.lumps[k - 1]:.12g}"


def between(model: CompactModel, side: Side, letter: str, k: int) -> str:
    """Return the current between two lumps, zF D c_s [K(X_k) - K(X_k+1)]/h."""
    fall = f"(k_{letter}{k}-k_{letter}{k + 1})/{side.distances[k - 1]:.12g}"
    return f"{side.capacity:.12g}*d_{letter}*{fall}{noise(model, f'{letter}{k}')}"


def evaluated(model: CompactModel, given: Mapping[str, float], state: Mapping[str, float]) -> dict[str, float]:
    """Return every expression's value at a state, by name; given: the parameters. Texts and `equations` must agree."""
    functions = {name: getattr(math, name) for name in ("exp", "sqrt", "sinh", "pow")}
    known: dict[str, object] = {**functions, "ln": log, "min": min, "max": max, "pick": lambda c, a, b: a if c else b}
    known |= {**given, **state}
    found: dict[str, float] = {}
    for name, text in expressions(model):
        told = text.replace("@(", "pick(").replace(" ? ", ", ").replace(" : ", ", ")
        known[name] = found[name] = float(eval(told, {"__builtins__": {}}, known))
    return found


def folded(line: str, continued: str) -> list[str]:
    """Return a line in pieces of bearable length, cut behind an operator; `continued` begins all but the first."""
    pieces, text, start = [], line, len(continued)
    while len(text) > WIDTH:
        cut = max(text.rfind(mark, start, WIDTH) for mark in ("*", "(", ":", "?", " "))
        cut = cut if cut > start else WIDTH
        pieces.append(text[: cut + 1])
        text = continued + text[cut + 1 :]
    return [*pieces, text]
