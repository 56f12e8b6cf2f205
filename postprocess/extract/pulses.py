"""The pulses of runs from their pulse tables and protocols, and the kinds they are of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.step_rows import ends, passed
from eisfv.result import ResultError
from eisfv.result.file_names import PULSES

from .measured import Pulses
from .reading import Source

# A change below this share of the conductance is within the rounding of a run, not an effect of a pulse.
SMALLEST_CHANGE = 1e-9
# Agreement of the widths in the table with those of the protocol.
SAME_WIDTH = 1e-9


@dataclass(frozen=True)
class Kind:
    """Pulses of equal amplitude, width and waveform: members are their numbers; sign and size (S) are those of the
    typical change."""

    members: np.ndarray
    amplitude: float
    unit: str
    width: float
    waveform: int
    sign: int
    size: float


def pulses_of(sources: Sequence[Source]) -> Pulses:
    """Return the pulses of all runs. Raises ResultError where a table does not belong to its protocol."""
    parts = [pulses_of_one(number, source) for number, source in enumerate(sources)]
    return Pulses(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def pulses_of_one(number: int, source: Source) -> dict[str, np.ndarray]:
    """Return the columns of one run's pulses: the k-th row is the k-th step marked as a pulse."""
    table, steps = source.run.pulses, source.steps
    count = len(table["index"]) if "index" in table else 0
    driven = np.flatnonzero(steps.pulse)[:count]
    width = steps.duration[driven]
    start = table["t_start_s"] if count else np.empty(0)
    if driven.size != count or (count and not np.allclose(table["width_s"], width, rtol=SAME_WIDTH, atol=0.0)):
        words = f"its {count} pulses are not those of the protocol beside it, which has {int(steps.pulse.sum())}"
        raise ResultError(f"{source.run.path / PULSES}: {words}; run the case again")
    numbers = {
        name: table[header] if count else np.empty(0)
        for name, header in (
            ("amplitude", "amplitude"),
            ("before", "G_before_S"),
            ("after", "G_after_S"),
            ("charge", "charge_C"),
            ("energy", "energy_J"),
            ("filling", "x_channel"),
        )
    }
    return {
        "run": np.full(count, number),
        "start": start,
        "width": width,
        "wait": waits(source, driven),
        "unit": table["amplitude_unit"].astype(str) if count else np.empty(0, dtype="<U1"),
        "pair": steps.spike_interval[driven],
        "waveform": steps.waveform[driven],
        "ended": ended(source, driven),
        **numbers,
    }


def waits(source: Source, driven: np.ndarray) -> np.ndarray:
    """Return the time from the end of each of these pulses to the next, s; to the run's end after the last."""
    pulse, duration = source.steps.pulse, source.steps.duration
    if not driven.size:
        return np.empty(0)
    found = np.add.reduceat(np.where(pulse, 0.0, duration), np.flatnonzero(pulse))[: driven.size]
    if source.run.status.state != "finished":
        found[-1] = min(found[-1], max(passed(source.run, duration, int(driven[-1]) + 1), 0.0))
    return found


def ended(source: Source, driven: np.ndarray) -> np.ndarray:
    """Return the conductance at the ends of these steps, S; NaN where terminals.csv has no row there."""
    table = source.run.terminals
    if not table.get("step", np.empty(0)).size:
        return np.full(driven.size, np.nan)
    row = ends(table, source.steps.duration)[driven]
    return np.where(row >= 0, table["conductance_S"][row], np.nan)


def readable(pulses: Pulses) -> np.ndarray:
    """Return which pulses have a conductance before and after: a case without a read-out has zeros."""
    known = np.isfinite(pulses.before) & np.isfinite(pulses.after)
    return np.asarray(known & (pulses.before > 0.0) & (pulses.after > 0.0))


def kinds_of(pulses: Pulses) -> list[Kind]:
    """Return the kinds in the order of their first pulse; spike pairs are of none, each has a waveform of its own."""
    chosen = np.flatnonzero(np.isnan(pulses.pair) & readable(pulses))
    if not chosen.size:
        return []
    keys = np.stack([pulses.amplitude, pulses.width, pulses.waveforms, pulses.unit == "A"], axis=1)[chosen].astype(
        float
    )
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    kinds = []
    for number in np.argsort(first):
        members = chosen[inverse.reshape(-1) == number]
        one = members[0]
        least = SMALLEST_CHANGE * float(np.median(pulses.before[members]))
        change = typical(pulses.change[members], least)
        # What the conductance does under a pulse of no height is what it does at rest.
        real = pulses.amplitude[one] != 0.0 and abs(change) > least
        kinds.append(
            Kind(
                members=members,
                amplitude=float(pulses.amplitude[one]),
                unit=str(pulses.unit[one]),
                width=float(pulses.width[one]),
                waveform=int(pulses.waveforms[one]),
                sign=int(np.sign(change)) if real else 0,
                size=abs(change),
            )
        )
    return kinds


def typical(change: np.ndarray, least: float) -> float:
    """Return the median of changes; their mean where that is below the least one that is real: most pulses of a train
    that saturates change nothing, and it has written all the same."""
    middle = float(np.median(change))
    return middle if abs(middle) > least else float(np.mean(change))
