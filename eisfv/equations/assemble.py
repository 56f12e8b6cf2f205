"""Residual and exact Jacobian of one implicit stage, in compiled code."""

from numba import njit

from eisfv.equations.contacts import add_contact
from eisfv.equations.faces import add_bulk_faces, add_interface_faces
from eisfv.equations.local import local_laws
from eisfv.physics.statistics import ABSENT, OHMIC


@njit(cache=True, error_model="numpy")
def assemble(t, u, voltages, known, dh, slopes, a):
    """Fill the work arrays at a state.

    u         (cells, 1 + species) unknowns; voltages (2) of gate and channel in RT/F
    known     (cells, species) the part of the stored amounts fixed by the past, mol
    dh        weight of the new fluxes in the stage, s
    slopes    False: the residual alone; the Jacobian's blocks then hold nothing of use
    """
    part = a.part
    if slopes:
        a.upper[part.first_face : part.last_face] = 0.0
        a.lower[part.first_face : part.last_face] = 0.0
        a.diagonal[:] = 0.0
    local_laws(t, t.region, u, a.local)
    add_cells(t, u, known, slopes, a)
    add_bulk_faces(t, u, dh, slopes, a)
    add_interface_faces(t, u, dh, slopes, a)
    for b in range(t.contact_cell.size):
        if part.first_cell <= t.contact_cell[b] < part.last_cell:
            add_contact(t, u, b, voltages[t.terminal[b]], dh, slopes, a)
    gate_current(t, dh, slopes, a)


@njit(cache=True, error_model="numpy")
def gate_current(t, dh, slopes, a):
    """Sum the particle current and the displacement through the part's own faces on which the test function falls.

    The off-diagonal blocks hold the slopes of one face's flow each, +/- dh times those of the particles.
    """
    a.gate[:] = 0.0
    if slopes:
        a.border[:] = 0.0
        a.border_charge[:] = 0.0
    m = a.residual.shape[1]
    for f in range(a.part.first_own, a.part.last_own):
        weight = t.weight[f]
        if weight == 0.0:
            continue
        left, right = t.left[f], t.right[f]
        a.gate[1] += weight * a.flow[f, 0]
        for s in range(m - 1):
            a.gate[0] += weight * t.charge[s] * a.flow[f, 1 + s]
        if not slopes:
            continue
        a.border_charge[right, 0] += weight * a.upper[f, 0, 0]
        a.border_charge[left, 0] -= weight * a.lower[f, 0, 0]
        for s in range(m - 1):
            factor = weight * t.charge[s] / dh
            for q in range(m):
                a.border[right, q] += factor * a.upper[f, 1 + s, q]
                a.border[left, q] -= factor * a.lower[f, 1 + s, q]


@njit(cache=True, error_model="numpy")
def add_cells(t, u, known, slopes, a):
    """Start the rows of every cell with what it stores."""
    for i in range(t.region.size):
        region, volume = t.region[i], t.volume[i]
        charge = t.fixed[region]
        for s in range(t.charge.size):
            kind = t.kind[region, s]
            row = 1 + s
            a.stored[i, s] = 0.0
            a.residual[i, row] = 0.0
            if kind == ABSENT:
                a.residual[i, row] = u[i, row]
                if slopes:
                    a.diagonal[i, row, row] = 1.0
            elif kind != OHMIC:
                c = a.local.concentration[i, s]
                charge += t.charge[s] * c
                if volume > 0.0:
                    if a.full[i, s] > 0.0:
                        a.stored[i, s] = -volume * t.density[region, s] * a.local.unfilled[i, s]
                    else:
                        a.stored[i, s] = volume * c
                    a.residual[i, row] = a.stored[i, s] - known[i, s]
                    if slopes:
                        for o in range(t.charge.size):
                            slope = volume * a.local.d_concentration[i, s, o]
                            a.diagonal[i, row, 1 + o] = slope
                            a.diagonal[i, 0, 1 + o] -= t.charge[s] * slope
        a.residual[i, 0] = -volume * charge


@njit(cache=True, error_model="numpy")
def carried_flow(a, left, right, update, shift, dh):
    """Return the flows (faces, 1 + species) that an update of the cells carries, on the part's faces: those of the
    iterate and their change.

    shift (cells) is a part of the potential's update held apart: flows know potentials by their difference only, so a
    common shift of two cells changes nothing, to the last bit.
    The balances hold for these flows to the rounding of the linear solve. Fluxes evaluated anew at the rounded unknowns
    do not: in a good conductor the last digit of a potential is a large current.
    """
    m = a.flow.shape[1]
    out = a.flow.copy()
    for f in range(a.part.first_face, a.part.last_face):
        drop = shift[right[f]] - shift[left[f]]
        for p in range(m):
            change = a.upper[f, p, 0] * drop
            for q in range(m):
                change += a.upper[f, p, q] * update[right[f], q] - a.lower[f, p, q] * update[left[f], q]
            out[f, p] += change if p == 0 else change / dh
    return out
