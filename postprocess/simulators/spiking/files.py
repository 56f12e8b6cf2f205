"""Parameter files of the spiking simulators: eisfv_nest.py for NEST, eisfv_brian2.py for Brian 2.

NEST    weight 1 is 1 nS, times in ms. stdp_synapse with mu_plus = mu_minus = 0 adds lambda Wmax exp(-dt/tau_plus) where
        post follows pre and takes alpha lambda Wmax exp(dt/tau_minus) off where pre follows post:
            lambda = A_plus/Wmax,  alpha = A_minus/A_plus
        alpha is negative where both sides strengthen. tau_minus belongs to the post-neuron. dt is counted from the
        pre-spike to the post-spike plus the synapse's delay. tsodyks2_synapse sends weight u x with the recursion of
        `tsodyks_markram`: weight = W.
Brian2  the conductance itself is the state, in siemens; the names are those of `stdp` and `tsodyks_markram`. An alpha
        form takes two traces that decay alike, p = sum exp(-(t - t_i)/tau) over the spikes at t_i and their moment
        m = sum t_i exp(-(t - t_i)/tau):
            sum u_i exp(1 - u_i) = e (t p - m)/tau,  u_i = (t - t_i)/tau
        Each is a linear equation of its own, which Brian 2 solves from event to event. A table (`pair_table`) takes
        the moment of the other neuron's last spike, and is written out as straight lines.

Every file says form, range and residual of what is in it, and what is not in it and why.

A run of pairs at one conductance does not tell how the kernel depends on it: the exponents of the weight are 0. Bounds
of the weight are those the runs reached, where their range holds many changes; else there are none but zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity

from .brian2_table import brian2_table
from .pair_table import PairTable
from .stdp import Kernel
from .tsodyks_markram import GONE, ShortTerm

# A range with fewer changes than these is no range of the device: a handful of pairs would end at its bounds.
CHANGES_IN_RANGE = 10.0
TRACED = (("pre", "plus"), ("post", "minus"))  # whose spikes the traces of a side are of
UNBOUNDED = 1000.0  # conductances


@dataclass(frozen=True)
class Bounds:
    """The range of the weight, S; `told`: how it was found, one line."""

    low: float
    high: float
    told: str


def bounds_of(kernel: Kernel | PairTable, low: float, high: float) -> Bounds:
    """Return the bounds of the weight from the lowest and highest conductance of the runs, S."""
    middle = kernel.pairs.conductance
    largest = float(np.abs(kernel.change(kernel.pairs.interval)).max())
    words = f"the runs went from {quantity(low, 'S')} to {quantity(high, 'S')}"
    if min(middle - low, high - middle) >= CHANGES_IN_RANGE * largest:
        return Bounds(low, high, words)
    return Bounds(0.0, UNBOUNDED * middle, f"not measured: {words}, a few changes of a pair; none but zero is set")


def nest_text(
    title: str, kernel: Kernel | None, bounds: Bounds | None, short: ShortTerm | None, lacks: Sequence[str]
) -> str:
    """Return eisfv_nest.py; kernel: one that stdp_synapse has; lacks: what is not written and why."""
    return "\n".join([*nest_lines(title, kernel, bounds, short), *lacking(lacks)]) + "\n"


def nest_lines(title: str, kernel: Kernel | None, bounds: Bounds | None, short: ShortTerm | None) -> Iterator[str]:
    """Give the lines of eisfv_nest.py."""
    yield from head(title, "NEST", "A weight of 1 is a conductance of 1 nS: 100 pA at 100 mV. Times are in ms.")
    if kernel is not None and bounds is not None:
        both_strengthen = kernel.minus.amplitude < 0.0
        yield from (
            "# nest.CopyModel('stdp_synapse', 'eis', STDP_SYNAPSE); the post-neuron takes POST_NEURON as well.",
            "# dt = t_post + delay - t_pre: NEST counts the delay of the synapse as the way back of the post-spike.",
            *commented(kernel),
            f"# Pairs were measured at {quantity(kernel.pairs.conductance, 'S')} alone: mu = 0.",
            f"# Bounds of the weight: {bounds.told}.",
            *(["# Pairs with dt < 0 strengthen too: alpha < 0, and no bound holds them."] if both_strengthen else []),
            f"A_PLUS, A_MINUS = {number(1e9 * kernel.plus.amplitude)}, {number(1e9 * kernel.minus.amplitude)}  # nS",
            f"WMAX = {number(1e9 * bounds.high)}  # nS",
            "STDP_SYNAPSE = {",
            f'    "weight": {number(1e9 * kernel.pairs.conductance)},',
            '    "Wmax": WMAX,',
            '    "lambda": A_PLUS / WMAX,',
            '    "alpha": A_MINUS / A_PLUS,',
            '    "mu_plus": 0.0,',
            '    "mu_minus": 0.0,',
            f'    "tau_plus": {number(1e3 * kernel.plus.tau)},',
            "}",
            f'POST_NEURON = {{"tau_minus": {number(1e3 * kernel.minus.tau)}}}',
        )
    if short is not None:
        yield from (
            *([""] if kernel is not None else []),
            "# nest.CopyModel('tsodyks2_synapse', 'eis_short', TSODYKS2_SYNAPSE);",
            f"# {short.words}.",
            "# A spike is one pulse of the run; its effect is weight * u * x. u starts as U.",
            "TSODYKS2_SYNAPSE = {",
            f'    "weight": {number(1e9 * short.W)},',
            f'    "U": {number(short.U)},',
            f'    "u": {number(short.U)},',
            '    "x": 1.0,',
            f'    "tau_rec": {number(1e3 * short.recovers)},' + at_once(short, "tau_rec"),
            f'    "tau_fac": {number(1e3 * short.tau_fac)},',
            "}",
        )


def brian2_text(
    title: str, kernel: Kernel | PairTable | None, bounds: Bounds | None, short: ShortTerm | None, lacks: Sequence[str]
) -> str:
    """Return eisfv_brian2.py."""
    return "\n".join([*brian2_lines(title, kernel, bounds, short), *lacking(lacks)]) + "\n"


def brian2_lines(
    title: str, kernel: Kernel | PairTable | None, bounds: Bounds | None, short: ShortTerm | None
) -> Iterator[str]:
    """Give the lines of eisfv_brian2.py."""
    yield from head(title, "Brian 2", "The conductance is the weight, with its unit.")
    yield from ("from brian2 import second, siemens", "")
    if isinstance(kernel, PairTable) and bounds is not None:
        told = [
            *commented(kernel),
            f"# Pairs were measured at {quantity(kernel.pairs.conductance, 'S')} alone: changes do not depend on G.",
            f"# Bounds of G: {bounds.told}.",
        ]
        yield from brian2_table(kernel, told, *map(number, (kernel.pairs.conductance, bounds.low, bounds.high)))
    elif isinstance(kernel, Kernel) and bounds is not None:
        yield from (
            "# Synapses(pre, post, STDP_MODEL, on_pre=STDP_ON_PRE, on_post=STDP_ON_POST, namespace=STDP_NAMESPACE);",
            "# then synapses.G = STDP_START. Add what a spike does to your neuron to STDP_ON_PRE.",
            "# dt = t_post - t_pre. G rises by A_plus f(dt/tau_plus) for dt > 0 where A_plus > 0,",
            "# and falls by A_minus f(-dt/tau_minus) for dt < 0 where A_minus > 0.",
            "# f(u) is exp(-u) in the exponential form, u exp(1 - u) in the alpha form.",
            *commented(kernel),
            f"# Pairs were measured at {quantity(kernel.pairs.conductance, 'S')} alone: changes do not depend on G.",
            f"# Bounds of G: {bounds.told}.",
            'STDP_MODEL = """',
            "G : siemens",
            *(line for spike, name in TRACED for line in traces(kernel, spike, name)),
            '"""',
            'STDP_ON_PRE = """',
            *fires(kernel, "pre", "plus"),
            f"G = clip(G - A_minus*{seen(kernel, 'post', 'minus')}, G_min, G_max)",
            '"""',
            'STDP_ON_POST = """',
            *fires(kernel, "post", "minus"),
            f"G = clip(G + A_plus*{seen(kernel, 'pre', 'plus')}, G_min, G_max)",
            '"""',
            f"STDP_START = {number(kernel.pairs.conductance)} * siemens",
            "STDP_NAMESPACE = {",
            f'    "A_plus": {number(kernel.plus.amplitude)} * siemens,',
            f'    "A_minus": {number(kernel.minus.amplitude)} * siemens,',
            f'    "tau_plus": {number(kernel.plus.tau)} * second,',
            f'    "tau_minus": {number(kernel.minus.tau)} * second,',
            f'    "G_min": {number(bounds.low)} * siemens,',
            f'    "G_max": {number(bounds.high)} * siemens,',
            "}",
        )
    if short is not None:
        yield from (
            *([""] if kernel is not None else []),
            "# Synapses(pre, post, SHORT_MODEL, on_pre=SHORT_ON_PRE, namespace=SHORT_NAMESPACE), then synapses.x = 1;",
            f"# {short.words}.",
            "# R is the conductance that a spike, one pulse of the run, adds for the moment.",
            'SHORT_MODEL = """',
            "R : siemens",
            "dx/dt = (1 - x)/tau_rec : 1 (event-driven)",
            "du/dt = -u/tau_fac : 1 (event-driven)",
            '"""',
            'SHORT_ON_PRE = """',
            "u += U*(1 - u)",
            "R = W*u*x",
            "x -= u*x",
            '"""',
            "SHORT_NAMESPACE = {",
            f'    "W": {number(short.W)} * siemens,',
            f'    "U": {number(short.U)},',
            f'    "tau_rec": {number(short.recovers)} * second,' + at_once(short, "tau_rec"),
            f'    "tau_fac": {number(short.tau_fac or short.shortest / GONE)} * second,' + at_once(short, "tau_fac"),
            "}",
        )


