"""The assembled Jacobian against central differences of the assembled residual."""

from dataclasses import dataclass

import numpy as np

from eisfv.device.build import Built, build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.equations.assemble import assemble
from eisfv.equations.system import System, new_system
from eisfv.physics.statistics import LATTICE
from eisfv.solve.update import shifted

STEP = 1e-4


@dataclass(frozen=True)
class Linearised:
    """The residual's slopes at a state: matrix (n m, n m); column (n m) against the gate voltage, the potentials rising
    with it along the test function; row, row_charge (n m) of the gate's current (mol/s) and displacement (mol)."""

    matrix: Floats
    column: Floats
    row: Floats
    row_charge: Floats


def random_state(device: Device, seed: int, spread: float) -> tuple[Built, Floats, Floats]:
    """Return a built device, unknowns scattered about its bulk and terminal voltages."""
    built = build(device, mesh_of(device))
    rng = np.random.default_rng(seed)
    t = built.tables
    u = np.concatenate([np.zeros((len(t.region), 1)), built.bulk[t.region]], axis=1)
    u += spread * rng.normal(size=u.shape)
    u[:, 1:][t.kind[t.region] == 0] = 0.0
    return built, u, np.array([rng.normal(), 0.0])


def assembled(built: Built, u: Floats, voltages: Floats, dh: float, full: bool = False) -> Linearised:
    """Return the slopes that the kernels give; with `full` every lattice is counted from its full side."""
    t = built.tables
    system = evaluated(built, u, voltages, dh, work_arrays(built, full))
    n, m = u.shape
    matrix = np.zeros((n, m, n, m))
    matrix[np.arange(n), :, np.arange(n), :] = system.diagonal
    matrix[t.left, :, t.right, :] += system.upper
    matrix[t.right, :, t.left, :] += system.lower
    column = shifted(system, t.left, t.right, t.test)
    return Linearised(
        matrix.reshape(n * m, n * m), column.ravel(), system.border.ravel().copy(), system.border_charge.ravel().copy()
    )


def differenced(built: Built, u: Floats, voltages: Floats, dh: float, full: bool = False) -> Linearised:
    """Return the slopes from fourth-order central differences, one unknown at a time."""
    system = work_arrays(built, full)

    def values(at: Floats, volts: Floats) -> tuple[Floats, Floats]:
        evaluated(built, at, volts, dh, system)
        return system.residual.ravel().copy(), system.gate.copy()

    def slope(move: Floats, volt: Floats) -> tuple[Floats, Floats]:
        parts = []
        for h in (STEP, 0.5 * STEP):
            up = values(u + h * move, voltages + h * volt)
            down = values(u - h * move, voltages - h * volt)
            parts.append([(a - b) / (2 * h) for a, b in zip(up, down, strict=True)])
        return tuple((4 * fine - coarse) / 3 for coarse, fine in zip(*parts, strict=True))

    none = np.zeros(2)
    columns, gates = [], []
    for k in range(u.size):
        unit = np.zeros(u.size)
        unit[k] = 1.0
        by_residual, by_gate = slope(unit.reshape(u.shape), none)
        columns.append(by_residual)
        gates.append(by_gate)
    along = np.zeros_like(u)
    along[:, 0] = built.tables.test
    by_voltage, _ = slope(along, np.array([1.0, 0.0]))
    gate = np.array(gates).T
    return Linearised(np.array(columns).T, by_voltage, gate[0], gate[1])


def work_arrays(built: Built, full: bool) -> System:
    """Return zeroed work arrays, lattices counted from one side."""
    t = built.tables
    system = new_system(t)
    system.full[:] = full * (t.kind[t.region] == LATTICE)
    return system


def evaluated(built: Built, u: Floats, voltages: Floats, dh: float, system: System) -> System:
    """Return the work arrays filled at a state, with nothing known from the past."""
    assemble(built.tables, u, voltages, np.zeros_like(system.stored), dh, True, system)
    return system


def worst(found: Linearised, expected: Linearised) -> dict[str, float]:
    """Return the largest error of each part, every row of the matrix relative to its own largest slope."""
    scale = np.abs(expected.matrix).max(axis=1)
    scale[scale == 0.0] = 1.0
    return {
        "matrix": float((np.abs(found.matrix - expected.matrix) / scale[:, None]).max()),
        "column": float((np.abs(found.column - expected.column) / scale).max()),
        "row": relative(found.row, expected.row),
        "row_charge": relative(found.row_charge, expected.row_charge),
    }


def relative(found: Floats, expected: Floats) -> float:
    """Return the largest difference over the largest expected entry."""
    return float(np.abs(found - expected).max() / max(np.abs(expected).max(), 1e-300))
