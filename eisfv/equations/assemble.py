"""Residual and exact slopes of one implicit stage, in compiled code."""

from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.equations.bulk_faces import add_bulk_faces
from eisfv.equations.contacts import add_contact
from eisfv.equations.gradient import add_gradient
from eisfv.equations.interfaces import add_interface_faces
from eisfv.equations.linearised import LEAST_SLOPE
from eisfv.equations.local import local_laws
from eisfv.equations.recombination import add_recombination
from eisfv.equations.traps import add_traps, add_traps_in_a_field
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.physics.statistics import ABSENT, stores


@apart(none)
@kernel
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
    if t.trap.shape[0] > 0:
        add_traps(t, dh, slopes, a)
    if t.slope_left.shape[0] > 0:
        add_traps_in_a_field(t, u, dh, slopes, a)
    if t.recombination.shape[0] > 0:
        add_recombination(t, dh, slopes, a)
    if of_species(t.charge.size) < t.follow.shape[1]:
        add_gradient(t, u, dh, slopes, a)
    add_bulk_faces(t, u, dh, slopes, a)
    add_interface_faces(t, u, dh, slopes, a)
    for b in range(t.contact_cell.size):
        if part.first_cell <= t.contact_cell[b] < part.last_cell:
            add_contact(t, u, b, voltages[t.terminal[b]], dh, slopes, a)
    gate_current(t, slopes, a)


@apart(none)
@kernel
def clear(blocks, first, last):
    """Set blocks to zero."""
    for i in range(first, last):
        for p in range(blocks.shape[1]):
            for q in range(blocks.shape[2]):
                blocks[i, p, q] = 0.0


@apart(none)
@kernel
def add_cells(t, u, known, slopes, a):
    """Start the rows of every cell with what it stores."""
    regions, volumes, charges, fixed, kinds, density = t.region, t.volume, t.charge, t.fixed, t.kind, t.density
    follow, ions = t.follow, t.ion
    base, full, moved = a.ledger.base, a.ledger.full, a.ledger.moved
    residual, stored, storage = a.residual, a.stored, a.slopes.storage
    concentration, unfilled, d_concentration = a.local.concentration, a.local.unfilled, a.local.d_concentration
    count, unknowns = charges.size, residual.shape[1]
    for i in range(regions.size):
        region, volume = regions[i], volumes[i]
        charge = volume * fixed[region] + moved[i]
        for p in range(of_species(count), unknowns):
            residual[i, p] = u[i, p]
            if slopes:
                storage[i, p, p] = 1.0
        for s in range(count):
            kind = kinds[region, s]
            row = of_species(s)
            stored[i, s] = 0.0
            residual[i, row] = 0.0
            if kind == ABSENT:
                residual[i, row] = u[i, row]
                if slopes:
                    storage[i, row, row] = 1.0
                continue
            if slopes and stores(kind):
                storage[i, row, row] = LEAST_SLOPE
                if ions[region] >= 0:
                    storage[i, row, POTENTIAL] = -follow[region, row] * LEAST_SLOPE
            if stores(kind) and volume > 0.0:
                if full[i, s] > 0.0:
                    held = -volume * density[region, s] * unfilled[i, s] - base[i, s]
                else:
                    held = volume * concentration[i, s] - base[i, s]
                stored[i, s] = held
                charge += charges[s] * held
                residual[i, row] = held - known[i, s]
                if slopes:
                    for q in range(unknowns):
                        slope = volume * d_concentration[i, s, q]
                        storage[i, row, q] += slope
                        storage[i, POTENTIAL, q] -= charges[s] * slope
        residual[i, POTENTIAL] = -charge


@apart(none)
@kernel
def gate_current(t, slopes, a):
    """Sum the particle current and the displacement through the part's own faces on which the test function falls."""
    by_current, by_charge = a.slopes.gate_current, a.slopes.gate_charge
    upper, lower, displacement = a.slopes.transport.upper, a.slopes.transport.lower, a.slopes.displacement
    lefts, rights, falls, charges, flow = t.left, t.right, t.test_fall, t.charge, a.flow
    count, unknowns = charges.size, by_current.shape[1]
    current, charge = 0.0, 0.0
    if slopes:
        for i in range(by_current.shape[0]):
            for q in range(unknowns):
                by_current[i, q], by_charge[i, q] = 0.0, 0.0
    for f in range(a.part.first_own, a.part.last_own):
        fall = falls[f]
        if fall == 0.0:
            continue
        left, right = lefts[f], rights[f]
        charge += fall * flow[f, POTENTIAL]
        for s in range(count):
            current += fall * charges[s] * flow[f, of_species(s)]
        if not slopes:
            continue
        by_charge[right, POTENTIAL] -= fall * displacement[f]
        by_charge[left, POTENTIAL] += fall * displacement[f]
        for q in range(unknowns):
            far, near = 0.0, 0.0
            for s in range(count):
                far += charges[s] * upper[f, of_species(s), q]
                near += charges[s] * lower[f, of_species(s), q]
            by_current[right, q] += fall * far
            by_current[left, q] -= fall * near
    a.gate[0], a.gate[1] = current, charge
