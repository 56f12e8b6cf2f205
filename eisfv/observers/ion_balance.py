"""Are the ions still all there? The conservation law that the scheme promises to round-off.

    drift of a species = max over t of |n(t) - n(0)| / n(0),    n the amount in the whole device     -

t are the ends of accepted steps, of those that come at once (`eisfv.stepping.compiled`) the last one.

Counted are the ions that no contact lets pass: all but the electrons in a device without a bath and a reactive contact;
beside a reactive or reversible contact all but its own ion; where a surface loses ions all but those. Ions that are
bound at traps count with the free ones.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.enclosed import enclosed
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State, amounts

# A hundred thousand steps and cells of rounding stay below; an ion that is lost in one cell of a thousand does not.
KEPT = 1e-9


class IonBalance(Onlooker):
    """Largest drift of each ion so far."""

    def __init__(self, built: Built) -> None:
        self.tables, self.names = built.tables, built.species
        self.ions = enclosed(built.tables)
        self.bound = sorted({(int(row[1]), int(row[2])) for row in built.tables.trap})  # ions free and at traps
        self.start = np.full(len(self.ions), np.nan)
        self.drift = np.zeros(len(self.ions))

    def begin(self, step: Step, state: State) -> None:
        if np.isnan(self.start).any():
            self.start = self.held(state)

    def accept(self, accepted: Accepted) -> None:
        if accepted.settled:
            change = np.abs(self.held(accepted.end) - self.start)
            there = self.start > 0.0
            self.drift[there] = np.maximum(self.drift[there], change[there] / self.start[there])

    def held(self, state: State) -> Floats:
        """Return the amount (mol) of every ion that is counted."""
        whole = amounts(self.tables, state).sum(axis=0)
        for free, bound in self.bound:
            whole[free] += whole[bound]
        return np.asarray(whole[self.ions])

    @property
    def largest(self) -> float:
        """Return the largest drift."""
        return float(self.drift.max(initial=0.0))

    def warnings(self) -> Iterator[str]:
        for ion, drift in zip(self.ions, self.drift, strict=True):
            if drift > KEPT:
                found = f"{self.names[ion]} has drifted by {drift:.1e} of its amount, and no contact lets it pass"
                yield f"{found}; take a smaller solver.newton"

    def summary(self) -> Iterator[str]:
        if len(self.ions):
            yield f"ions are kept to {self.largest:.1e} of their amount"

    def statistics(self) -> Mapping[str, object]:
        return {"ion_drift": self.largest}

    def save(self) -> Mapping[str, Entry]:
        return {"ion balance start": self.start, "ion balance drift": self.drift}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.start, self.drift = np.array(saved["ion balance start"]), np.array(saved["ion balance drift"])
