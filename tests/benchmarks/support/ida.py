"""The same pulse by SUNDIALS IDA, on the residual of eisfv's own kernels in fully implicit form.

    unknowns of a cell   phi, y_s, theta_s = c_s / density_s
    rows                 Gauss (algebraic);  V density theta' + sum N = 0;  theta - c(y)/density = 0 (algebraic)

theta is an unknown of its own because IDA's formulas advance unknowns: with y alone, mass would not be conserved. A
species that stores nothing has theta = 0. Rows are divided by their largest slope at the start. Of IDA's direct solvers
the banded one with the exact Jacobian is the fastest here.
"""

from dataclasses import dataclass
from math import cos, pi
from time import process_time

import numpy as np

from benchmarks.support.stack import CHANNEL
from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.equations.assemble import assemble
from eisfv.equations.linearised import Blocks, combine, linearised_handle, new_blocks
from eisfv.equations.system import new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.kernel import allocating
from eisfv.physics.statistics import DILUTE, LATTICE
from eisfv.simulation import Simulation

# IDA does not take a jump of the voltage: it rises smoothly in a twentieth of the cell's charging time.
RISE = 1e-6  # s
FIRST_STEP = 1e-10  # s


@dataclass(frozen=True)
class IdaCost:
    """charge: inserted, C; seconds of the solve alone."""

    charge: float
    steps: int
    residuals: int
    jacobians: int
    seconds: float


class IdaPulse:
    """A voltage pulse on a stack as IDA's problem."""

    def __init__(self, device: Device) -> None:
        simulation = Simulation(device)
        tables, at = simulation.built.tables, simulation.state.at
        self.simulation, self.tables, self.system = simulation, tables, new_system(tables)
        self.matrix = new_blocks(tables)
        self.t, self.work = tables_handle(tables), system_handle(self.system)
        self.slopes = linearised_handle(self.system.slopes)
        cells, self.species = len(tables.region), len(tables.charge)
        self.m = 1 + 2 * self.species
        stores = (tables.kind == DILUTE) | (tables.kind == LATTICE)
        self.density = np.where(stores, tables.density, 0.0)[tables.region]
        self.none = np.zeros((cells, self.species))
        self.voltages = np.array([at.voltage, 0.0])
        self.rest = self.top = at.voltage
        self.scale = np.ones((cells, self.m))
        assemble(self.t, at.u, self.voltages, self.none, 1.0, True, self.work)
        stored = self.density > 0.0
        share = np.where(stored, self.system.local.concentration / np.where(stored, self.density, 1.0), 0.0)
        self.start = np.concatenate([at.u, share], axis=1)
        faces = np.zeros((2, len(tables.left), self.m, self.m))
        self.parts = (np.zeros((cells, self.m, self.m)), faces[0], faces[1])
        blocks = self.blocks(1.0)
        largest = np.abs(blocks[0]).max(axis=2)
        self.scale = 1.0 / np.where(largest > 0.0, largest, 1.0)

    def voltage(self, t: float) -> float:
        """Return the gate voltage (RT/F)."""
        share = 0.5 * (1.0 - cos(pi * t / RISE)) if t < RISE else 1.0
        return self.rest + share * (self.top - self.rest)

    def residual(self, t: float, w: Floats, rate: Floats, out: Floats) -> None:
        """Write F(t, w, w')."""
        self.voltages[0] = self.voltage(t)
        table = [x.reshape(self.scale.shape) for x in (w, rate, out)]
        fill_residual(self.t, self.work, *table, self.voltages, self.none, self.density, self.scale)

    def jacobian(self, t: float, w: Floats, rate: Floats, residual: Floats, cj: float, out: Floats) -> None:
        """Write dF/dw + cj dF/dw' into IDA's matrix."""
        self.voltages[0] = self.voltage(t)
        u = np.ascontiguousarray(w.reshape(self.scale.shape)[:, : 1 + self.species])
        assemble(self.t, u, self.voltages, self.none, 1.0, True, self.work)
        fill_blocks(self.t, self.work, self.matrix_at(), self.density, cj, *self.parts)
        scatter(*self.parts, self.tables.left, self.tables.right, self.scale, out)

    def blocks(self, cj: float) -> tuple[Floats, Floats, Floats]:
        """Return the blocks at the state last assembled: own cell, right of each face, left of each face."""
        fill_blocks(self.t, self.work, self.matrix_at(), self.density, cj, *self.parts)
        return self.parts

    def matrix_at(self) -> Blocks:
        """Return the slopes of the balances at the state last assembled."""
        combine(self.t, self.slopes, 1.0, 1.0, self.matrix)
        return self.matrix

    def solve(self, level: float, duration: float, rtol: float, atol: float) -> IdaCost:
        """Return what a pulse of a level (V) inserts and costs; RuntimeError where IDA gives up."""
        from sksundae.ida import IDA

        self.top = level / self.simulation.thermal_voltage
        algebraic = np.ones(self.scale.shape, bool)
        algebraic[:, 1 + self.species :] = (self.density == 0.0) | (self.tables.volume == 0.0)[:, None]
        width = 2 * self.m - 1
        solver = IDA(
            self.residual,
            jacfn=self.jacobian,
            linsolver="band",
            lband=width,
            uband=width,
            rtol=rtol,
            atol=atol,
            algebraic_idx=np.flatnonzero(algebraic),
            first_step=FIRST_STEP,
            max_num_steps=20000,
        )
        w = self.start.ravel().copy()
        began = process_time()
        answer = solver.solve(np.array([0.0, duration]), w, np.zeros_like(w))
        seconds = process_time() - began
        if not answer.success:
            raise RuntimeError(f"IDA: {answer.message}")
        change = answer.y[-1].reshape(self.start.shape) - self.start
        amount = self.tables.volume[:, None] * self.density * change[:, 1 + self.species :]
        ion = self.simulation.built.number("Mg")
        channel = self.simulation.built.mesh.region == CHANNEL
        charge = FARADAY * float(self.tables.charge[ion] * amount[channel, ion].sum())
        return IdaCost(charge, len(answer.t) - 1, int(answer.nfev), int(answer.njev), seconds)


