"""Residual and exact slopes of one implicit stage, in compiled code."""

from numba import njit

from eisfv.equations.bulk_faces import add_bulk_faces
from eisfv.equations.contacts import add_contact
from eisfv.equations.interfaces import add_interface_faces
from eisfv.equations.local import local_laws
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.physics.statistics import ABSENT, stores


@njit(cache=True, error_model="numpy")
def assemble(t, u, voltages, known, dh, slopes, a):
    """Fill the work arrays at a state.

    u         (cells, unknowns); voltages (2) of gate and channel in RT/F
    known     (cells, species) the part of the stored amounts fixed by the past, mol
    dh        weight of the new flows in the stage, s
    slopes    False: the residual alone; the slopes then hold nothing of use
    """
    part = a.part
    if slopes:
        clear(a.slopes.transport.upper, part.first_face, part.last_face)
        clear(a.slopes.transport.lower, part.first_face, part.last_face)
        clear(a.slopes.transport.diagonal, 0, t.region.size)
        clear(a.slopes.storage, 0, t.region.size)
    local_laws(t, t.region, u, a.local)
    add_cells(t, u, known, slopes, a)
    add_bulk_faces(t, u, dh, slopes, a)
    add_interface_faces(t, u, dh, slopes, a)
    for b in range(t.contact_cell.size):
        if part.first_cell <= t.contact_cell[b] < part.last_cell:
            add_contact(t, u, b, voltages[t.terminal[b]], dh, slopes, a)
    gate_current(t, slopes, a)


@njit(cache=True, error_model="numpy")
def clear(blocks, first, last):
    """Set blocks to zero."""
    for i in range(first, last):
        for p in range(blocks.shape[1]):
            for q in range(blocks.shape[2]):
                blocks[i, p, q] = 0.0


@njit(cache=True, error_model="numpy")
def add_cells(t, u, known, slopes, a):
    """Start the rows of every cell with what it stores."""
    count = t.charge.size
    storage = a.slopes.storage
    for i in range(t.region.size):
        region, volume = t.region[i], t.volume[i]
        charge = volume * t.fixed[region] + a.ledger.moved[i]
        for p in range(of_species(count), a.residual.shape[1]):
            a.residual[i, p] = u[i, p]
            if slopes:
                storage[i, p, p] = 1.0
        for s in range(count):
            kind = t.kind[region, s]
            row = of_species(s)
            a.stored[i, s] = 0.0
            a.residual[i, row] = 0.0
            if kind == ABSENT:
                a.residual[i, row] = u[i, row]
                if slopes:
                    storage[i, row, row] = 1.0
            elif stores(kind) and volume > 0.0:
                if a.ledger.full[i, s] > 0.0:
                    a.stored[i, s] = -volume * t.density[region, s] * a.local.unfilled[i, s] - a.ledger.base[i, s]
                else:
                    a.stored[i, s] = volume * a.local.concentration[i, s] - a.ledger.base[i, s]
                charge += t.charge[s] * a.stored[i, s]
                a.residual[i, row] = a.stored[i, s] - known[i, s]
                if slopes:
                    for q in range(a.residual.shape[1]):
                        slope = volume * a.local.d_concentration[i, s, q]
                        storage[i, row, q] = slope
                        storage[i, POTENTIAL, q] -= t.charge[s] * slope
        a.residual[i, POTENTIAL] = -charge


@njit(cache=True, error_model="numpy")
def gate_current(t, slopes, a):
    """Sum the particle current and the displacement through the part's own faces on which the test function falls."""
    a.gate[0], a.gate[1] = 0.0, 0.0
    by_current, by_charge = a.slopes.gate_current, a.slopes.gate_charge
    upper, lower = a.slopes.transport.upper, a.slopes.transport.lower
    if slopes:
        for i in range(t.region.size):
            for q in range(by_current.shape[1]):
                by_current[i, q], by_charge[i, q] = 0.0, 0.0
    for f in range(a.part.first_own, a.part.last_own):
        fall = t.test_fall[f]
        if fall == 0.0:
            continue
        left, right = t.left[f], t.right[f]
        a.gate[1] += fall * a.flow[f, POTENTIAL]
        for s in range(t.charge.size):
            a.gate[0] += fall * t.charge[s] * a.flow[f, of_species(s)]
        if not slopes:
            continue
        by_charge[right, POTENTIAL] -= fall * a.slopes.displacement[f]
        by_charge[left, POTENTIAL] += fall * a.slopes.displacement[f]
        for s in range(t.charge.size):
            factor = fall * t.charge[s]
            for q in range(a.residual.shape[1]):
                by_current[right, q] += factor * upper[f, of_species(s), q]
                by_current[left, q] -= factor * lower[f, of_species(s), q]
