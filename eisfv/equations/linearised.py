"""The device linearised at a state: C, T and the gate's border, by name.

    stage of the time scheme    [C + dh T] du = -residual            dh: weight of the new flows, s
    small signal                [i omega C + T] du = drive

    C   slopes of what does not wait for time: stored amounts, Gauss' law, unknowns set directly     mol
    T   slopes of the net flow out of each cell                                                      mol/s
    gate_current, gate_charge   slopes of the particle current (mol/s) and of the displacement (mol) through the gate

C couples a cell to its neighbours only through the displacement of each face, one number: D = -displacement (phi_r -
phi_l). T has two blocks for each face: `upper` holds the rows of the left cell and the columns of the right one,
`lower` the other way round; they are plus and minus the slopes of the one flow through the face. What both cells
themselves feel of it are the same numbers with the other sign, and stand nowhere: `diagonal` holds what a cell has
alone, contacts and reactions. A sum of both would lose it, by 1e10 and more in a good conductor.
`by_drop` holds what is no flow: what a law within a cell, such as the release of ions by its field, feels of the fall
of the potential across the faces.
"""

from typing import NamedTuple

import numpy as np
from numba.core.types import none

from eisfv.array_loops import add_all, scale_all
from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats, Tables
from eisfv.equations.unknowns import POTENTIAL, of_species, per_cell
from eisfv.kernel import allocating, kernel
from eisfv.kernel_handles import Handle

# Slope (mol) of a balance, beside its own, so small that no sum with what is there sees it. Where a species is driven
# out until its concentration leaves the doubles it holds its row, where the matrix would have no pivot: y stays, and of
# the electrons and holes of no host their level, which a metal holds.
LEAST_SLOPE = 1e-290
# mol, one ion in 1e181 of such devices: nothing that a balance would have to count. Cells of up to 1e-5 mol of sites
# hold less of what is driven out to `eisfv.solve.no_amount.NO_AMOUNT`.
NOTHING = 1e-205


class Blocks(NamedTuple):
    """A matrix on the mesh: diagonal (cells, m, m), upper and lower (faces, m, m); real or complex."""

    diagonal: Floats
    upper: Floats
    lower: Floats


class Linearised(NamedTuple):
    """The slopes at a state; n cells, f faces, m unknowns a cell."""

    storage: Floats  # (n, m, m) C within the cell                       mol
    displacement: Floats  # (f) C between cells, see above               mol
    transport: Blocks  # T                                               mol/s
    by_drop: Floats  # (2, f or 0, m) rows of the left and the right cell against phi_r - phi_l   mol/s
    gate_current: Floats  # (n, m)                                       mol/s
    gate_charge: Floats  # (n, m)                                        mol


def linearised_handle(a: Linearised) -> Handle:
    """Return the handle of slopes."""
    return Handle(a)


def new_blocks(tables: Tables, dtype: type = float) -> Blocks:
    """Return zeroed blocks."""
    cells, faces, m = len(tables.region), len(tables.left), per_cell(tables)
    return Blocks(*(np.zeros((count, m, m), dtype) for count in (cells, faces, faces)))


def new_linearised(tables: Tables) -> Linearised:
    """Return zeroed slopes."""
    cells, faces, m = len(tables.region), len(tables.left), per_cell(tables)
    border, by_drop = np.zeros((2, cells, m)), np.zeros((2, len(tables.slope_left), m))
    return Linearised(np.zeros((cells, m, m)), np.zeros(faces), new_blocks(tables), by_drop, border[0], border[1])


@apart(none)
@kernel
def combine(t, slopes, by_storage, by_transport, out):
    """Write by_storage C + by_transport T into blocks `out`, whose numbers may be complex."""
    left, right = t.left, t.right
    diagonal, upper, lower = out.diagonal, out.upper, out.lower
    combine_apart(slopes, by_storage, by_transport, out)
    for f in range(left.size):
        here, there = left[f], right[f]
        for p in range(diagonal.shape[1]):
            for q in range(diagonal.shape[2]):
                diagonal[here, p, q] -= lower[f, p, q]
                diagonal[there, p, q] -= upper[f, p, q]
    by_drop = slopes.by_drop
    for f in range(by_drop.shape[1]):
        for p in range(by_drop.shape[2]):
            near, far = by_transport * by_drop[0, f, p], by_transport * by_drop[1, f, p]
            upper[f, p, POTENTIAL] += near
            diagonal[left[f], p, POTENTIAL] -= near
            lower[f, p, POTENTIAL] -= far
            diagonal[right[f], p, POTENTIAL] += far


