"""The read-out of the channel: conductance and filling from what its cells store.

G = (width/length) integral of sigma(gamma) over the thickness          S
    in a section the conduction problem of `eisfv.observers.conduction`
    through a stack 1/G = integral of dy/(sigma area) + R of each resistive contact on the region over the area
gamma = z x of the ions, or n/c_site - b of the solved electrons        -
x = mean site fraction of the working ion                               -

A neutral film has the same gamma either way. Its double layer holds electrons that no ion brought: with
`carriers = "electrons"` it changes G before any ion enters. Of a semiconductor sigma = F mobility n, and that of the
holes beside it: gamma counts them by their mobility over the electrons'.
"""

from math import inf

import numpy as np

from eisfv.device.bands import carrier_weights
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.kernel import allocating, kernel
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
        self.whole = self.volume.sum()
        # The cells of a stack's region follow each other: a view, not a copy.
        first, last = (int(self.cells[0]), int(self.cells[-1]) + 1) if self.cells.size else (0, 0)
        self.own = slice(first, last) if last - first == self.cells.size else self.cells
        material = built.device.regions[region].material
        weights = carrier_weights(material, built.device.temperature)
        semiconductor = bool(weights)
        self.weights = {built.number(name): weight for name, weight in weights.items()} or {int(t.electron[0]): 1.0}
        self.ion = int(t.ion[region]) if self.host else next(iter(self.weights)) if semiconductor else 0
        self.charge = int(t.charge[self.ion])
        self.sites = float(t.density[region, self.ion])
        self.full = self.volume * self.sites  # mol, of every cell
        self.sigma = t.sigma[region]
        self.electrons = semiconductor or (readout is not None and readout.carriers == "electrons")
        self.per_carrier = float(t.sites[region])
        self.background = float(t.background[region])
        self.factor, self.conduction, self.through, self.contacts = 0.0, None, False, 0.0
        self.area = built.device.area
        if readout and (self.host or semiconductor):
            section, self.through = built.device.section, readout.path == "through"
            if section is None:
                self.factor = 1.0 if self.through else readout.aspect / self.area
                ends = zip(built.device.ends, (built.device.gate, built.device.channel), strict=True)
                at = [contact.in_series(built.device.temperature) for number, contact in ends if number == region]
                self.contacts = sum(at) / self.area  # ohm
            else:
                from eisfv.observers.conduction import Conduction  # brings in FiPy's terms

                self.conduction = Conduction(built.mesh, region, section.depth)

    def fractions(self, state: State) -> Floats:
        """Return the site fraction of the ion in the cells of the region."""
        return self.fractions_of(amounts(self.tables, state))

    def fractions_of(self, held: Floats) -> Floats:
        """Return the site fraction of the ion from what all cells hold (cells, species) in mol."""
        return np.asarray(held[self.own, self.ion] / self.full)

    def carriers(self, state: State) -> Floats:
        """Return gamma of the cells of the region."""
        return self.carriers_of(amounts(self.tables, state))

    def carriers_of(self, held: Floats) -> Floats:
        """Return gamma of the cells of the region from what all cells hold (cells, species) in mol."""
        if not self.electrons:
            return self.charge * self.fractions_of(held)
        amount = sum(weight * held[self.own, s] for s, weight in self.weights.items())
        gamma = amount / (self.volume * self.per_carrier) - self.background
        return np.asarray(np.maximum(gamma, 0.0))

    def read(self, held: Floats) -> tuple[float, float]:
        """Return G in S and the mean site fraction from what all cells hold (cells, species) in mol."""
        fractions = self.fractions_of(held)
        carriers = self.carriers_of(held) if self.electrons else self.charge * fractions
        return self.conductance_of(carriers), self.filling_of(fractions)

    def sigma_of(self, carriers: Floats) -> Floats:
        """Return sigma (S/m) of the cells of the region from their gamma."""
        return np.asarray(each(self.sigma, carriers))

    def conductance(self, state: State) -> float:
        """Return G in S."""
        return self.conductance_of(self.carriers(state))

    def filling(self, state: State) -> float:
        """Return the mean site fraction."""
        return self.filling_of(self.fractions(state))

    def conductance_of(self, carriers: Floats) -> float:
        """Return G in S from gamma of the cells."""
        if self.conduction is not None:
            return self.conduction.conductance(self.sigma_of(carriers))
        if self.through:
            sigma = self.sigma_of(carriers)
            film = float((self.volume / sigma).sum()) / self.area**2 if (sigma > 0.0).all() else inf
            return 1.0 / (film + self.contacts)
        return self.factor * float(summed(self.sigma, carriers, self.volume))

    def slope_by_amounts(self, state: State) -> Floats:
        """Return the slopes of G against what all cells hold (cells, species), S/mol."""
        held = amounts(self.tables, state)
        out = np.zeros_like(held)
        if self.conduction is None and self.factor == 0.0:
            return out
        carriers = self.carriers_of(held)
        sigma, by_gamma = with_slopes(self.sigma, carriers)
        if self.conduction is not None:
            by_sigma = self.conduction.slopes(sigma)
        elif self.through:
            share = self.conductance_of(carriers) / (self.area * np.where(sigma > 0.0, sigma, np.inf))
            by_sigma = share**2 * self.volume
        else:
            by_sigma = self.factor * self.volume
        if self.electrons:
            by_carriers = np.where(carriers > 0.0, by_sigma * by_gamma, 0.0)
            for s, weight in self.weights.items():
                out[self.cells, s] = weight * by_carriers / (self.volume * self.per_carrier)
        else:
            out[self.cells, self.ion] = by_sigma * by_gamma * self.charge / self.full
        return out

    def filling_of(self, fractions: Floats) -> float:
        """Return the mean of the site fractions of the cells."""
        return float(fractions @ self.volume / self.whole)


@allocating
def each(row: Floats, gamma: Floats) -> Floats:
    """Return sigma(gamma) of every entry."""
    out = np.empty_like(gamma)
    for i in range(gamma.size):
        out[i] = conductivity(row, gamma[i])[0]
    return out


@allocating
def with_slopes(row: Floats, gamma: Floats) -> tuple[Floats, Floats]:
    """Return sigma(gamma) of every entry and its slope."""
    out, slopes = np.empty_like(gamma), np.empty_like(gamma)
    for i in range(gamma.size):
        out[i], slopes[i] = conductivity(row, gamma[i])
    return out, slopes


@kernel
def summed(row: Floats, gamma: Floats, volume: Floats) -> float:
    """Return the sum of sigma(gamma) times volume."""
    total = 0.0
    for i in range(gamma.size):
        total += conductivity(row, gamma[i])[0] * volume[i]
    return total
