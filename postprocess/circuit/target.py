"""The target `circuit`: synapse.va (Verilog-A) and synapse.cir (ngspice), fitted to the first run and held against all.

Of a run that has no place in the model, or no pulse to fit it to, nothing is written and the reason is told.
"""

from collections.abc import Sequence
from math import inf
from pathlib import Path

import numpy as np

from eisfv.model import CaseFile
from eisfv.postprocess.extract.measured import Extraction, Measured, Section, Written
from eisfv.postprocess.extract.wording import one_line
from eisfv.postprocess.protocol import DrivenStep, protocol_steps
from eisfv.result import Run
from eisfv.result.errors import clear_errors

from .case_stack import read_stack
from .closure import Closure, by_ngspice, closure
from .fit import Fit, fit, traced
from .ladder import STEADY, crossing_time, has_place, with_ladder
from .model import CompactModel, compact_model
from .ngspice import NgspiceError
from .overlay import overlay
from .parameters import parameter_rows, parameters
from .simulate import SimulationError
from .spice import subcircuit
from .unsupported import UnsupportedError
from .verilog import module
from .windows import Window, windows

VERILOG, SPICE = "synapse.va", "synapse.cir"
IN_SPICE = (f".include {SPICE}", "X1 my_gate my_drain my_source my_g synapse", ".tran 1m 1 uic", "")
IN_VERILOG = ("synapse X1(my_gate, my_drain, my_source, my_g);", "")
ZERO_CELSIUS = 273.15  # K
LARGEST_ERROR = 0.1  # of the changes, over their root mean square
POOR = (
    "The model does not follow this run: it misses {:.0%} of the changes. Unless its film is in sections, its layers "
    "are those of a steady current, which a pulse that is shorter than ions need to cross them does not have."
)
NOTHING = "The pulses of this run change nothing that the model could be held against."


def write(extraction: Extraction, out: Path) -> Written:
    """Write both files into `out` and return what was fitted and how well it closes. Raises ResultError."""
    run, case = extraction.runs[0], extraction.cases[0]
    try:
        model, steps = prepared(run, case)
        parts = windows(run, steps, model.memory)
        if not parts:
            return Written(reason="the run has no finished pulse to fit a compact model to")
        fitted = fit(model, run, parts)
    except (UnsupportedError, SimulationError) as error:
        return Written(reason=str(error))
    bare = subcircuit(model, fitted.factors, head(run, model, IN_SPICE))
    closures, words = held(model, fitted, run, parts, bare)
    poor = max(one.change_error for one in closures)
    told = [] if poor < LARGEST_ERROR else [POOR.format(poor) if poor < inf else NOTHING]
    texts = (
        subcircuit(model, fitted.factors, head(run, model, IN_SPICE, told)),
        module(model, fitted.factors, head(run, model, IN_VERILOG, told)),
    )
    files = (out / SPICE, out / VERILOG)
    for path, content in zip(files, texts, strict=True):
        with clear_errors(path):
            path.write_text(content, encoding="utf-8")
    others = others_held(extraction, fitted)
    quantities = {**parameters(model, fitted, window_words(parts)), **errors(closures, parts)}
    section = Section(
        "Compact model for circuits",
        (*explained(model, parts), *told, words, closed(closures), *others),
        parameter_rows(model, fitted),
        (overlay(closures),),
    )
    return Written(files, quantities, section, warning=told[0] if told else "")


def prepared(run: Run, case: CaseFile) -> tuple[CompactModel, list[DrivenStep]]:
    """Return the model of a run's stack with the case's own values, and its protocol. Raises UnsupportedError."""
    stack = read_stack(case)
    volts = run.terminals.get("voltage_V", np.empty(0))
    if not volts.size:
        raise UnsupportedError("the run has no rows of its terminals")
    steps, largest = protocol_steps(case.protocol).steps(), float(np.abs(volts).max())
    return for_pulses(compact_model(stack, largest), largest, steps), steps


def for_pulses(model: CompactModel, largest: float, steps: Sequence[DrivenStep]) -> CompactModel:
    """Return the model, with a ladder where the pulses end before ions have crossed a layer of a film that can be one;
    largest: voltage, V."""
    parts = [part for step in steps if step.pulse for part in step.stretches if part.first or part.last]
    times = [part.late - part.early for part in parts]
    if not times or not has_place(model) or crossing_time(model, largest) < STEADY * max(times):
        return model
    return with_ladder(model, largest, min(times))