@apart(none)
@kernel
def combine_apart(slopes, by_storage, by_transport, out):
    """Write it without what the cells beside a face feel of its flow, nor of the drop across it."""
    upper, lower, displacement = out.upper, out.lower, slopes.displacement
    scale_all(upper, by_transport, slopes.transport.upper)
    scale_all(lower, by_transport, slopes.transport.lower)
    scale_all(out.diagonal, by_transport, slopes.transport.diagonal)
    add_all(out.diagonal, by_storage, slopes.storage)
    for f in range(displacement.size):
        ease = by_storage * displacement[f]
        upper[f, POTENTIAL, POTENTIAL] -= ease
        lower[f, POTENTIAL, POTENTIAL] -= ease


@allocating
def carried_flow(t, slopes, part, flow, update, change):
    """Return the flows (faces, m) that an update of the cells carries, on the part's faces: those of the iterate and
    their change.

    The gate's `change` (RT/F), by which potentials and levels rise along the test function, is held apart from the
    update (cells, m): flows know them by their difference only, so a common rise of two cells changes nothing, to the
    last bit.
    The balances hold for these flows to the rounding of the linear solve. Fluxes evaluated anew at the rounded unknowns
    do not: in a good conductor the last digit of a potential is a large current.
    """
    m = flow.shape[1]
    out = flow.copy()
    upper, lower = slopes.transport.upper, slopes.transport.lower
    for f in range(part.first_face, part.last_face):
        left, right = t.left[f], t.right[f]
        drop = change * (t.test[right] - t.test[left])
        moved = update[right, POTENTIAL] - update[left, POTENTIAL] + drop
        out[f, POTENTIAL] -= slopes.displacement[f] * moved
        for p in range(1, m):
            total = 0.0
            for q in range(m):
                total += upper[f, p, q] * (update[right, q] + t.follow[t.region[right], q] * drop)
                total -= lower[f, p, q] * update[left, q]
            out[f, p] += total
    return out


@allocating
def shifted(t, blocks, part):
    """Return what the rows (cells, m) feel when the gate moves by one and potentials and levels with it along the test
    function: nothing where the test function is level, flows know them by their difference only."""
    out = np.zeros(blocks.diagonal.shape[:2], blocks.diagonal.dtype)
    m = out.shape[1]
    for f in range(part.first_face, part.last_face):
        left, right = t.left[f], t.right[f]
        drop = t.test[right] - t.test[left]
        if drop != 0.0:
            for p in range(m):
                for q in range(m):
                    felt = blocks.upper[f, p, q] * t.follow[t.region[right], q] * drop
                    out[left, p] += felt
                    out[right, p] -= felt
    return out


@apart(none)
@kernel
def add_shift_of_drops(t, slopes, by_transport, part, out):
    """Turn what the rows of right cells feel of `by_drop`, where all that couples cells is taken for flows (`shifted`),
    into what they do feel."""
    by_drop = slopes.by_drop
    if by_drop.shape[1] == 0:
        return
    for f in range(part.first_face, part.last_face):
        drop = t.test[t.right[f]] - t.test[t.left[f]]
        for p in range(by_drop.shape[2]):
            # As `combine` and `shifted` multiply, to the last bit: the row of a surface node, which holds no traps, has
            # no slope but `LEAST_SLOPE`, and feels the rounding of what its neighbour does as 1e200 RT.
            near, far = by_transport * by_drop[0, f, p], by_transport * by_drop[1, f, p]
            out[t.right[f], p] += near * drop
            out[t.right[f], p] += far * drop


@allocating
def remainder(t, blocks, part, rhs, x):
    """Return rhs - A x (cells, m) in the part's rows."""
    out = rhs.copy()
    m = out.shape[1]
    for i in range(part.first_cell, part.last_cell):
        for p in range(m):
            for q in range(m):
                out[i, p] -= blocks.diagonal[i, p, q] * x[i, q]
    for f in range(part.first_face, part.last_face):
        left, right = t.left[f], t.right[f]
        for p in range(m):
            for q in range(m):
                out[left, p] -= blocks.upper[f, p, q] * x[right, q]
                out[right, p] -= blocks.lower[f, p, q] * x[left, q]
    return out


@apart(none)
@kernel
def stored_change(storage, update, out):
    """Write C du of the stored amounts into out (cells, species).

    Of a slope of NOTHING, or one that `LEAST_SLOPE` holds up, nothing is stored: a species that was driven out has the
    amount of its exponential, not one of this slope and of either sign.
    """
    cells, m, _ = storage.shape
    for i in range(cells):
        for s in range(out.shape[1]):
            total = 0.0
            for q in range(m):
                slope = storage[i, of_species(s), q]
                if abs(slope) > NOTHING:
                    total += slope * update[i, q]
            out[i, s] = total
