"""The compact model held against the run: by ngspice from the file that was written, else by Python's own integrator.

Errors are told of the conductance at the run's rows, over its span, and of the change by each pulse, over the root
mean square of the run's changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.protocol import DrivenStep
from eisfv.result import Run

from .equations import equations
from .misfits import reads_around_pulses, spanned
from .model import CompactModel, Factors, unnoticed
from .ngspice import NgspiceError, run_ngspice, shortest_stretch
from .simulate import Trace
from .states import at_rest
from .texts import lumps_of
from .windows import Window

Array = np.ndarray
SOME_MILLIVOLTS = 1e-2  # V over the electrolyte's capacitance that ngspice need not follow


@dataclass(frozen=True)
class Closure:
    """A window of a run and the compact model in it.

    time, measured, found    s and S, row by row of the run
    pulses, steps, changes   numbers of the pulses, from 1, the run's and the model's change, S
    by                       "ngspice", or "Python" with why
    """

    time: Array
    measured: Array
    found: Array
    pulses: Array
    steps: Array
    changes: Array
    by: str

    @property
    def conductance_error(self) -> float:
        """Return the root mean square error of the conductance over its span."""
        return float(np.sqrt(np.mean(spanned(self.found, self.measured) ** 2)))

    @property
    def change_error(self) -> float:
        """Return the root mean square error of the changes over their root mean square."""
        size = float(np.sqrt(np.mean(self.steps**2)))
        return float(np.sqrt(np.mean((self.changes - self.steps) ** 2))) / size if size > 0.0 else float("nan")


def closure(run: Run, entry: Window, traces: Sequence[Trace], by: str) -> Closure:
    """Return a window held against traces of its steps; after its pulses where the run has no rows in it."""
    rows = np.array(entry.pulses)
    before, after = reads_around_pulses(traces, entry)
    at = [times_of(step, times) for step, times in zip(entry.steps, entry.times, strict=True)]
    time = np.concatenate([step.start + times for step, times in zip(entry.steps, at, strict=True)])
    measured = np.concatenate(entry.conductance)
    pairs = zip(at, traces, strict=True)
    found = np.concatenate([np.interp(times, trace.time, trace.conductance) for times, trace in pairs])
    known = np.isfinite(measured)
    if known.sum() < len(rows):
        time, measured, found = run.pulses["t_end_s"][rows], run.pulses["G_after_S"][rows], after
        known = np.isfinite(measured)
    steps = run.pulses["dG_S"][rows]
    return Closure(time[known], measured[known], found[known], rows + 1, steps, after - before, by)


def times_of(step: DrivenStep, times: Array) -> Array:
    """Return the compared times of a step with its end."""
    return np.append(times, step.duration)


def by_ngspice(model: CompactModel, factors: Factors, text: str, entry: Window) -> list[Trace]:
    """Return what ngspice makes of a subcircuit's text in a window at the run's start. Raises NgspiceError."""
    if entry.ahead is not None:
        raise NgspiceError("the window begins inside the run")
    steps = entry.steps
    channel = [f"x_{letter}{k}" for letter, _, k in lumps_of(model) if letter == "c"]
    found = run_ngspice(
        text,
        steps,
        equations(model, factors).voltage(at_rest(model, factors)),
        unnoticed(model, shortest_stretch(steps)),
        SOME_MILLIVOLTS * model.capacitance * model.stack.area,
        channel,
    )
    shares = np.array(model.channel.lumps) / sum(model.channel.lumps)
    filling = model.stack.channel.x * sum(share * found[name] for share, name in zip(shares, channel, strict=True))
    return traces_of(found, steps, np.asarray(filling))


def traces_of(found: dict[str, Array], steps: Sequence[DrivenStep], filling: Array) -> list[Trace]:
    """Return step by step what ngspice found; it tells no charges."""
    time, begin = found["time"], 0.0
    out = []
    for step in steps:
        end = begin + step.duration
        inside = (time > begin) & (time < end * (1.0 - 1e-12))
        at, begin = np.append(time[inside] - begin, step.duration), end
        values = [
            np.interp(np.append(time[inside], end), time, column)
            for column in (found["gi"], 1e-6 * found["g"], filling)
        ]
        out.append(Trace(at, values[0], np.full(at.size, np.nan), values[1], values[2]))
    return out
