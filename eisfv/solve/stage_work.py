"""The work arrays of a stage in compiled code (`eisfv.solve.compiled_stage`), and how the kernels take them."""

from typing import NamedTuple

import numpy as np
from numba import njit

from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.enclosed import enclosures
from eisfv.equations.linearised import Blocks, new_blocks
from eisfv.equations.unknowns import per_cell
from eisfv.kernel_handles import Handle, HandleType, define, register
from eisfv.solve.block_elimination import Factors, new_factors
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
    at       unknowns and gate voltage at which the matrix was factored
    """

    u: Floats  # (n, m)
    update: Floats  # (n, m)
    rest: Floats  # (n, m)
    matrix: Blocks
    factors: Factors
    storage: Floats  # (n, m, m)
    row: Floats  # (n, m)
    row_charge: Floats  # (n, m)
    answer: Floats  # (n, m)
    move: Floats  # (n, m)
    limits: Floats  # (n, m)
    stored: Floats  # (n, s)
    flow: Floats  # (f, m)
    number: Floats  # (5)
    tally: Ints  # (4)
    at: Floats  # (n, m)
    at_voltage: Floats  # (1)
    enclosure: Ints  # (n, s)
    sums: Floats  # (2, e)


def new_stage_work(tables: Tables) -> StageWork:
    """Return zeroed work arrays."""
    cells, faces, species, m = len(tables.region), len(tables.left), len(tables.charge), per_cell(tables)
    enclosure = enclosures(tables)
    u, update, rest, row, row_charge, answer, at = np.zeros((7, cells, m))
    return StageWork(
        u,
        update,
        rest,
        new_blocks(tables),
        new_factors(cells, m),
        np.zeros((cells, m, m)),
        row,
        row_charge,
        answer,
        tables.test[:, None] * tables.follow[tables.region],
        present_unknowns(tables),
        np.zeros((cells, species)),
        np.zeros((faces, m)),
        np.zeros(5),
        np.zeros(4, np.int64),
        at,
        np.zeros(1),
        enclosure,
        np.zeros((2, 1 + enclosure.max(initial=-1))),
    )


@register
class StageType(HandleType):
    """The type of `StageHandle`."""


class StageHandle(Handle):
    """The work arrays as the kernels take them; fields as of `StageWork`."""


define(StageHandle, StageType, list(StageWork._fields))


@njit(cache=True)
def stage_handle(w):
    """Return the handle of work arrays."""
    return StageHandle(*w)
