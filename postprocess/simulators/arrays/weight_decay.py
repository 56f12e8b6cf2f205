"""The decay of a written conductance, for simulators that let every weight relax to one rest with one time constant.

A run shows the relaxation of one conductance. It stands for the decay of weights where it undoes most of what the last
pulses wrote; a device that gives back a few per cent soon after a pulse and then stays has no such decay.
"""

from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import Extraction, Measured, Pulses

TIME, REST, AMPLITUDE = (f"retention_exponential_{word}" for word in ("tau", "end", "amplitude"))
MOST = 0.5  # of what the last train wrote


@dataclass(frozen=True)
class WeightDecay:
    """G(t) = rest + (G(0) - rest) e^{-t / time}: time in s, rest in S, `window` the data it is fitted to."""

    time: float
    rest: float
    window: str


def decay_of(extraction: Extraction) -> WeightDecay | str:
    """Return the exponential fit to the retention, or why weights have no decay."""
    time, rest, amplitude = (extraction.quantities.get(name, Measured(None)) for name in (TIME, REST, AMPLITUDE))
    if time.value is None or rest.value is None or amplitude.value is None or time.value <= 0.0:
        return time.reason or "the run gives no retention time"
    written = last_change(extraction.pulses)
    if abs(amplitude.value) < MOST * abs(written):
        share = 100.0 * abs(amplitude.value / written)
        return f"the conductance relaxes by {share:.2g} % of what the last pulses wrote, and stays: no decay of weights"
    return WeightDecay(time.value, rest.value, time.window)


def last_change(pulses: Pulses) -> float:
    """Return what the last pulses of one sign of change did together in the first run, S; infinite without pulses."""
    main = np.flatnonzero(pulses.run == 0)
    if not main.size:
        return float("inf")
    other = np.flatnonzero(np.sign(pulses.change[main]) != np.sign(pulses.change[main[-1]]))
    first = main[other[-1] + 1] if other.size else main[0]
    return float(pulses.after[main[-1]] - pulses.before[first])
