"""Where the solution of a stack bends: what its cells are chosen from, summed over the accepted steps of a pilot run.

    m_i^3 = sum over q of <|q''|>_i / S_q        <.> the root mean square over the steps, '' along y, per region

Of the accepted steps every fourth is looked at, and the end of every protocol step.

    q                                            S_q, largest over time
    rho, rho - rho(0)                            integral |q| dy, at least 5 % of the largest region's
    c_s - c_s(0), times 1 + 0.3 P_s              integral |q| dy, at least 1e-6 of the content
    sigma of the read region                     `eisfv.observers.conductance_bends`
    E, E - E(0)                                  integral |q| dy, at least 5 % of the sum over the regions
    d(mu_s)/dy, times min(1, c_s/(1 % of mean))  integral |q| dy =: P_s, at least 1 % of the change of phi and 1e-3 RT

rho = sum z c + fixed charge (mol/m3), E = -d phi/dy (RT/F per m), mu_s the electrochemical potential (RT). A central
second derivative off by h^2 q'' leaves h^3 q''/S of the charge, content or potential: equal shares of it are equal
errors. The scales are the solution's own variation, so that a millivolt gets the cells of a volt. A driven front needs
more than a layer at rest, where the fluxes are exact: P_s.

At the ends of a region the cell beside a wall is bounded by the length over which the field there moves ions,
1/|E_wall|, and by the Debye length of what it has gathered, sqrt(eps R T/(F^2 sum z^2 c_wall)): a coarse mesh does not
see what it has not resolved.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from eisfv.device.build import Built
from eisfv.device.phases import boundary_cell
from eisfv.device.tables import Floats
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import electrochemical, potential
from eisfv.mesh.equidistribution import Layer
from eisfv.mesh.records import GATE
from eisfv.model.steps import Step
from eisfv.observers.conductance_bends import ConductanceBends
from eisfv.observers.derivatives import second_derivative, slope
from eisfv.observers.observer import Onlooker
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.section_conductance import SectionConductance
from eisfv.physics.statistics import stored_where
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State

FRONT = 0.3
SHARE_REGION, SHARE_CONTENT, SHARE_FALL, LEAST_FALL, SCARCE = 0.05, 1e-6, 0.01, 1e-3, 0.01
EVERY = 4
WALL = 0.25  # first cell over the length at the wall
RHO, RHO_CHANGE, FIELD, FIELD_CHANGE = 0, 1, 2, 3  # places of q; the species follow


@dataclass
class RegionSums:
    """Running sums of one region. cells: its cells; y, size (cells) m; bend (q, cells) sums of q''^2; scale (q)."""

    number: int
    cells: np.ndarray
    y: Floats
    size: Floats
    bend: Floats
    scale: Floats


class Looks(Onlooker, ABC):
    """What is looked at of a pilot run, now and then: `steps` times; fall (RT/F): the largest of what has moved.
    read: what looks at the conductance of a film that is read out."""

    read: ConductanceBends | SectionConductance | None

    def __init__(self, built: Built, start: State) -> None:
        self.built, t = built, built.tables
        self.stored = stored_where(t.kind)
        self.steps = self.passed = 0
        self.fall = 0.0
        self.phi_start, self.voltage_start = potential(start.at.u).copy(), start.at.voltage
        self.concentration_start = laws_at(t, t.region, start.at.u).concentration.copy()

    def accept(self, accepted: Accepted) -> None:
        self.passed += 1
        if self.passed % EVERY == 0:
            self.look(accepted.end)

    def begin(self, step: Step, state: State) -> None:
        if self.read is not None:
            self.read.begin(state)

    def end(self, step: Step, state: State) -> None:
        self.look(state)
        if self.read is not None:
            self.read.end()

    def look(self, state: State) -> None:
        """Add what a state shows."""
        t, u = self.built.tables, state.at.u
        local = laws_at(t, t.region, u)
        phi = potential(u)
        moved = phi - self.phi_start
        self.fall = max(self.fall, float(np.ptp(np.append(moved, (0.0, state.at.voltage - self.voltage_start)))))
        self.steps += 1
        self.add_state(state, phi, local.concentration, electrochemical(t, u, local.mu))

    @abstractmethod
    def add_state(self, state: State, phi: Floats, concentration: Floats, level: Floats) -> None:
        """Add what a state shows: potentials (cells), concentrations and levels (cells, species)."""


class Indicator(Looks):
    """The indicator of one pilot run."""

    read: ConductanceBends | None

    def __init__(self, built: Built, channel: ChannelReadout, start: State) -> None:
        super().__init__(built, start)
        mesh, t = built.mesh, built.tables
        quantities = FIELD_CHANGE + 1 + 2 * len(t.charge)
        self.sums = []
        for r in range(len(mesh.regions)):
            cells = np.flatnonzero((mesh.region == r) & (mesh.volume > 0.0))
            size = mesh.volume[cells] / built.device.area
            bend, scale = np.zeros((quantities, len(cells))), np.zeros(quantities)
            self.sums.append(RegionSums(r, cells, mesh.position[cells, 0], size, bend, scale))
        read = self.sums[built.mesh.regions.index(channel.region)]
        self.read = ConductanceBends(channel, read.y, read.size) if channel.factor > 0.0 else None
        self.wall_field, self.wall_strength = np.zeros((2, len(mesh.regions), 2))
        self.look(start)

    def add_state(self, state: State, phi: Floats, concentration: Floats, level: Floats) -> None:
        for sums in self.sums:
            self.add(sums, self.quantities(sums, phi, concentration, level))
            for side in (0, 1):
                self.wall(sums, side, state, phi, concentration)
        if self.read is not None and self.steps > 1:
            self.read.look(state)

    def quantities(self, sums: RegionSums, phi: Floats, concentration: Floats, level: Floats) -> Floats:
        """Return q (q, cells) of a region."""
        t, cells, r = self.built.tables, sums.cells, sums.number
        c, before = concentration[cells], self.concentration_start[cells]
        stored = self.stored[r]
        charges = np.where(stored, t.charge, 0).astype(float)
        q = np.zeros((len(sums.scale), len(cells)))
        if not self.built.device.regions[r].material.electroneutral:
            q[RHO] = c @ charges + t.fixed[r]
            q[RHO_CHANGE] = (c - before) @ charges
        q[FIELD] = -slope(sums.y, phi[cells])
        q[FIELD_CHANGE] = q[FIELD] + slope(sums.y, self.phi_start[cells])
        first = FIELD_CHANGE + 1
        for s in np.flatnonzero(stored):
            mean = float(before[:, s] @ sums.size) / float(sums.size.sum())
            weight = np.minimum(1.0, c[:, s] / max(SCARCE * mean, 1e-300))
            q[first + 2 * s] = c[:, s] - before[:, s]
            q[first + 2 * s + 1] = weight * slope(sums.y, level[cells, s])
        return q

    def add(self, sums: RegionSums, q: Floats) -> None:
        """Add the second derivatives of a state, and let the scales grow."""
        sums.bend += second_derivative(sums.y, q) ** 2
        np.maximum(sums.scale, np.abs(q) @ sums.size, out=sums.scale)

    def wall(self, sums: RegionSums, side: int, state: State, phi: Floats, concentration: Floats) -> None:
        """Note field and ionic strength at an end of a region (0 low, 1 high y)."""
        mesh, t, r = self.built.mesh, self.built.tables, sums.number
        cell = int(sums.cells[0 if side == 0 else -1])
        at = cell + (1 if side else -1)
        if 0 <= at < mesh.cells and mesh.region[at] == r and mesh.surface[at]:
            fall = abs(phi[at] - phi[cell]) / abs(float(mesh.position[at, 0] - mesh.position[cell, 0]))
        else:
            at = cell
            b = np.flatnonzero((mesh.contact_cell == cell) & ((mesh.terminal == GATE) == (side == 0)))
            if not len(b):
                return
            terminal = state.at.voltage if side == 0 else 0.0
            drop = abs(terminal - t.contact_zero[b[0]] - phi[cell])
            fall = drop * t.contact_layer[b[0]] / (t.permittivity[r] * mesh.contact_area[b[0]])
        strength = float((t.charge**2 * concentration[at])[self.stored[r]].sum())
        self.wall_field[r, side] = max(self.wall_field[r, side], fall)
        self.wall_strength[r, side] = max(self.wall_strength[r, side], strength)

    def layers(self) -> list[Layer]:
        """Return what the cells of every region are chosen from."""
        whole = np.array([sums.scale for sums in self.sums])
        floors = np.zeros_like(whole)
        floors[:, [RHO, RHO_CHANGE]] = SHARE_REGION * whole[:, [RHO, RHO_CHANGE]].max(axis=0)
        floors[:, [FIELD, FIELD_CHANGE]] = SHARE_REGION * whole[:, [FIELD, FIELD_CHANGE]].sum(axis=0)
        first = FIELD_CHANGE + 1
        floors[:, first + 1 :: 2] = max(SHARE_FALL * self.fall, LEAST_FALL)
        out = []
        for sums, floor in zip(self.sums, floors, strict=True):
            content = sums.size @ self.concentration_start[sums.cells]
            floor[first::2] = SHARE_CONTENT * content
            factor = np.ones(len(sums.scale))
            factor[first::2] += FRONT * sums.scale[first + 1 :: 2]
            scale = np.maximum(sums.scale, floor)
            share = np.where(scale > 0.0, factor / np.where(scale > 0.0, scale, 1.0), 0.0)
            cubed = share @ np.sqrt(sums.bend / self.steps)
            if self.read is not None and self.built.mesh.regions[sums.number] == self.read.channel.region:
                cubed = cubed + self.read.cubed()
            m = np.cbrt(cubed)
            faces = np.concatenate([[0.0], np.cumsum(sums.size)])
            out.append(Layer(faces, m, self.ends(sums.number), self.boundary(sums.number)))
        return out

    def boundary(self, r: int) -> float:
        """Return the bound (m) of every cell of a region in which phases may part."""
        device = self.built.device
        return boundary_cell(device.regions[r].material.host, device.temperature)

    def ends(self, r: int) -> tuple[float, float]:
        """Return the bounds (m) of the cells at the ends of a region."""
        device, t = self.built.device, self.built.tables
        if device.regions[r].material.electroneutral:
            return inf, inf
        bounds = []
        for side in (0, 1):
            outer = r == (0 if side == 0 else len(device.regions) - 1)
            contact = device.gate if side == 0 else device.channel
            field, strength = self.wall_field[r, side], self.wall_strength[r, side]
            lengths = [1.0 / field if field > 0.0 else inf]
            lengths.append(sqrt(t.permittivity[r] / strength) if strength > 0.0 else inf)
            bounds.append(inf if outer and not contact.layered(device.regions[r].material) else WALL * min(lengths))
        return bounds[0], bounds[1]
