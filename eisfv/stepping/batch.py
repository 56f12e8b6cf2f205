"""Accepted steps as compiled code hands them over: some at once."""

from typing import NamedTuple

import numpy as np
from numba.core.types import none

from eisfv.array_loops import copy_1, copy_all
from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats, Tables
from eisfv.equations.system import Ledger
from eisfv.equations.unknowns import POTENTIAL, per_cell
from eisfv.kernel import kernel
from eisfv.solve.stage_records import Iterate
from eisfv.solve.stage_work import CHARGE, CURRENT, VOLTAGE
from eisfv.stepping.differences import OFFSET
from eisfv.stepping.state import State

# Outcomes of a call that takes steps.
GOING, ENDED, FAILED = 0, 1, 2


class Batch(NamedTuple):
    """Accepted steps, b of them at most; what a `State` holds of each."""

    u: Floats  # (b, n, m)
    stored: Floats  # (b, n, s)
    base: Floats  # (b, n, s)
    full: Floats  # (b, n, s)
    moved: Floats  # (b, n)
    flow: Floats  # (b, f, m)
    displacement_rate: Floats  # (b, f)
    number: Floats  # (b, 8) offset, step, order, voltage, displacement, current, charge passed, energy


def new_batch(tables: Tables, size: int) -> Batch:
    """Return zeroed arrays."""
    cells, faces, species, m = len(tables.region), len(tables.left), len(tables.charge), per_cell(tables)
    stored, base, full = np.zeros((3, size, cells, species))
    return Batch(
        np.zeros((size, cells, m)),
        stored,
        base,
        full,
        np.zeros((size, cells)),
        np.zeros((size, faces, m)),
        np.zeros((size, faces)),
        np.zeros((size, 8)),
    )


@apart(none)
@kernel
def record(a, w, y, out, k, h, order, dh):
    """Write an accepted step to a batch."""
    copy_all(out.u[k], w.u)
    copy_all(out.stored[k], w.stored)
    copy_all(out.base[k], a.ledger.base)
    copy_all(out.full[k], a.ledger.full)
    copy_1(out.moved[k], a.ledger.moved)
    copy_all(out.flow[k], w.flow)
    rate = out.displacement_rate[k]
    for f in range(rate.size):
        rate[f] = (w.flow[f, POTENTIAL] - y.displaced_known[f]) / dh
    number = out.number[k]
    number[0], number[1], number[2] = y.number[OFFSET], h, order
    number[3], number[4], number[5] = w.number[VOLTAGE], w.number[CHARGE], w.number[CURRENT]
    number[6], number[7] = y.gate[0, 2], y.gate[0, 3]


def state_of(out: Batch, k: int, before: State, slope: Iterate) -> tuple[State, float, int]:
    """Return the accepted state k of a batch, its step (s) and order; before: the state before it, whose rate is kept;
    slope: of its unknowns."""
    offset, h, order, voltage, charge, current, passed, spent = out.number[k].tolist()
    state = State(
        before.start,
        offset,
        Iterate(out.u[k], voltage),
        out.stored[k],
        Ledger(out.base[k], out.full[k], out.moved[k]),
        before.rate,
        charge,
        0.0,
        current,
        out.flow[k],
        slope,
        out.displacement_rate[k],
        passed,
        spent,
    )
    return state, h, int(order)
