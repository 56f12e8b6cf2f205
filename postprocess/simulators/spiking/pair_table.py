"""The STDP kernel as the pairs gave it: straight lines from one measured interval to the next, nothing beyond the last.

    change(dt) = change_k + (change_k+1 - change_k) (dt - dt_k)/(dt_k+1 - dt_k)      dt_k <= dt <= dt_k+1

Traces of the spikes decay from their spike on; a table has any shape: lobes, a window without a change. No sum over
earlier spikes makes it, so that a spike pairs with the last one of the other neuron, as the pairs were measured.

Its residual is what each interval's neighbours miss it by, were it not measured, root mean square over that of the
changes; the first and the last one count whole, as nothing is beyond them. It is not zero by construction, as the
residual at its own points would be, and falls with the square of the distance of the intervals.
"""

from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import LARGEST_RESIDUAL, Measured
from eisfv.postprocess.extract.spike_pairs import Pairs
from eisfv.postprocess.quantities.prefixes import quantity

from .stdp import TRACES, Kernel, kernel_of

FEWEST = 3  # intervals on a side
NO_PAIRS = 'no pulse is a spike pair; give the pulses of a pair their spike_interval = "20 ms"'


@dataclass(frozen=True)
class PairTable:
    """interval, change: (k) ascending, s, and the mean there, S; residual: as above."""

    pairs: Pairs
    interval: np.ndarray
    change_at: np.ndarray
    residual: float

    def change(self, interval: np.ndarray) -> np.ndarray:
        """Return the change of the conductance, S, by pairs with these intervals, s."""
        return np.asarray(np.interp(interval, self.interval, self.change_at, left=0.0, right=0.0))

    def side(self, sign: float) -> list[tuple[float, float]]:
        """Return |dt|, s, and change, S, from dt = 0 on to one side."""
        size, change = sign * self.interval, self.change_at
        order = [k for k in np.argsort(size) if size[k] >= 0.0]
        return [(abs(float(self.interval[k])), float(change[k])) for k in order]

    def words(self) -> list[str]:
        """Return its form, its range, and what the neighbours of an interval leave of it."""
        ends = " to ".join(quantity(float(end), "s") for end in (self.interval[0], self.interval[-1]))
        return [
            f"table of {self.interval.size} intervals, pairs with dt = {ends}: an interval told by its neighbours "
            f"leaves {self.residual:.0%} of the changes (root mean square)"
        ]


def table_of(pairs: Pairs, largest: float = LARGEST_RESIDUAL) -> PairTable | str:
    """Return the table of pairs, or why there is none."""
    interval, number = np.unique(pairs.interval, return_inverse=True)
    change = np.bincount(number, pairs.change) / np.bincount(number)
    for where, count in (("dt > 0", (interval > 0.0).sum()), ("dt < 0", (interval < 0.0).sum())):
        if count < FEWEST:
            return f"{count or 'no'} spike intervals with {where}; a table needs {FEWEST}"
    if not (interval == 0.0).any():
        return "no pair has dt = 0, which a table needs"
    residual = missed(interval, change)
    if not residual <= largest:
        return (
            f"a table leaves {residual:.0%} of the changes, each interval told by its neighbours, more than "
            f"{largest:.0%}; run pairs at intervals between them (--residual allows another share)"
        )
    return PairTable(pairs, interval, change, residual)


def missed(interval: np.ndarray, change: np.ndarray) -> float:
    """Return the residual of a table; infinite where no pair changes the conductance."""
    if not np.any(change):
        return float("inf")
    share = np.diff(interval)[:-1] / (interval[2:] - interval[:-2])
    told = np.concatenate([[0.0], change[:-2] + share * (change[2:] - change[:-2]), [0.0]])
    return float(np.sqrt(np.mean((told - change) ** 2) / np.mean(change**2)))


def table_quantities(table: PairTable | str) -> dict[str, Measured]:
    """Return what extract.json tells of a table: its largest change, with the residual; null with the reason."""
    if isinstance(table, str):
        return {"stdp_table_peak": Measured(None, "S", reason=table)}
    largest = int(np.argmax(np.abs(table.change_at)))
    window = table.words()[0]
    value, points = float(table.change_at[largest]), table.pairs.interval.size
    return {"stdp_table_peak": Measured(value, "S", points=points, window=window, residual=table.residual)}


def best_kernel(pairs: Pairs | None, largest: float) -> Kernel | PairTable | str:
    """Return of the kernel of traces and the table the one that leaves less; where there is neither, why."""
    if pairs is None:
        return NO_PAIRS
    traced, table = kernel_of(pairs, TRACES, largest), table_of(pairs, largest)
    if isinstance(table, PairTable) and table.residual < traced.residual:
        return table
    return traced if traced.complete else f"{traced.reason}; {table}"
