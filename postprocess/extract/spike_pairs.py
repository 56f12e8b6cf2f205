"""The pairs of spikes of runs: what each changes the conductance by, against its interval.

dt = t_post - t_pre, positive where the post-neuron fires after the pre-neuron
"""

from dataclasses import dataclass

import numpy as np

from .measured import Pulses, Topic

# Pairs that start farther from the middle conductance than this share of it belong to another state of the device.
SAME_STATE = 0.2
TABLE = "spike_pairs"


@dataclass(frozen=True)
class Pairs:
    """Spike pairs that start from one state of the device.

    interval     dt, s, (n)
    change       S, (n)
    conductance  median before the pairs, S
    left_out     pairs that start from another state
    """

    interval: np.ndarray
    change: np.ndarray
    conductance: float
    left_out: int


def spike_pairs(pulses: Pulses) -> Pairs | None:
    """Return the pairs with an interval and a change; None without one on a side of dt = 0."""
    return pairs_of(pulses.pair, pulses.change, pulses.before)


def pairs_of(interval: np.ndarray, change: np.ndarray, before: np.ndarray) -> Pairs | None:
    """Return the pairs of intervals, s, changes and conductances before them, S; NaN where a pulse is no pair."""
    known = np.isfinite(interval) & np.isfinite(change)
    if not (known & (interval != 0.0)).any():
        return None
    middle = float(np.median(before[known]))
    chosen = known & (np.abs(before - middle) <= SAME_STATE * abs(middle))
    return Pairs(interval[chosen], change[chosen], middle, int(known.sum() - chosen.sum()))


def measure_spike_pairs(pulses: Pulses) -> Topic:
    """Return the table of the pairs; no quantity is made of them here."""
    chosen = np.flatnonzero(np.isfinite(pulses.pair) & np.isfinite(pulses.change))
    if not chosen.size:
        return Topic({})
    columns = {
        "interval_s": pulses.pair[chosen],
        "change_S": pulses.change[chosen],
        "conductance_before_S": pulses.before[chosen],
    }
    return Topic({}, {TABLE: columns})
