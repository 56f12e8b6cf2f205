"""The longest train of each direction over the conductances that both pass, and NeuroSim's form fitted to it."""

from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.nonlinearity import fit_saturating, train_of
from eisfv.postprocess.quantities.prefixes import quantity

from .nonlinearity_label import label_of

FEWEST = 3  # readings inside the range, its two ends not counted


@dataclass(frozen=True)
class FittedTrain:
    """A train in NeuroSim's coordinates.

    low, high    S
    position     pulses counted up from low, ascending for a train up, descending for one down
    conductance  S, at these; the two ends interpolated
    course       the fit there, S
    pulses       from one end to the other, not a whole number
    curvature    N/A
    label, label_interval  NeuroSim's, and its 95 % interval
    residual     of the fit, over the change
    window       the data in words
    """

    low: float
    high: float
    position: np.ndarray
    conductance: np.ndarray
    course: np.ndarray
    pulses: float
    curvature: float
    label: float
    label_interval: tuple[float, float] | None
    residual: float
    window: str


def fitted_trains(extraction: Extraction) -> tuple[FittedTrain, FittedTrain] | str:
    """Return the trains up and down, or why there are none."""
    missing = [word for word, branch in (("raise", extraction.up), ("lower", extraction.down)) if branch is None]
    if extraction.up is None or extraction.down is None:
        return f"no pulses {' or '.join(missing)} the conductance"
    rise, fall = (train_of(extraction.pulses, branch) for branch in (extraction.up, extraction.down))
    low, high = max(rise[0], fall[-1]), min(rise[-1], fall[0])
    if low >= high:
        ends = [f"{quantity(g.min(), 'S', 3)} to {quantity(g.max(), 'S', 3)}" for g in (rise, fall)]
        return f"the longest train up passes {ends[0]}, the longest down {ends[1]}: nothing in common"
    up, down = part_of(rise, low, high), part_of(fall, low, high)
    for (x, _), word in ((up, "up"), (down, "down")):
        if x.size - 2 < FEWEST:
            passed = f"{quantity(low, 'S', 3)} and {quantity(high, 'S', 3)}, which both trains pass,"
            return f"between {passed} the train {word} has {x.size - 2} readings; a fit needs {FEWEST}"
    return fitted(*up, rising=True), fitted(*down, rising=False)


def part_of(train: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """Return pulses from the start, and conductances, of a train (n,) between two conductances, ends interpolated."""
    start, end = (low, high) if train[-1] > train[0] else (high, low)
    toward = np.sign(end - start)
    first = int(np.flatnonzero((train - start) * toward <= 0.0)[-1])
    last = first + 1 + int(np.flatnonzero((train[first + 1 :] - end) * toward >= 0.0)[0])
    begin = first + (start - train[first]) / (train[first + 1] - train[first])
    finish = last - 1 + (end - train[last - 1]) / (train[last] - train[last - 1])
    inner = np.arange(first + 1, last)
    x = np.concatenate([[begin], inner, [finish]]) - begin
    return x, np.concatenate([[start], train[inner], [end]])


def fitted(x: np.ndarray, g: np.ndarray, *, rising: bool) -> FittedTrain:
    """Return a train with its fit; x from 0, g from one end to the other."""
    fit = fit_saturating(x, g)
    # Counted from the other end, a fall that flattens is a curve that steepens.
    sign = 1.0 if rising else -1.0
    interval = None
    if fit.interval is not None:
        lower, upper = sorted(label_of(sign * k) for k in fit.interval)
        interval = (lower, upper)
    pulses = float(x[-1])
    word = "up" if rising else "down"
    return FittedTrain(
        low=float(g.min()),
        high=float(g.max()),
        position=x if rising else pulses - x,
        conductance=g,
        course=fit.course,
        pulses=pulses,
        curvature=sign * fit.curvature,
        label=label_of(sign * fit.curvature),
        label_interval=interval,
        residual=fit.residual,
        window=f"the longest train {word}, {quantity(g.min(), 'S', 3)} to {quantity(g.max(), 'S', 3)}",
    )
