"""`synapse.va`: the compact model in Verilog-A.

Every state is the voltage of an internal node with ddt(), charges in 0.01 C/m2 and fillings in units of the initial
one. At a static analysis the states are held where the run began: a film without current could hold any filling. The
tables are cubics chosen by comparisons; there are no events, delays or table files.
"""

from collections.abc import Sequence

from .model import CompactModel, Factors
from .noise_texts import RESISTANCE, noise_expressions, noise_sources, thermal
from .spice import MICRO, all_states, state_units
from .states import at_rest
from .texts import Number, expressions, folded, numbers, slopes

HOLD = 1e6  # per second and unit of a state, at a static analysis only
CONTINUED = 12 * " "  # before a line that goes on


def module(model: CompactModel, factors: Factors, notes: Sequence[str]) -> str:
    """Return the text of the file; notes: lines of its head."""
    given = numbers(model, factors)
    units = state_units(model)
    states = list(units)
    start = dict(zip(all_states(model), at_rest(model, factors)[:-1], strict=True))
    between = list(expressions(model))
    whole = "v_ab" if model.ladder is None else "i_path"
    sources, noisy = [name for name, _ in noise_sources(model)], list(noise_expressions(model))
    names = [whole, *states, *(name for name, _ in between)]
    names += [*(f"z_{name}" for name in sources), *(name for name, _ in noisy), "hold"]
    lines = ["// " + note if note else "//" for note in notes]
    lines += [
        "",
        '`include "constants.vams"',
        '`include "disciplines.vams"',
        "",
        "module synapse(gate, drain, source, g);",
        "    inout gate, drain, source, g;",
        "    electrical gate, drain, source, g;",
        "    electrical gi, a, b;" if model.ladder is None else "    electrical gi;",
        f"    electrical {', '.join('n_' + state for state in states)};",
        *([f"    electrical {', '.join('m_' + name for name in sources)};"] if sources else []),
    ]
    lines += [parameter(number) for number in given]
    lines += [f"    real {name};" for name in names]
    lines += ["    branch (gi, source) path;"] if model.ladder is not None else []
    lines += [
        "",
        "    analog begin",
        '        hold = analysis("static") ? ' + f"{HOLD:.1f} : 0.0;",
        "        // states in SI",
        "        v_ab = V(a, b);" if model.ladder is None else "        i_path = I(path)/area;",
    ]
    lines += [f"        {state} = {units[state]:.12g}*V(n_{state});" for state in states]
    lines.append("        // everything between the states and their slopes")
    for name, text in between:
        lines += folded(f"        {name} = {plain(text)};", CONTINUED)
    heat = f"{thermal(model):.10g}"  # 4 k T
    lines += noise_lines(sources, noisy, heat)
    lines.append("        // drive and leak")
    series = model.stack.series > 0.0
    lines.append("        I(gate, gi) <+ V(gate, gi)/r_series;" if series else "        V(gate, gi) <+ 0.0;")
    lines += [f'        I(gate, gi) <+ white_noise({heat}/r_series, "series");'] if series else []
    lines += [
        "        I(gi, source) <+ g_leak*area*V(gi, source);",
        f'        I(gi, source) <+ white_noise({heat}*g_leak*area, "leak");',
        *through_film(model),
        "        // states",
    ]
    for name, text in slopes(model):
        node, unit = f"n_{name}", units[name]
        lines.append(f"        I({node}) <+ ddt(V({node})) + hold*(V({node}) - ({start[name] / unit:.12g}));")
        lines += folded(f"        I({node}) <+ -({plain(text)})/{unit:.12g};", CONTINUED)
    lines += [
        "        // read-out: 1 V of g is 1 uS; the channel between drain and source",
        f"        V(g) <+ {MICRO:.1f}*conductance;",
        "        I(drain, source) <+ conductance*V(drain, source);",
        f'        I(drain, source) <+ white_noise({heat}*conductance, "read");',
        "    end",
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def noise_lines(sources: Sequence[str], noisy: Sequence[tuple[str, str]], heat: str) -> list[str]:
    """Return the nodes that have the noise of a resistance, and the currents by their voltages."""
    if not sources:
        return []
    lines = ["        // thermal and reaction noise"]
    for name in sources:
        lines.append(f"        I(m_{name}) <+ V(m_{name})/{RESISTANCE:.1f};")
        lines.append(f'        I(m_{name}) <+ white_noise({heat}/{RESISTANCE:.1f}, "{name}");')
        lines.append(f"        z_{name} = V(m_{name});")
    for name, text in noisy:
        lines += folded(f"        {name} = {plain(text)};", CONTINUED)
    return lines


def through_film(model: CompactModel) -> list[str]:
    """Return what lies between the gate behind the drive and the source."""
    if model.ladder is not None:
        return ["        // the sections of the film and the interfaces in series", "        V(path) <+ v_path;"]
    return [
        "        // interface of the gate, electrolyte, interface of the channel",
        "        V(gi, a) <+ w_g;",
        "        I(a, b) <+ area*(i_el + noise_el);",
        "        I(a, b) <+ ddt(c_geo*area*V(a, b));",
        "        V(b, source) <+ -w_c;",
    ]


def parameter(number: Number) -> str:
    """Return the line of a parameter."""
    fit = f", fitted: {number.factor}" if number.factor else ""
    return f"    parameter real {number.name} = {number.value:.10g}; // {number.unit}, {number.text}{fit}"


def plain(text: str) -> str:
    """Return an expression in Verilog-A."""
    return text.replace("@(", "(")
