"""A film of one carrier between two metals, and its small signal by a solve of the linearised device."""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.device import Device
from eisfv.device.tables import Floats, Tables
from eisfv.equations.linearised import Blocks, combine, linearised_handle, new_blocks, shifted
from eisfv.equations.tables_handle import tables_handle
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.species import Band
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Known
from support.sheets import gated_film

TEMPERATURE = 300.0
THICKNESS, PERMITTIVITY, AREA = 100e-9, 3.0, 1e-6  # m, -, m2
STATES = 1e27 / 6.02214076e23  # mol/m3
MOBILITY = 1e-8  # m2/(V s)
ELECTRONVOLT = FARADAY  # J/mol
VOLT = thermal_voltage(TEMPERATURE)
CHARGES = {"electron": -1, "hole": 1}
GEOMETRIC = PERMITTIVITY * VACUUM_PERMITTIVITY / THICKNESS  # F/m2


def diode(barrier: float, carrier: str = "hole", mobility: float = MOBILITY, filling: str = "boltzmann") -> Device:
    """Return the film of one carrier between two equal metals; barrier in eV."""
    band = Band(1 if carrier == "hole" else -1, density=STATES, mobility=mobility, filling=filling)
    film = Electrolyte(PERMITTIVITY, {carrier: band}, kind="semiconductor", reference="film")
    metal = InjectingContact(carrier=carrier, barrier=barrier * ELECTRONVOLT)
    mesh = MeshOptions(first=0.1, growth=1.06, largest=0.01)
    return Device(TEMPERATURE, AREA, (Region("film", film, THICKNESS),), (), metal, metal, mesh=mesh)


def capacitance(simulation: Simulation, frequency: float) -> float:
    """Return Im Y/omega (F/m2) at the state: [i omega C + T] du = -(what the cells feel of the gate)."""
    newton, t = simulation.newton, simulation.built.tables
    omega = 2.0 * np.pi * frequency
    newton.evaluate(simulation.state.at, Known(np.zeros_like(newton.system.stored), 0.0), 1.0, True)
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


def double(filling: str, selective: bool, share: float = 1.0, mesh: MeshOptions | None = None) -> Device:
    """Return a film of 1.8 eV between a metal near its valence band and one near its conduction band.

    selective  whether each passes its own carrier alone; share of Langevin's rate
    """
    bands = {name: Band(z, density=STATES, mobility=MOBILITY, filling=filling) for name, z in CHARGES.items()}
    gap = 1.8 * ELECTRONVOLT
    film = Electrolyte(PERMITTIVITY, bands, kind="semiconductor", gap=gap, recombination=share, reference="film")
    ends = [InjectingContact(carrier, 0.1 * ELECTRONVOLT, selective) for carrier in ("hole", "electron")]
    mesh = mesh or MeshOptions(cells={"film": 5})
    return Device(TEMPERATURE, AREA, (Region("film", film, THICKNESS),), (), *ends, mesh=mesh)


def ambipolar(cells: int) -> Device:
    """Return a gated film of electrons and holes that fill their bands, on a source that takes both."""
    bands = {name: Band(z, density=5.0, mobility=1e-4, filling="fermi_dirac") for name, z in CHARGES.items()}
    return gated_film(bands, (5e-9, 12.0), (10e-9, 9.0), TEMPERATURE, (4, cells), gap=0.3 * ELECTRONVOLT)


def double_injection(share: float) -> tuple[float, float]:
    """Return the current (A/m2) at 1.4 V of a film between metals that pass one carrier each, and what recombines in
    it; share of Langevin's rate."""
    simulation = Simulation(double("boltzmann", True, share, MeshOptions(first=0.1, growth=1.1, largest=0.02)))
    simulation.run(VoltageStep(1e-3, Constant(1.4)))
    held = simulation.profile().concentration
    t = simulation.built.tables
    n, p = held[:, t.electron[0]], held[:, t.hole[0]]
    intrinsic = STATES**2 * np.exp(-1.8 / VOLT)
    langevin = share * FARADAY * 2.0 * MOBILITY / (PERMITTIVITY * VACUUM_PERMITTIVITY)
    return simulation.current / AREA, float(FARADAY * langevin * (t.volume * (n * p - intrinsic)).sum() / AREA)


def solved(blocks: Blocks, t: Tables, right: Floats) -> Floats:
    """Return the solution (cells, m) of the sparse system, its rows scaled."""
    cells, m = right.shape
    rows, columns, values = [], [], []
    local = np.arange(m)

    def add(row: int, column: int, block: Floats) -> None:
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