def head(run: Run, model: CompactModel, use: Sequence[str], told: Sequence[str] = ()) -> list[str]:
    """Return the lines that begin a file; use: how one has an instance of it; told: what it cannot do."""
    return [
        f"Compact model of an electrochemical ionic synapse: {one_line(run.title)}",
        f"{model.stack.temperature:g} K; no temperature dependence. Extracted from {one_line(str(run.path))}.",
        *told,
        "",
        "gate, source  V(gate,source) above the open-circuit voltage inserts cations into the channel;",
        "              a positive current flows from gate to source, which is the channel's metal",
        "drain         the read-out: a conductance between drain and source",
        "g             1 V is a conductance of 1 uS",
        *([] if model.ladder is not None else noise_words(model)),
        "",
        *use,
        "Initial values are those of the run's start.",
    ]


def noise_words(model: CompactModel) -> list[str]:
    """Return what is said of the noise."""
    return [
        "noise         thermal and reaction noise of ions, leak and read-out where noise is simulated, in ngspice with",
        f"              .temp {model.stack.temperature - ZERO_CELSIUS:.6g}; no 1/f noise: a lower limit",
    ]


def held(model: CompactModel, fitted: Fit, run: Run, parts: Sequence[Window], text: str) -> tuple[list[Closure], str]:
    """Return the windows held against the model, and in words by which simulator."""
    ours = [closure(run, part, traces, "Python") for part, traces in zip(parts, fitted.traces, strict=True)]
    try:
        first = closure(run, parts[0], by_ngspice(model, fitted.factors, text, parts[0]), "ngspice")
    except NgspiceError as error:
        return ours, f"The overlay is of Python's integrator of the same equations: {error}."
    rest = " The other windows are of Python's integrator of the same equations." if len(ours) > 1 else ""
    return [first, *ours[1:]], f"The overlay is of ngspice, from {SPICE} as written.{rest}"


def others_held(extraction: Extraction, fitted: Fit) -> list[str]:
    """Return a sentence for every other run, to which nothing was fitted."""
    lines = []
    for run, case in zip(extraction.runs[1:], extraction.cases[1:], strict=True):
        try:
            model, steps = prepared(run, case)
            parts = windows(run, steps, model.memory)
            found = [closure(run, part, traced(model, fitted.factors, part), "Python") for part in parts]
        except (UnsupportedError, SimulationError) as error:
            lines.append(f"{run.path}: not held against the model: {error}.")
            continue
        lines += [f"{run.path}, not fitted: {error_words(one)}." for one in found]
    return lines


def closed(closures: Sequence[Closure]) -> str:
    """Return how well the model closes in every window, in words."""
    return f"Against the run: {'; '.join(f'{error_words(one)}, {one.by}' for one in closures)}."


def explained(model: CompactModel, parts: Sequence[Window]) -> list[str]:
    """Return what was fitted, in words."""
    if model.ladder is not None:
        return [
            "The case's own values, nothing fitted: these pulses end before ions have crossed a layer of the film, so "
            f"that it is a ladder of {len(model.ladder.sections)} sections, and the channel one of "
            f"{len(model.channel.lumps)}, with the solver's own equations. Held against {window_words(parts)}.",
        ]
    return [
        f"Fitted to {window_words(parts)}: factors on the case's values, all one before the fit. A factor that the run "
        "says nothing of stays at one; intervals are of 95 %, of a fit whose misfit is the reduction itself.",
        "Ions in lumps through both films, Butler-Volmer at the interfaces with their double layers, field-enhanced "
        "hopping and leak in the electrolyte; curves U(x) and sigma as the case states them.",
    ]


def window_words(parts: Sequence[Window]) -> str:
    """Return which pulses, counted from one."""
    return "pulses " + ", ".join(f"{part.pulses[0] + 1} to {part.pulses[-1] + 1}" for part in parts)


def error_words(one: Closure) -> str:
    """Return both errors of a window."""
    changes = f"changes to {one.change_error:.2%}" if one.change_error < inf else "no changes to compare"
    return (
        f"conductance to {one.conductance_error:.2%} of its span, {changes} "
        f"(root mean square, pulses {one.pulses[0]} to {one.pulses[-1]})"
    )


def errors(closures: Sequence[Closure], parts: Sequence[Window]) -> dict[str, Measured]:
    """Return the errors of the closure over all windows."""
    rows, pulses = sum(one.time.size for one in closures), sum(one.pulses.size for one in closures)
    by = " and ".join(sorted({one.by for one in closures}))
    named = {
        "closure_conductance": (rows, [one.conductance_error for one in closures], "of the conductance's span"),
        "closure_change": (pulses, [one.change_error for one in closures], "of the changes' root mean square"),
    }
    found = {}
    for name, (points, values, what) in named.items():
        value, window = float(np.sqrt(np.mean(np.square(values)))), f"{window_words(parts)}, {what}, {by}"
        known = Measured(value, points=points, window=window)
        nothing = Measured(None, points=points, window=window, reason="the pulses of a window change nothing")
        found[name] = known if value < inf else nothing
    return found
