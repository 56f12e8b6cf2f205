"""`synapse.cir`: the compact model as an ngspice subcircuit of behavioural sources.

Every state is a node with a capacitor of 1 F, charged by a current that is its slope: charges in 0.01 C/m2, fillings in
units of the initial one, so that all are volts of order one. Everything between is a voltage of its own node. At an
operating point, from which `.ac` and `.noise` go on, inductors hold the states where they begin: a film without current
could hold any filling. In time they carry nothing. ngspice makes noise at the temperature of the circuit, whatever that
of a resistor: `.temp`.
"""

import re
from collections.abc import Sequence

from .ladder_texts import ladder_states
from .model import CompactModel, Factors
from .noise_texts import RESISTANCE, noise_expressions, noise_sources
from .release import FILLED_MIN
from .states import at_rest
from .texts import Number, evaluated, expressions, folded, lumps_of, numbers, slopes

CHARGE = 0.01  # C/m2 a volt
HOLD = 1e15  # H: over a year they let 1e-8 of a volt's charge pass
CONTINUED = "+ "  # a line that goes on
NAME = re.compile(r"\b[a-z]\w*\b")
MICRO = 1e6  # the node g shows the conductance in uS


def subcircuit(model: CompactModel, factors: Factors, notes: Sequence[str]) -> str:
    """Return the text of the file; notes: lines of its head."""
    given = numbers(model, factors)
    units = state_units(model)
    known = {name: f"({unit:.12g}*v({name}))" for name, unit in units.items()}
    # Far outside all that is driven, so that no iterate overflows.
    known |= {"v_ab": "min(max(v(a,b),-100),100)", "i_path": "v(i_path)"}
    known |= {number.name: "{" + number.name + "}" for number in given}
    known |= {f"z_{name}": f"v(z_{name})" for name, _ in noise_sources(model)}
    lines = ["* " + note if note else "*" for note in notes]
    lines += ["*", "* Parameters, which an instance may set otherwise:"]
    lines += [parameter(number) for number in given]
    lines += [".subckt synapse gate drain source g params:", *(f"+ {n.name}={n.value:.10g}" for n in given)]
    lines += ["* drive and leak", "Rs gate gi {r_series}" if model.stack.series > 0.0 else "Vs gate gi 0"]
    if model.leak > 0.0:
        lines.append("Rleak gi source {1/(g_leak*area)}")
    lines += through_film(model)
    lines.append("* between the states and their slopes, SI")
    for name, text in expressions(model):
        lines += folded(f"B{name} {name} 0 V=" + with_nodes(text, known), CONTINUED)
        # The first iterate of a simulator has every node at zero.
        known[name] = f"max(v({name}),{FILLED_MIN:g})" if name[:2] in ("y_", "sc") else f"v({name})"
    lines += noise_lines(model, known)
    lines.append("* states: volts of 0.01 C/m2 and of the initial filling")
    start = dict(zip(all_states(model), at_rest(model, factors)[:-1], strict=True))
    for name, text in slopes(model):
        lines.append(f"C{name} {name} 0 1 IC={start[name] / units[name]:.12g}")
        lines.append(f"L{name} {name} h_{name} {HOLD:g}")
        lines.append(f"V{name} h_{name} 0 {start[name] / units[name]:.12g}")
        lines += folded(f"Bd{name} 0 {name} I=({with_nodes(text, known)})/{units[name]:.12g}", CONTINUED)
    lines.append("* where the iteration begins")
    begin = evaluated(model, {number.name: number.value for number in given}, start)
    begin |= dict.fromkeys(("gate", "gi"), begin["v_path"])
    begin |= {"a": -begin["w_c"], "b": -begin["w_c"]} if model.ladder is None else {"gp": begin["v_path"]}
    begin |= {name: start[name] / unit for name, unit in units.items()}
    lines += [f"{word} v({name})={value:.10g}" for word in (".ic", ".nodeset") for name, value in begin.items()]
    lines += [
        "* read-out: 1 V of node g is 1 uS; the channel between drain and source",
        f"Bread g 0 V={MICRO:g}*v(conductance)",
        "Bds drain source I=v(drain,source)*v(conductance)",
        resistor("read"),
        f"Bnoise_read drain source I=v(z_read)*sqrt(max(v(conductance),0)/{RESISTANCE:g})",
        ".ends synapse",
    ]
    return "\n".join(lines) + "\n"


def through_film(model: CompactModel) -> list[str]:
    """Return what lies between the gate behind the drive and the source."""
    if model.ladder is not None:
        lines = ["* the sections of the film and the interfaces in series; a current of the path"]
        return [*lines, "Vpath gi gp 0", "Bpath gp source V=v(v_path)", "Bi_path i_path 0 V=i(Vpath)/{area}"]
    lines = ["* interface of the gate, electrolyte, interface of the channel", "Bg gi a V=v(w_g)"]
    return [*lines, "Cel a b {c_geo*area} IC=0", "Bel a b I={area}*(v(i_el)+v(noise_el))", "Bc b source V=-v(w_c)"]


def noise_lines(model: CompactModel, known: dict[str, str]) -> list[str]:
    """Return the lines of the sources of noise; `known` learns their names."""
    if model.ladder is not None:
        return []
    lines = ["* thermal and reaction noise: resistors that nothing loads, and currents by their voltages"]
    lines += [resistor(name) for name, _ in noise_sources(model)]
    for name, text in noise_expressions(model):
        lines += folded(f"B{name} {name} 0 V=" + with_nodes(text, known), CONTINUED)
        known[name] = f"v({name})"
    return lines


def resistor(name: str) -> str:
    """Return the resistor whose noise a source takes."""
    return f"Rz_{name} z_{name} 0 {RESISTANCE:g}"


def state_units(model: CompactModel) -> dict[str, float]:
    """Return the names of the states that are nodes of their own, and what a volt of each is."""
    lumps = [f"x_{letter}{k}" for letter, _, k in lumps_of(model)]
    charges = ["q_g", "q_c"] if model.ladder is None else ladder_states(model, model.ladder)
    return {**dict.fromkeys(charges, CHARGE), **dict(zip(lumps, fillings(model), strict=True))}


def all_states(model: CompactModel) -> list[str]:
    """Return the names of all states in the order of a state."""
    return [*(["v_ab"] if model.ladder is None else []), *state_units(model)]


def fillings(model: CompactModel) -> list[float]:
    """Return the initial filling of every lump's host."""
    return [side.host.x for _, side, _ in lumps_of(model) if side.host is not None]


def parameter(number: Number) -> str:
    """Return what is said of a parameter."""
    fit = f", fitted: {number.factor}" if number.factor else ""
    return f"* {number.name:9} {number.unit}, {number.text}{fit}"


def with_nodes(text: str, known: dict[str, str]) -> str:
    """Return an expression with states, parameters and earlier names as nodes."""
    return NAME.sub(lambda match: known.get(match[0], match[0]), text.replace("@(", "("))
