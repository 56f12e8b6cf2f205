"""The assembled Jacobian against central differences of the assembled residual."""

from dataclasses import dataclass

import numpy as np

from eisfv.device.build import Built, build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.equations.assemble import assemble
from eisfv.equations.linearised import Blocks, add_shift_of_drops, combine, linearised_handle, new_blocks, shifted
from eisfv.equations.system import System, new_system, system_handle
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import unknowns
from eisfv.physics.statistics import ABSENT, LATTICE

STEP = 1e-4


@dataclass(frozen=True)
class Dense:
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
    scattered = spread * rng.normal(size=(len(t.region), 1 + len(t.charge)))
    y = np.where(t.kind[t.region] == ABSENT, 0.0, built.bulk[t.region] + scattered[:, 1:])
    u = unknowns(t, t.region, scattered[:, 0], y)
    u[:, 1 + len(t.charge) :] = spread * rng.normal(size=(len(t.region), u.shape[1] - 1 - len(t.charge)))
    return built, u, np.array([rng.normal(), 0.0])


def assembled(built: Built, u: Floats, voltages: Floats, dh: float, full: bool = False) -> Dense:
    """Return the slopes that the kernels give; with `full` every lattice is counted from its full side."""
    t = built.tables
    system = evaluated(built, u, voltages, dh, work_arrays(built, full))
    matrix = new_blocks(t)
    combine(tables_handle(t), linearised_handle(system.slopes), 1.0, dh, matrix)
    column = shifted(tables_handle(t), matrix, system.part)
    add_shift_of_drops(tables_handle(t), linearised_handle(system.slopes), dh, system.part, column)
    slopes = system.slopes
    return Dense(
        dense(matrix, built), column.ravel(), slopes.gate_current.ravel().copy(), slopes.gate_charge.ravel().copy()
    )


def dense(blocks: Blocks, built: Built) -> Floats:
    """Return blocks as one matrix (cells m, cells m)."""
    t = built.tables
    n, m, _ = blocks.diagonal.shape
    matrix = np.zeros((n, m, n, m), blocks.diagonal.dtype)
    matrix[np.arange(n), :, np.arange(n), :] = blocks.diagonal
    matrix[t.left, :, t.right, :] += blocks.upper
    matrix[t.right, :, t.left, :] += blocks.lower
    return matrix.reshape(n * m, n * m)


def differenced(built: Built, u: Floats, voltages: Floats, dh: float, full: bool = False, step: float = STEP) -> Dense:
    """Return the slopes from fourth-order central differences over `step`, one unknown at a time."""
    system = work_arrays(built, full)

    def values(at: Floats, volts: Floats) -> tuple[Floats, Floats]:
        evaluated(built, at, volts, dh, system)
        return system.residual.ravel().copy(), system.gate.copy()

    def slope(move: Floats, volt: Floats) -> tuple[Floats, Floats]:
        parts = []
        for h in (step, 0.5 * step):
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
    along = built.tables.test[:, None] * built.tables.follow[built.tables.region]
    by_voltage, _ = slope(along, np.array([1.0, 0.0]))
    gate = np.array(gates).T
    return Dense(np.array(columns).T, by_voltage, gate[0], gate[1])


def work_arrays(built: Built, full: bool) -> System:
    """Return zeroed work arrays, lattices counted from one side."""
    t = built.tables
    system = new_system(t)
    side = full * (t.kind[t.region] == LATTICE)
    system.ledger.full[:] = side
    system.ledger.moved[:] = (side * t.volume[:, None] * t.density[t.region]) @ t.charge
    return system


def evaluated(built: Built, u: Floats, voltages: Floats, dh: float, system: System) -> System:
    """Return the work arrays filled at a state, with nothing known from the past."""
    none = np.zeros_like(system.stored)
    assemble(tables_handle(built.tables), u, voltages, none, dh, True, system_handle(system))
    return system


def worst(found: Dense, expected: Dense) -> dict[str, float]:
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
