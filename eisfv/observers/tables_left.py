"""Where a run leaves the compositions for which a host's curves were measured, and by how much.

A cell's x is that of its ion's own unknown. What counts is the cell farthest outside, and at that moment the share of
the region's volume that is outside with it: a double layer alone, or the film.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from eisfv.device.build import Built
from eisfv.device.table_ranges import TableRange, table_ranges
from eisfv.equations.unknowns import of_species
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State

# Of the length of a table: by how much farther than at the start it is left before that is told again.
FARTHER = 1e-3
# What is known of each table: by how much it was left at the start and at most, the argument there, the share of the
# volume that was outside with it, the time (s) at which it was left; and how far outside, below zero inside, the last
# state was.
START, MOST, ARGUMENT, SHARE, SINCE, LAST = range(6)


class TablesLeft(Onlooker):
    """How far each table of the device has been left so far."""

    def __init__(self, built: Built) -> None:
        self.regions = built.mesh.regions
        self.tables = list(table_ranges(built.device))
        self.cells = [np.flatnonzero((built.mesh.region == t.region) & (built.mesh.volume > 0.0)) for t in self.tables]
        self.volume = built.mesh.volume
        self.ion = [of_species(int(built.tables.ion[t.region])) for t in self.tables]
        self.known = np.full((len(self.tables), 6), np.nan)

    def begin(self, step: Step, state: State) -> None:
        if np.isnan(self.known[:, START]).any():
            self.look(state, state.time)

    def accept(self, accepted: Accepted) -> None:
        if self.tables:
            self.look(accepted.end, accepted.start.time)

    def look(self, state: State, before: float) -> None:
        """Take what a state adds to the one at the time `before` (s); the first one is the start."""
        for table, cells, ion, known in zip(self.tables, self.cells, self.ion, self.known, strict=True):
            argument = table.factor / (1.0 + np.exp(-state.at.u[cells, ion]))
            outside = np.maximum(table.low - argument, argument - table.high)
            worst = int(outside.argmax())
            farthest = float(outside[worst])
            if np.isnan(known[START]):
                known[[START, MOST, LAST]] = max(0.0, farthest), -1.0, farthest
            bound = self.told(known, table.high - table.low)
            if known[MOST] <= bound < farthest:
                way = (known[START] - known[LAST]) / (farthest - known[LAST])
                known[SINCE] = before + min(max(way, 0.0), 1.0) * (state.time - before)
            if farthest > max(0.0, known[MOST]):
                volume = self.volume[cells]
                share = volume[outside > 0.0].sum() / volume.sum()
                known[MOST : SHARE + 1] = farthest, argument[worst], share
            known[LAST] = farthest

    @staticmethod
    def told(known: np.ndarray, length: float) -> float:
        """Return how far a table may be left before that is news."""
        return float(known[START]) + FARTHER * length

    def at_start(self) -> Iterator[str]:
        """Give a line for every table that the start is outside of."""
        for table, known in zip(self.tables, self.known, strict=True):
            if known[START] > 0.0:
                yield self.line(table, "; the start is at", known)

    def warnings(self) -> Iterator[str]:
        for table, known in zip(self.tables, self.known, strict=True):
            if known[MOST] > self.told(known, table.high - table.low):
                yield self.line(table, f"; the run left it at t = {known[SINCE]:.6g} s and came to", known)

    def line(self, table: TableRange, what: str, known: np.ndarray) -> str:
        """Return a line."""
        where = f"{table.argument} = {known[ARGUMENT]:.4g} ({100.0 * known[SHARE]:.3g} % of its volume outside)"
        return f"{self.regions[table.region]}: {table.text}{what} {where}; beyond, {table.beyond}"

    def statistics(self) -> Mapping[str, object]:
        return {"tables_left": list(self.warnings())}

    def save(self) -> Mapping[str, Entry]:
        return {"tables left": self.known}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.known = np.array(saved["tables left"])
