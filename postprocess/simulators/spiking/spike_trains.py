"""Trains of equal pulses and the conductance at the end of each, as the responses of a synapse to spikes.

The response is the conductance at a pulse's end above the one before its train. What the train leaves for good, as it
is at the end of the rest behind it, belongs to the weight: it is shared out equally over the pulses of the train and
taken off. Where that is larger than what remains there is no short-term response to speak of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.model import CaseFile
from eisfv.postprocess.extract.measured import Pulses
from eisfv.postprocess.protocol import protocol_steps
from eisfv.postprocess.step_rows import between_rows
from eisfv.result import Run

MOST = 200  # responses: more of them tell nothing new and the recursion is a loop
# A wait so much longer than the ones beside it ends a train.
PAUSE = 5.0


@dataclass(frozen=True)
class SpikeTrain:
    """Equal pulses one after the other: start of each, s, the response to each, S, and what all leave for good, S."""

    start: np.ndarray
    response: np.ndarray
    left: float


def spike_trains_of(runs: Sequence[Run], cases: Sequence[CaseFile], pulses: Pulses) -> list[SpikeTrain]:
    """Return the trains of the commonest kind of pulse that has any; spike pairs, and runs without a conductance, have
    none."""
    keys = [
        (run, unit, round_to(amplitude), round_to(width), form)
        for run, unit, amplitude, width, form in zip(
            pulses.run, pulses.unit, pulses.amplitude, pulses.width, pulses.waveforms, strict=True
        )
    ]
    tables = ["conductance_S" in run.terminals for run in runs]
    recorded = np.isfinite(pulses.change) & (pulses.before > 0.0) & np.array(tables)[pulses.run.astype(int)]
    parts: list[list[int]] = []
    for n in range(len(pulses)):
        if np.isfinite(pulses.pair[n]) or not recorded[n]:
            continue
        if parts and parts[-1][-1] == n - 1 and keys[n] == keys[n - 1]:
            parts[-1].append(n)
        else:
            parts.append([n])
    trains = [piece for part in parts for piece in without_pauses(pulses.width + pulses.wait, part) if len(piece) > 1]
    if not trains:
        return []
    counts: dict[object, int] = {}
    for part in trains:
        counts[keys[part[0]][1:]] = counts.get(keys[part[0]][1:], 0) + len(part)
    kind = max(counts, key=lambda key: counts[key])
    chosen, total = [], 0
    for part in (part for part in trains if keys[part[0]][1:] == kind):
        chosen.append(train_of(runs, cases, pulses, np.array(part[: MOST - total])))
        total += len(part)
        if total > MOST - 2:
            break
    return chosen


def without_pauses(interval: np.ndarray, part: list[int]) -> list[list[int]]:
    """Return a sequence of pulses, cut at its pauses; interval from the start of each of all pulses to the next, s."""
    waits = interval[part[:-1]]
    if waits.size < 2:
        return [part]
    beside = np.maximum(np.append(0.0, waits[:-1]), np.append(waits[1:], 0.0))
    cuts = np.flatnonzero(waits > PAUSE * beside) + 1
    return [piece.tolist() for piece in np.split(np.array(part), cuts)]


def round_to(value: float) -> float:
    """Return a value without its rounding, to be compared."""
    return float(f"{value:.9g}")


def train_of(runs: Sequence[Run], cases: Sequence[CaseFile], pulses: Pulses, members: np.ndarray) -> SpikeTrain:
    """Return the train of these pulses of one run."""
    number = int(pulses.run[members[0]])
    start = np.append(0.0, np.cumsum((pulses.width + pulses.wait)[members[:-1]]))
    at_end = pulses.at_end[members]
    unseen = np.isnan(at_end)
    if unseen.any():
        steps = protocol_steps(cases[number].protocol)
        own = np.flatnonzero(steps.pulse)[members - np.flatnonzero(pulses.run == number)[0]]
        table = runs[number].terminals
        at_end = np.where(unseen, between_rows(table, steps.duration, own, "conductance_S"), at_end)
    base, left = pulses.before[members[0]], pulses.after[members[-1]]
    kept = np.arange(1, members.size + 1) / members.size * (left - base)
    return SpikeTrain(start, np.asarray(at_end - base - kept), float(left - base))
