"""Whether ions or carriers without sites stand so densely where a protocol step ends that no solid holds them.

A gas of Boltzmann's statistics has no end: 8 V over a film of 2 nm make 1e23 mol/m3 of it beside a wall. Ions on a
lattice, and bands of Fermi and Dirac, fill their states instead. The equations of such a run are solved, its currents
are conserved; what it says of that region is said of no solid. The electrons of a host are not asked: what gathers at
its face is a metal's charge, of which only counts how much there is.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from eisfv.device.build import Built
from eisfv.device.carriers import bands
from eisfv.equations.local import laws_at
from eisfv.model.materials import CARRIERS
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.physics.statistics import stored_where
from eisfv.stepping.state import State

CROWDED = 3e5  # mol/m3: diamond, the densest solid by atoms, has 2.9e5


def crowded(name: str, held: float, region: str) -> str:
    """Return what is told of a species that stands so densely (mol/m3) somewhere in a region."""
    return f"{name} has piled up to {held:.2g} mol/m3 at an end of {region}, beyond any solid"


class Crowding(Onlooker):
    """The largest concentration (mol/m3) of every species in every region at the ends of the protocol steps."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.own = [np.flatnonzero(built.tables.region == r) for r in range(len(built.device.regions))]
        self.stored = stored_where(built.tables.kind[: len(self.own)])
        for r, region in enumerate(built.device.regions):
            for s, name in enumerate(built.species):
                self.stored[r, s] &= name not in CARRIERS or name in bands(region.material)
        self.most = np.zeros(self.stored.shape)

    def end(self, step: Step, state: State) -> None:
        held = laws_at(self.built.tables, self.built.tables.region, state.at.u).concentration
        for r, own in enumerate(self.own):
            self.most[r] = np.maximum(self.most[r], held[own].max(axis=0))

    def warnings(self) -> Iterator[str]:
        for r, s in np.argwhere((self.most > CROWDED) & self.stored):
            name, region = self.built.species[s], self.built.device.regions[r]
            fuller = 'filling = "fermi_dirac"' if name in bands(region.material) else 'statistics = "lattice"'
            told = crowded(name, float(self.most[r, s]), region.name)
            yield f"{told}, so that this run says nothing of one; take {fuller}, or a smaller voltage"

    def statistics(self) -> Mapping[str, object]:
        return {"crowding": list(self.warnings())}

    def save(self) -> Mapping[str, Entry]:
        return {"crowding": self.most}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.most = np.array(saved["crowding"])
