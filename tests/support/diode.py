"""A film of one carrier between two metals, and its small signal by a solve of the linearised device."""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.device import Device
from eisfv.equations.linearised import combine, linearised_handle, new_blocks, shifted
from eisfv.equations.tables_handle import tables_handle
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.species import Band
from eisfv.simulation import Simulation

TEMPERATURE = 300.0
THICKNESS, PERMITTIVITY, AREA = 100e-9, 3.0, 1e-6  # m, -, m2
STATES = 1e27 / 6.02214076e23  # mol/m3
MOBILITY = 1e-8  # m2/(V s)
ELECTRONVOLT = 96485.33212  # J/mol
GEOMETRIC = PERMITTIVITY * VACUUM_PERMITTIVITY / THICKNESS  # F/m2


def diode(barrier: float, carrier: str = "hole", mobility: float = MOBILITY, filling: str = "boltzmann") -> Device:
    """Return the film of one carrier between two equal metals; barrier in eV."""
    band = Band(1 if carrier == "hole" else -1, density=STATES, mobility=mobility, filling=filling)
    film = Electrolyte(PERMITTIVITY, {carrier: band}, kind="semiconductor", reference="film")
    metal = InjectingContact(carrier=carrier, barrier=barrier * ELECTRONVOLT)
    mesh = MeshOptions(first=1e-4, growth=1.06, largest=0.01)
    return Device(TEMPERATURE, AREA, (Region("film", film, THICKNESS),), (), metal, metal, mesh=mesh)


def capacitance(simulation: Simulation, frequency: float) -> float:
    """Return Im Y/omega (F/m2) at the state: [i omega C + T] du = -(what the cells feel of the gate)."""
    newton, t = simulation.newton, simulation.built.tables
    omega = 2.0 * np.pi * frequency
    newton.evaluate(simulation.state.at, newton_known(simulation), 1.0, True)
    slopes, part = newton.system.slopes, newton.system.part
    blocks = new_blocks(t, complex)
    combine(tables_handle(t), linearised_handle(slopes), 1j * omega, 1.0, blocks)
    felt = shifted(tables_handle(t), blocks, part)
    update = solved(blocks, t, -felt)
    # The gate's border: what the faces carry, of the cells' own change and of the shift along the test function.
    gate = 0.0 + 0.0j
    for by, weight in ((slopes.gate_current, 1.0), (slopes.gate_charge, 1j * omega)):
        gate += weight * (by * (update + t.follow[t.region] * t.test[:, None])).sum()
    return float(gate.imag / omega) * FARADAY / simulation.thermal_voltage / AREA


def newton_known(simulation: Simulation):  # type: ignore[no-untyped-def]
    """Return a past of nothing: the slopes do not see it."""
    from eisfv.solve.newton import Known

    return Known(np.zeros_like(simulation.newton.system.stored), 0.0)


def solved(blocks, t, right):  # type: ignore[no-untyped-def]
    """Return the solution (cells, m) of the sparse system, its rows scaled."""
    cells, m = right.shape
    rows, columns, values = [], [], []
    local = np.arange(m)

    def add(row, column, block):  # type: ignore[no-untyped-def]
        p, q = np.meshgrid(local, local, indexing="ij")
        rows.append(row * m + p.ravel())
        columns.append(column * m + q.ravel())
        values.append(block.ravel())

    for i in range(cells):
        add(i, i, blocks.diagonal[i])
    for f in range(len(t.left)):
        add(t.left[f], t.right[f], blocks.upper[f])
        add(t.right[f], t.left[f], blocks.lower[f])
    matrix = sp.csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))))
    scale = 1.0 / np.abs(matrix).max(axis=1).toarray().ravel()
    return splu((sp.diags(scale) @ matrix).tocsc()).solve(scale * right.ravel()).reshape(right.shape)