def traces(kernel: Kernel, spike: str, name: str) -> Iterator[str]:
    """Give the equations of the traces that a spike of one neuron leaves for a side of the kernel."""
    yield f"d{spike}_trace/dt = -{spike}_trace/tau_{name} : 1 (event-driven)"
    if getattr(kernel, name).form == "alpha":
        yield f"d{spike}_moment/dt = -{spike}_moment/tau_{name} : second (event-driven)"


def fires(kernel: Kernel, spike: str, name: str) -> Iterator[str]:
    """Give what a spike adds to its own traces."""
    yield f"{spike}_trace += 1"
    if getattr(kernel, name).form == "alpha":
        yield f"{spike}_moment += t"


def seen(kernel: Kernel, spike: str, name: str) -> str:
    """Return the sum of f over the earlier spikes of one neuron, made of their traces."""
    if getattr(kernel, name).form == "alpha":
        return f"exp(1.0)*(t*{spike}_trace - {spike}_moment)/tau_{name}"
    return f"{spike}_trace"


def commented(kernel: Kernel | PairTable) -> Iterator[str]:
    """Give form, range and residual as comments."""
    yield from (f"# {line}." for line in kernel.words())
    beyond = "changes nothing" if isinstance(kernel, PairTable) else "is extrapolated"
    yield f"# Beyond these intervals the kernel {beyond}."


def lacking(reasons: Sequence[str]) -> Iterator[str]:
    """Give as comments what is not in a file and why."""
    yield from (f"# Not written: {reason}." for reason in reasons)


def number(value: float) -> str:
    """Return a number with a point or an exponent, to nine digits: NEST refuses integers where it wants floats."""
    return repr(float(f"{value:.9g}"))


def head(title: str, simulator: str, words: str) -> Iterator[str]:
    """Give the docstring of a parameter file."""
    yield from (f'"""Parameters for {simulator} of a simulated synapse: {title}.', "", words, '"""', "")


def at_once(short: ShortTerm, name: str) -> str:
    """Return the comment of a time that stands for none."""
    return "" if getattr(short, name) else "  # none: shorter than every measured interval"
