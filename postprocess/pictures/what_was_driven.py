"""What a run is by its protocol, which decides how it is drawn: a long rest, a voltammogram, pairs of spikes."""

from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.protocol import ProtocolSteps, protocol_steps
from eisfv.postprocess.step_rows import lasted
from eisfv.result import Run

from .resolved_case import case_of

LONG = 0.9  # share of the whole time that one rest must have to be what the run is about
DECADES = 100.0  # its duration over its first row's time: less needs no logarithmic axis
SWEPT = 0.5  # share of the time under a changing voltage that makes a voltammogram
FEWEST = 10  # rows of a line that is worth a picture
PAIRS = 3  # different spike intervals that make a curve


@dataclass(frozen=True)
class LongRest:
    """A step at constant voltage or open circuit that lasts nearly as long as the run.

    step   its number, from 1
    since  (rows) s since it began, negative before; start of the step, s
    """

    step: int
    since: np.ndarray
    start: float


def steps_of(run: Run) -> ProtocolSteps | None:
    """Return the protocol of a run; None where its case or its table does not tell. Raises ResultError."""
    case = case_of(run) if len(run.terminals.get("step_time_s", ())) else None
    return None if case is None else protocol_steps(case.protocol)


def long_rest(run: Run, steps: ProtocolSteps | None) -> LongRest | None:
    """Return the rest that the run is about, if there is one."""
    if steps is None:
        return None
    table, (numbers, durations) = run.terminals, lasted(run.terminals)
    longest = int(np.argmax(durations))
    number, duration = int(numbers[longest]), float(durations[longest])
    constant = steps.waveform[number - 1] == 0 and steps.drive[number - 1] != "current"
    if not constant or steps.pulse[number - 1] or duration < LONG * durations.sum():
        return None
    step, within = table["step"].astype(int), table["step_time_s"]
    own = within[(step == number) & (within > 0.0)]
    if own.size < FEWEST or duration < DECADES * own[0]:
        return None
    start = float(durations[:longest].sum())
    since = np.where(step == number, within, table["time_s"] - start)
    return LongRest(number, since, start)


def swept_rows(run: Run, steps: ProtocolSteps | None) -> np.ndarray:
    """Return the rows of terminals under a voltage that changes, where that makes most of the run; else none."""
    if steps is None:
        return np.empty(0, int)
    numbers, durations = lasted(run.terminals)
    swept = (steps.drive == "voltage") & (steps.waveform != 0) & ~steps.pulse
    rows = np.flatnonzero(swept[run.terminals["step"].astype(int) - 1])
    enough = rows.size >= FEWEST and durations[swept[numbers - 1]].sum() > SWEPT * durations.sum()
    return rows if enough else np.empty(0, int)


def spike_intervals(run: Run, steps: ProtocolSteps | None) -> np.ndarray:
    """Return the spike interval (s) of each row of pulses, NaN where it is no pair; empty without a curve of them."""
    if steps is None or not run.pulses:
        return np.empty(0)
    found = steps.spike_interval[steps.pulse][: run.pulses["index"].size]
    return found if np.unique(found[np.isfinite(found)]).size >= PAIRS else np.empty(0)
