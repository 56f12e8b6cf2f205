"""The walls of a section of rectangles: what lies at them bounds the cells beside them, as in a stack."""

from math import inf, sqrt

import numpy as np

from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.equations.unknowns import potential
from eisfv.mesh.records import GATE, Ints
from eisfv.observers.indicator import WALL
from eisfv.physics.statistics import stored_where
from eisfv.stepping.state import State


class SectionWalls:
    """The strongest field and ionic strength along the walls of every region so far.

    field, strength (regions, axis, side): RT/F per m and mol/m3
    """

    def __init__(self, built: Built) -> None:
        self.built = built
        self.stored = stored_where(built.tables.kind)
        self.field, self.strength = np.zeros((2, len(built.mesh.regions), 2, 2))
        mesh = built.mesh
        inside = (mesh.interface < 0) & (mesh.surface[mesh.left] != mesh.surface[mesh.right])
        left, right = mesh.left[inside], mesh.right[inside]
        # The node on a wall, the cell beside it, m between the two, and where it is (region, axis, side).
        self.node, self.cell = (np.where(mesh.surface[left], a, b) for a, b in ((left, right), (right, left)))
        self.distance = mesh.distance[inside]
        self.place = place(mesh.region[self.cell], mesh.position[self.node] - mesh.position[self.cell])

    def press(self, state: State, concentration: Floats) -> None:
        """Note field and ionic strength at the walls."""
        t, mesh, phi = self.built.tables, self.built.mesh, potential(state.at.u)
        field = np.abs(phi[self.node] - phi[self.cell]) / self.distance
        strength = concentration[self.node] * t.charge**2 * self.stored[mesh.region[self.node]]
        np.maximum.at(self.field, self.place, field)
        np.maximum.at(self.strength, self.place, strength.sum(axis=1))
        bare = mesh.volume[mesh.contact_cell] > 0.0
        cell, at = mesh.contact_cell[bare], mesh.contact_position[bare]
        if not len(cell):
            return
        terminal = np.where(mesh.terminal[bare] == GATE, state.at.voltage, 0.0)
        drop = np.abs(terminal - t.contact_zero[bare] - phi[cell])
        region, *rest = place(mesh.region[cell], at - mesh.position[cell])
        field = drop * t.contact_layer[bare] / (t.permittivity[region] * mesh.contact_area[bare])
        strength = concentration[cell] * t.charge**2 * self.stored[region]
        np.maximum.at(self.field, (region, *rest), field)
        np.maximum.at(self.strength, (region, *rest), strength.sum(axis=1))

    def bounds(self, number: int, axis: int) -> tuple[float, float]:
        """Return the bounds (m) of the cells at the two ends of a region."""
        t = self.built.tables
        if self.built.device.regions[number].material.electroneutral:
            return inf, inf
        bounds = []
        for side in (0, 1):
            field, strength = self.field[number, axis, side], self.strength[number, axis, side]
            lengths = [1.0 / field if field > 0.0 else inf]
            lengths.append(sqrt(t.permittivity[number] / strength) if strength > 0.0 and field > 0.0 else inf)
            bounds.append(WALL * min(lengths))
        return bounds[0], bounds[1]


def place(region: Ints, away: Floats) -> tuple[Ints, Ints, Ints]:
    """Return region, axis and side (0 low, 1 high) of walls that lie so far away (m) from their cells."""
    axis = np.argmax(np.abs(away), axis=1)
    return region, axis, (away[np.arange(len(away)), axis] > 0.0).astype(np.int64)
