"""What a device answers to pulses, apart from what it does by itself.

    D(t) = G(t) - G_rest(t)

    G       conductance in a measure, t from the saved state that all measures start from      S
    G_rest  conductance in the measure `at rest`: from the same state, nothing driven          S

A device without a read-out answers with its current: G is the current between its two terminals (A), the slope of a
charge q that the run knows to its tolerance. What is read is held against max |q|/(t - t0), t0: the last edge of a
pulse before t.

G_rest is interpolated by monotone cubics between its rows, which are few where a device is quiet. D is the difference
of two runs that each miss the conductance by about the tolerance of their time steps; it is read where

    |D| >= 10 eps G      eps: that tolerance, of the case as it was resolved
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.remedies import way
from eisfv.result import ResultError
from eisfv.result.file_names import MEASURE_TABLE, measure_run
from eisfv.result.table_reading import read_table

from .measured import Measured, Pulses
from .pulses import pulses_of
from .reading import Source, read_source

AT_REST = "at rest"
ROUNDING = 1e-9  # of a measure: closer times are one
TOLERANCES = 10.0  # below so many of them two runs do not differ for certain
BELOW = "below what the run resolves"


@dataclass(frozen=True)
class Answer:
    """One measure.

    name     of the measure
    t, G     its rows, s and S, or A
    rest     G_rest at these times
    floor    |D| below floor times size is not read
    pulses   what was driven; their conductances are what the run has, with the drift
    unit     of G: "S", or "A" of a device without a read-out
    """

    name: str
    t: np.ndarray
    G: np.ndarray
    rest: np.ndarray
    floor: float
    pulses: Pulses
    unit: str = "S"

    @cached_property
    def D(self) -> np.ndarray:
        """Return D at the rows."""
        return np.asarray(self.G - self.rest)

    @cached_property
    def size(self) -> np.ndarray:
        """Return at the rows what D is held against."""
        if self.unit == "S":
            return self.G
        charge = np.cumsum(0.5 * (self.D[1:] + self.D[:-1]) * np.diff(self.t))
        return np.asarray(np.abs(charge).max() / np.maximum(self.since, np.diff(self.t).min()))

    @cached_property
    def since(self) -> np.ndarray:
        """Return at the rows the time since the last edge of a pulse before them, s."""
        edges = np.sort(np.concatenate([[self.t[0]], self.pulses.start, self.ends]))
        # A row at an edge is that before it, though both were added up in another order.
        before = self.t - ROUNDING * (self.t[-1] - self.t[0])
        return np.asarray(self.t - edges[np.maximum(np.searchsorted(edges, before) - 1, 0)])

    @cached_property
    def ends(self) -> np.ndarray:
        """Return when the pulses end, s."""
        return np.asarray(self.pulses.start + self.pulses.width)

    @cached_property
    def reads(self) -> np.ndarray:
        """Return when the answer to each pulse is read, s: where the next one starts; after the last one of several as
        long after it as after the one before, after a single one where the measure ends."""
        start = self.pulses.start
        last = start[-1] + (start[-1] - start[-2]) if start.size > 1 else self.t[-1]
        return np.append(start[1:], min(last, self.t[-1]))

    def at(self, time: float) -> float:
        """Return D at a time (s)."""
        return float(np.interp(time, self.t, self.D))

    def least(self, time: float) -> float:
        """Return the smallest |D| that is read at a time (s)."""
        return self.floor * float(np.interp(time, self.t, self.size))

    def seen(self, time: float) -> bool:
        """Return whether D is read at a time (s)."""
        return abs(self.at(time)) >= self.least(time)

    def read(self, time: float, words: str) -> Measured:
        """Return D at a time (s), or that it is below what the run resolves."""
        if not self.seen(time):
            least = quantity(self.least(time), self.unit, 2)
            return Measured(None, self.unit, window=words, reason=f"{BELOW}, {least}")
        return Measured(self.at(time), self.unit, points=1, window=words)

    def over_drift(self) -> Pulses:
        """Return the pulses with the conductances before and after them as D above the saved state's conductance."""
        before = np.append(0.0, [self.at(time) for time in self.reads[:-1]])
        after = np.array([self.at(time) for time in self.reads])
        start = float(self.rest[0])
        columns: Mapping[str, np.ndarray] = {**vars(self.pulses), "before": start + before, "after": start + after}
        return Pulses(**{name: columns[name] for name in Pulses.__dataclass_fields__})


def answers_of(run: Path) -> list[Answer]:
    """Return the measures of a protocol file's run, over that `at rest`. Raises ResultError."""
    path = run / MEASURE_TABLE
    if not path.is_file():
        raise ResultError(f"{path}: is not there, the run has not finished; go on with it by {way('resume')}")
    table = read_table(path)
    names = {int(number): str(name) for number, name in zip(table["variant"], table["name"], strict=True)}
    sources = {number: read_source(measure_run(run, number)) for number in names}
    for source in sources.values():
        if source.run.status.state != "finished":
            raise ResultError(
                f"{source.run.path}: the measure is {source.run.status.state}; make it anew with {way('force')}"
            )
    at_rest = [number for number, name in names.items() if name == AT_REST]
    if len(at_rest) != 1:
        raise ResultError(f'{path}: has {len(at_rest)} measures "{AT_REST}"; D(t) needs one')
    rest = trace_of(sources[at_rest[0]])
    return [answer(names[number], source, rest) for number, source in sources.items() if number != at_rest[0]]


def answer(name: str, source: Source, rest: tuple[np.ndarray, np.ndarray]) -> Answer:
    """Return a measure over the trace of the one at rest. Raises ResultError where that is shorter."""
    t, g = trace_of(source)
    if t[-1] > rest[0][-1] * (1.0 + 1e-9):
        raise ResultError(f'{source.run.path}: lasts {t[-1]:.6g} s, longer than "{AT_REST}" with {rest[0][-1]:.6g} s')
    floor = TOLERANCES * source.case.solver.step_tolerance
    unit = "A" if source.case.readout is None else "S"
    return Answer(name, t, g, interpolated(*rest, t), floor, pulses_of([source]), unit)


def interpolated(t: np.ndarray, g: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return a trace at other times, by monotone cubics."""
    from scipy.interpolate import PchipInterpolator

    return np.asarray(PchipInterpolator(t, g)(np.minimum(at, t[-1])))


def trace_of(source: Source) -> tuple[np.ndarray, np.ndarray]:
    """Return the time (s) and the conductance (S) of a run, or its current (A), every time once.

    Raises ResultError where there is none, or no number.
    """
    table = source.run.terminals
    column = "current_A" if source.case.readout is None else "conductance_S"
    g = table.get(column, np.empty(0))
    if g.size < 2 or not np.isfinite(g).all():
        raise ResultError(f"{source.run.path}: has no {column} to read; it is damaged, run it anew")
    t, first = np.unique(table["time_s"], return_index=True)
    return t, g[first]
