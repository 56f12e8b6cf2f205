"""What the compact model misses of a run in a window."""

from collections.abc import Sequence

import numpy as np

from eisfv.postprocess.protocol import DrivenStep
from eisfv.result import Run

from .simulate import Trace
from .windows import Window

Array = np.ndarray


def misfits_of(traces: Sequence[Trace], run: Run, entry: Window) -> Array:
    """Return the misfits of one window, weighted so that the sum of squares is the mean over kinds of mean squares."""
    rows = np.array(entry.pulses)
    before, after = reads_around_pulses(traces, entry)
    wanted, moved = run.pulses["G_after_S"][rows], run.pulses["dG_S"][rows]
    measured, found = np.concatenate(entry.conductance), np.concatenate([trace.conductance for trace in traces])
    kinds = [spanned(np.append(found, after), np.append(measured, wanted)), scaled(after - before - moved, moved)]
    free = [k for k, step in enumerate(entry.steps) if step.drive != "voltage"]
    volts = np.concatenate([entry.voltage[k] for k in free]) if free else np.empty(0)
    if np.isfinite(volts).any():
        kinds.append(spanned(np.concatenate([traces[k].voltage for k in free]), volts))
    if any(step.drive == "voltage" for step in entry.steps):
        charges = run.pulses["charge_C"][rows]
        kinds.append(scaled(charges_of(traces, entry) - charges, charges))
    return np.concatenate([kind / np.sqrt(kind.size * len(kinds)) for kind in kinds])


def spanned(found: Array, measured: Array) -> Array:
    """Return differences over the span of what was measured, where it was."""
    known = np.isfinite(measured)
    span = float(np.ptp(measured[known])) if known.any() else 0.0
    return (found - measured)[known] / span if span > 0.0 else np.zeros(1)


def scaled(difference: Array, measured: Array) -> Array:
    """Return differences over the root mean square of what was measured."""
    size = float(np.sqrt(np.mean(measured**2)))
    return difference / size if size > 0.0 else np.zeros(difference.size)


def reads_around_pulses(traces: Sequence[Trace], entry: Window) -> tuple[Array, Array]:
    """Return the conductance before and after each pulse of a window, S, read as the run reads it: the last read
    since the pulse before, else where the pulse starts; the next read, else where the next pulse starts."""
    before: list[float] = []
    after: list[float] = []
    held, read = float(traces[0].conductance[0]), entry.before
    for step, trace in zip(entry.steps, traces, strict=True):
        if step.pulse:
            after += [held] * (len(before) - len(after))
            before.append(read if np.isfinite(read) else held)
            read = np.nan
        held = float(trace.conductance[-1])
        if step.read:
            read = mean_over(trace, step)
            after += [read] * (len(before) - len(after))
    after += [held] * (len(before) - len(after))
    return np.array(before), np.array(after)


def mean_over(trace: Trace, step: DrivenStep) -> float:
    """Return the mean conductance over a step's read window."""
    begin = step.duration - step.read
    inside = trace.time > begin
    times = np.concatenate([[begin], trace.time[inside]])
    values = np.concatenate([[np.interp(begin, trace.time, trace.conductance)], trace.conductance[inside]])
    return float(np.trapezoid(values, times) / step.read)


def charges_of(traces: Sequence[Trace], entry: Window) -> Array:
    """Return the charge of each pulse of a window, C."""
    passed, charges = 0.0, []
    for step, trace in zip(entry.steps, traces, strict=True):
        if step.pulse:
            charges.append(float(trace.charge[-1]) - passed)
        passed = float(trace.charge[-1])
    return np.array(charges)
