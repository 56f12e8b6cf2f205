"""The work arrays of a stage in compiled code (`eisfv.solve.compiled_stage`), and how the kernels take them."""

from typing import NamedTuple

import numpy as np

from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.enclosed import enclosures
from eisfv.equations.linearised import Blocks, new_blocks
from eisfv.equations.unknowns import per_cell, potential, species
from eisfv.kernel_handles import Handle
from eisfv.physics.statistics import ABSENT
from eisfv.solve.chain_factors import Factors, new_factors
from eisfv.solve.update import present_unknowns

# Places in `number` and `tally`.
VOLTAGE, CHARGE, CURRENT, FACTORED, EASE = 0, 1, 2, 3, 4
RESIDUALS, FACTORISATIONS, SOLVES, WORST = 0, 1, 2, 3


class StageWork(NamedTuple):
    """Work arrays of a stage; n cells, f faces, m unknowns a cell, s species.

    u        start value, then the iterate; stored, flow: as `eisfv.solve.newton.Stage` has them
    number   gate voltage RT/F, displacement through the gate mol, current mol/s, weight of the factored matrix s, slope
             of the current against the gate
    tally    residuals, factorisations, solutions, place of the largest last update
    enclosure, sums          as of `eisfv.equations.enclosed`, of e enclosures
    last                     the move before
    moved, unit              flows of the last update, and of a gate that moves by one: of amounts in the weight of the
                             stage, mol
    passed, unit_passed      the charge that these carry, mol
    at       unknowns and gate voltage at which the matrix was factored; voltages: of gate and channel
    """

    u: Floats  # (n, m)
    update: Floats  # (n, m)
    rest: Floats  # (n, m)
    last: Floats  # (n, m)
    matrix: Blocks
    factors: Factors
    storage: Floats  # (n, m, m)
    moved: Floats  # (f, m)
    unit: Floats  # (f, m)
    passed: Floats  # (f)
    unit_passed: Floats  # (f)
    answer: Floats  # (n, m)
    move: Floats  # (n, m)
    limits: Floats  # (n, m)
    stored: Floats  # (n, s)
    flow: Floats  # (f, m)
    number: Floats  # (5)
    tally: Ints  # (4)
    at: Floats  # (n, m)
    at_voltage: Floats  # (1)
    voltages: Floats  # (2)
    enclosure: Ints  # (n, s)
    sums: Floats  # (2, e)


def new_stage_work(tables: Tables) -> StageWork:
    """Return zeroed work arrays."""
    cells, faces, species, m = len(tables.region), len(tables.left), len(tables.charge), per_cell(tables)
    enclosure = enclosures(tables)
    u, update, rest, last, answer, at = np.zeros((6, cells, m))
    (moved, unit), (passed, unit_passed) = np.zeros((2, faces, m)), np.zeros((2, faces))
    return StageWork(
        u,
        update,
        rest,
        last,
        new_blocks(tables),
        new_factors(cells, m, counted_in_current(tables)),
        np.zeros((cells, m, m)),
        moved,
        unit,
        passed,
        unit_passed,
        answer,
        tables.test[:, None] * tables.follow[tables.region],
        present_unknowns(tables),
        np.zeros((cells, species)),
        np.zeros((faces, m)),
        np.zeros(5),
        np.zeros(4, np.int64),
        at,
        np.zeros(1),
        np.zeros(2),
        enclosure,
        np.zeros((2, 1 + enclosure.max(initial=-1))),
    )


def counted_in_current(tables: Tables) -> Floats:
    """Return (cells, unknowns) what a row adds to the balance of the current: of Gauss' law 1, of a species its charge;
    0 of one that a region lacks, whose row is no balance."""
    weights = np.zeros((len(tables.region), per_cell(tables)))
    potential(weights)[:] = 1.0
    species(weights, tables)[:] = np.where(tables.kind[tables.region] == ABSENT, 0.0, tables.charge)
    return weights


def stage_handle(w: StageWork) -> Handle:
    """Return the handle of work arrays."""
    return Handle(w)
