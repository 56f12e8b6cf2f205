"""Spiking networks: the STDP kernel and the short-term recursion of a device, as files for NEST and Brian 2.

The kernel (`stdp`) is fitted to pulses that say their spike interval, the recursion (`tsodyks_markram`) to trains of
equal pulses; a run that has neither gives null and the reason. Each simulator gets the best form that it can make:
Brian 2 exponential, alpha, and a table of the pairs (`pair_table`); NEST's stdp_synapse the exponential alone, which
strengthens where post follows pre. What leaves more of the run than the extraction allows is not written.
"""

from math import exp, hypot, isfinite, log
from pathlib import Path

import numpy as np

from eisfv.postprocess.extract.measured import Extraction, Measured, Section, Written
from eisfv.postprocess.extract.spike_pairs import spike_pairs
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.postprocess.simulators.sources import source_of
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors

from .files import Bounds, bounds_of, brian2_text, nest_text
from .pair_table import NO_PAIRS, PairTable, best_kernel, table_of, table_quantities
from .pictures import kernel_picture, response_picture
from .spike_trains import spike_trains_of
from .stdp import TRACES, Kernel, kernel_of, kernel_quantities
from .tsodyks_markram import ShortTerm, short_term_of, short_term_quantities

NEST, BRIAN2 = "eisfv_nest.py", "eisfv_brian2.py"
NEST_FORMS = ("exponential",)
# Measured by the extraction itself from one decay; told beside the recursion, which is made of trains.
DECAY = "short_term_"


def write(extraction: Extraction, out: Path) -> Written:
    """Write the parameter files into a directory. Raises ResultError where that fails."""
    pairs, largest = spike_pairs(extraction.pulses), extraction.residual
    kernel = None if pairs is None else kernel_of(pairs, TRACES, largest)
    table = NO_PAIRS if pairs is None else table_of(pairs, largest)
    by_nest = None if pairs is None else kernel_of(pairs, NEST_FORMS, largest)
    trains = spike_trains_of(extraction.runs, extraction.cases, extraction.pulses)
    short = short_term_of(trains, highest(extraction), largest)
    best = best_kernel(pairs, largest)
    whole = None if isinstance(best, str) else best
    recursion = short if isinstance(short, ShortTerm) else None
    hebbian, why_nest = nest_kernel(by_nest)
    quantities = kernel_quantities(kernel, NO_PAIRS) | table_quantities(table)
    quantities |= alpha_of(hebbian, why_nest) | short_term_quantities(short)
    why = [f"STDP: {best}"] if isinstance(best, str) else []
    why += [f"short-term plasticity: {short}"] if isinstance(short, str) else []
    if whole is None and recursion is None:
        return Written(quantities=quantities, reason="; ".join(why))
    title = source_of(extraction)
    bounds = None if whole is None else bounds_of(whole, *conductances(extraction))
    warning = ""
    texts = {BRIAN2: brian2_text(title, whole, bounds, recursion, why)}
    if whole is not None and hebbian is None:
        warning = f"STDP for NEST: {why_nest}"
        why.append(warning)
    if hebbian is not None or recursion is not None:
        texts[NEST] = nest_text(title, hebbian, bounds, recursion, why)
    with clear_errors(out):
        out.mkdir(parents=True, exist_ok=True)
    files = tuple(out / name for name in sorted(texts))
    for path in files:
        write_atomic(path, texts[path.name].encode())
    section = section_of(extraction, quantities, whole, bounds, recursion, why)
    return Written(files=files, quantities=quantities, section=section, warning=warning)


def conductances(extraction: Extraction) -> tuple[float, float]:
    """Return the lowest and the highest conductance around the pulses of the runs, S."""
    values = np.concatenate([extraction.pulses.before, extraction.pulses.after])
    return float(np.nanmin(values)), float(np.nanmax(values))


def highest(extraction: Extraction) -> float:
    """Return the highest conductance around the pulses, S; 0 without pulses."""
    return conductances(extraction)[1] if len(extraction.pulses) else 0.0


def nest_kernel(kernel: Kernel | None) -> tuple[Kernel | None, str]:
    """Return a kernel that stdp_synapse has, or why there is none."""
    if kernel is None:
        return None, NO_PAIRS
    if not kernel.complete:
        return None, f"stdp_synapse has the exponential form alone; {kernel.reason}"
    return (kernel, "") if kernel.strengthens_after else (None, "stdp_synapse cannot have the signs of this kernel")


def alpha_of(kernel: Kernel | None, why: str) -> dict[str, Measured]:
    """Return A_minus over A_plus, the alpha of NEST; its interval adds those of both in the logarithm."""
    if kernel is None or kernel.plus.fitted is None or kernel.minus.fitted is None:
        return {"stdp_alpha": Measured(None, reason=why)}
    plus, minus = kernel.plus.fitted, kernel.minus.fitted
    value = kernel.minus.amplitude / kernel.plus.amplitude
    spread = hypot(*(log(side.high[0] / side.values[0]) for side in (plus, minus)))
    ends = sorted(value * exp(sign * spread) for sign in (-1.0, 1.0)) if isfinite(spread) else (None, None)
    return {"stdp_alpha": Measured(value, low=ends[0], high=ends[1], points=plus.count + minus.count)}


def section_of(
    extraction: Extraction,
    quantities: dict[str, Measured],
    kernel: Kernel | PairTable | None,
    bounds: Bounds | None,
    short: ShortTerm | None,
    why: list[str],
) -> Section:
    """Return the part of the report."""
    decay = {name: one for name, one in extraction.quantities.items() if name.startswith(DECAY)}
    rows = [("quantity", "value", "95 % interval", "from")]
    rows += [row_of(name, one) for name, one in (quantities | decay).items() if one.value is not None]
    figures = [] if kernel is None else [kernel_picture(kernel)]
    figures += [] if short is None else [response_picture(short)]
    told = [words_of(kernel, bounds)] if kernel is not None and bounds is not None else []
    told += [f"Short-term response: {short.words}."] if short is not None else []
    return Section("Spiking networks", (*told, *(f"Not written: {one}." for one in why)), tuple(rows), tuple(figures))


def words_of(kernel: Kernel | PairTable, bounds: Bounds) -> str:
    """Return what a reader must know of a kernel: form, range, residual, where it was measured."""
    sides = (kernel.plus, kernel.minus) if isinstance(kernel, Kernel) else ()
    better = {side.better for side in sides} - {""}
    parts = kernel.words() + [f"the form {name}, which no simulator has, leaves less" for name in sorted(better)]
    level = quantity(kernel.pairs.conductance, "S")
    out = f"; {kernel.pairs.left_out} pairs from other conductances are left out" if kernel.pairs.left_out else ""
    signs = "dt = t_post \N{MINUS SIGN} t_pre"
    return f"{signs}; {'; '.join(parts)}. Measured at {level}{out}. Bounds of the weight: {bounds.told}."


def row_of(name: str, one: Measured) -> tuple[str, str, str, str]:
    """Return a quantity as texts of the report's table."""
    value = "" if one.value is None else quantity(one.value, one.unit)
    ends = ""
    if one.low is not None and one.high is not None:
        ends = f"{quantity(one.low, one.unit)} to {quantity(one.high, one.unit)}"
    return name, value, ends, one.window
