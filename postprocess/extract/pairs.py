"""Paired-pulse facilitation: how much larger the answer to a second pulse is, against the interval between the two.

    A1 = G at the end of the first pulse - G before it      A2 = G at the end of the second pulse - G before the first

A pair is two pulses of one kind whose wait is at most half of the waits before and after the pair. A2/A1 is 1 where the
first answer is gone, 2 where all of it is still there.
"""

from collections.abc import Sequence

import numpy as np

from eisfv.postprocess.quantities.prefixes import duration_text

from .decay import logarithmic
from .measured import Measured, Pulses, Topic
from .pulses import Kind, readable
from .retention import exponential

ALONE = 2.0  # the waits around a pair over the wait within, at least
INTERVALS = 2  # different ones, to speak of a dependence
OF_A_FIT = 5  # different ones, to fit a time constant


def measure_pairs(pulses: Pulses, kinds: Sequence[Kind]) -> Topic:
    """Return paired_pulse_ratio (A2/A1 at the shortest interval), paired_pulse_tau, and the table of all intervals."""
    interval, ratio, why = ratios(pulses, kinds)
    if not interval.size:
        return Topic(
            {"paired_pulse_ratio": Measured(None, reason=why), "paired_pulse_tau": Measured(None, "s", reason=why)}
        )
    shortest = float(interval.min())
    at_shortest = ratio[interval <= shortest * (1.0 + 1e-9)]
    window = f"{interval.size} pairs; this one at the shortest interval, {duration_text(shortest)}"
    quantities = {
        "paired_pulse_ratio": Measured(float(at_shortest.mean()), points=at_shortest.size, window=window),
        "paired_pulse_tau": time_constant(interval, ratio),
    }
    return Topic(quantities, {"paired_pulses": {"interval_s": interval, "ratio": ratio}})


def time_constant(interval: np.ndarray, ratio: np.ndarray) -> Measured:
    """Return tau of A2/A1 = c + a e^{-interval/tau}."""
    if np.unique(interval.round(12)).size < OF_A_FIT:
        return Measured(None, "s", reason=f"a fit needs {OF_A_FIT} different intervals")
    fit = exponential(interval, ratio)
    window = f"A2/A1 = c + a exp(-interval/tau) over {interval.size} pairs"
    found = logarithmic(fit, 0, "s", window, 10.0 * float(interval.max()))
    return found


def ratios(pulses: Pulses, kinds: Sequence[Kind]) -> tuple[np.ndarray, np.ndarray, str]:
    """Return interval (s) and A2/A1 of every pair, by the interval; or nothing and why."""
    nothing = np.empty(0)
    if len(pulses) < 2:
        return nothing, nothing, "the run has no two pulses"
    first = paired(pulses, kinds)
    intervals = np.unique(pulses.wait[first].round(12))
    if intervals.size < INTERVALS:
        there = "there are none" if not first.size else "all of them have one interval"
        return nothing, nothing, f"it needs pairs of equal pulses apart from others at {INTERVALS} intervals; {there}"
    ends = np.stack([pulses.at_end[first], pulses.at_end[first + 1]])
    known = np.isfinite(ends).all(axis=0)
    if not known.any():
        remedy = 'write terminals = "every step" under [output]'
        return nothing, nothing, f"terminals.csv has no row at the end of the pulses; {remedy} and run again"
    first, ends = first[known], ends[:, known]
    answers = ends - pulses.before[first]
    order = np.argsort(pulses.wait[first], kind="stable")
    return pulses.wait[first][order], (answers[1] / answers[0])[order], ""


def paired(pulses: Pulses, kinds: Sequence[Kind]) -> np.ndarray:
    """Return the numbers of the first pulses of pairs."""
    kind = np.full(len(pulses), -1)
    for number, one in enumerate(kinds):
        if one.sign:
            kind[one.members] = number
    same_run = np.diff(pulses.run) == 0
    before = np.where(np.append(False, same_run), np.append(np.inf, pulses.wait[:-1]), np.inf)[:-1]
    within, after = pulses.wait[:-1], pulses.wait[1:]
    alone = (before >= ALONE * within) & (after >= ALONE * within)
    equal = (kind[:-1] == kind[1:]) & (kind[:-1] >= 0) & same_run & readable(pulses)[:-1] & readable(pulses)[1:]
    return np.flatnonzero(equal & alone)