@allocating
def fill_residual(t, a, w, rate, out, voltages, none, density, scale):
    """Write the scaled residual of the fully implicit form."""
    cells, species = density.shape
    u = np.ascontiguousarray(w[:, : 1 + species])
    assemble(t, u, voltages, none, 1.0, False, a)
    for i in range(cells):
        out[i, 0] = scale[i, 0] * a.residual[i, 0]
        for s in range(species):
            row = 1 + species + s
            flow = a.residual[i, 1 + s] - a.stored[i, s]
            out[i, 1 + s] = scale[i, 1 + s] * (t.volume[i] * density[i, s] * rate[i, row] + flow)
            share = a.local.concentration[i, s] / density[i, s] if density[i, s] > 0.0 else 0.0
            out[i, row] = scale[i, row] * (w[i, row] - share)


@allocating
def fill_blocks(t, a, matrix, density, cj, own, upper, lower):
    """Write dF/dw + cj dF/dw' in blocks, unscaled."""
    cells, species = density.shape
    m = 1 + species
    own[:, :m, :m] = matrix.diagonal
    upper[:, :m, :m] = matrix.upper
    lower[:, :m, :m] = matrix.lower
    for i in range(cells):
        for s in range(species):
            own[i, m + s, m + s] = 1.0
            if density[i, s] == 0.0:
                continue
            own[i, 1 + s, m + s] = cj * t.volume[i] * density[i, s]
            for q in range(m):
                slope = a.local.d_concentration[i, s, q]
                own[i, 1 + s, q] -= t.volume[i] * slope
                own[i, m + s, q] = -slope / density[i, s]


@allocating
def scatter(own, upper, lower, left, right, scale, out):
    """Write blocks into IDA's matrix, their rows scaled."""
    cells, m, _ = own.shape
    for i in range(cells):
        for p in range(m):
            for q in range(m):
                out[i * m + p, i * m + q] = own[i, p, q] * scale[i, p]
    for f in range(left.size):
        i, j = left[f], right[f]
        for p in range(m):
            for q in range(m):
                out[i * m + p, j * m + q] = upper[f, p, q] * scale[i, p]
                out[j * m + p, i * m + q] = lower[f, p, q] * scale[j, p]
