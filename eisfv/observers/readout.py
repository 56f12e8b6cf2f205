"""The read-out of the channel: conductance and filling from what its cells store.

G = (width/length) integral of sigma(gamma) over the thickness          S
    in a section the conduction problem of `eisfv.observers.conduction`
x = mean site fraction of the working ion                               -
"""

import numpy as np
from numba import njit

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.physics.conductivity import conductivity
from eisfv.stepping.state import State, amounts


class ChannelReadout:
    """Conductance and filling of the read region; zero conductance where the case reads none."""

    def __init__(self, built: Built) -> None:
        readout, t = built.device.readout, built.tables
        self.tables = t
        name = (readout and readout.region) or built.device.regions[-1].name
        region = built.mesh.regions.index(name)
        self.region, self.host = built.mesh.regions[region], bool(t.ion[region] >= 0)
        self.cells = np.flatnonzero((built.mesh.region == region) & (built.mesh.volume > 0.0))
        self.volume = built.mesh.volume[self.cells]
        self.ion = int(t.ion[region]) if self.host else 0
        self.charge = int(t.charge[self.ion])
        self.sites = float(t.density[region, self.ion])
        self.sigma = t.sigma[region]
        self.factor, self.conduction = 0.0, None
        if readout and self.host:
            section = built.device.section
            if section is None:
                self.factor = readout.aspect / built.device.area
            else:
                from eisfv.observers.conduction import Conduction  # brings in FiPy's terms

                self.conduction = Conduction(built.mesh, region, section.depth)

    def fractions(self, state: State) -> Floats:
        """Return the site fraction of the ion in the cells of the region."""
        return self.fractions_of(amounts(self.tables, state))

    def fractions_of(self, held: Floats) -> Floats:
        """Return the site fraction of the ion from what all cells hold (cells, species) in mol."""
        return np.asarray(held[self.cells, self.ion] / (self.volume * self.sites))

    def conductance(self, state: State) -> float:
        """Return G in S."""
        return self.conductance_of(self.fractions(state))

    def filling(self, state: State) -> float:
        """Return the mean site fraction."""
        return self.filling_of(self.fractions(state))

    def conductance_of(self, fractions: Floats) -> float:
        """Return G in S from the site fractions of the cells."""
        if self.conduction is not None:
            return self.conduction.conductance(each(self.sigma, self.charge * fractions))
        return self.factor * float(summed(self.sigma, self.charge * fractions, self.volume))

    def filling_of(self, fractions: Floats) -> float:
        """Return the mean of the site fractions of the cells."""
        return float(fractions @ self.volume / self.volume.sum())


@njit(cache=True, error_model="numpy")
def each(row: Floats, gamma: Floats) -> Floats:
    """Return sigma(gamma) of every entry."""
    out = np.empty_like(gamma)
    for i in range(gamma.size):
        out[i] = conductivity(row, gamma[i])[0]
    return out


@njit(cache=True, error_model="numpy")
def summed(row: Floats, gamma: Floats, volume: Floats) -> float:
    """Return the sum of sigma(gamma) times volume."""
    total = 0.0
    for i in range(gamma.size):
        total += conductivity(row, gamma[i])[0] * volume[i]
    return total
