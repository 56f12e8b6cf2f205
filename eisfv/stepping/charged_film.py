"""Where Newton starts on a step in which a current charges a film that nothing else reaches.

What passes its metal stays in it, whatever the rest does:

    sum z n_0 e^{-z d} = sum z n_0 + (+-) I h

n_0  carriers of the film before, of charge z                                                              mol
I    current into the gate: it enters a film behind the gate, and leaves one behind the channel's contact  mol/s
d    by how much the film then stands higher above its metal, with which its carriers are level             RT/F

A film that a voltage has emptied holds e^-200 of its carriers and conducts nothing: no slope tells that a few of them
are ten volts away. Where d is less than RT/F, Newton finds it.
"""

from math import log, sqrt

from numba.core.types import boolean, float64

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.mesh.records import GATE
from eisfv.physics.statistics import stores

NEAR = 1.0  # RT/F
# Of the carriers, and of what is brought: it moves the voltage by 0.3 mV.
KEPT = 1e-2


@apart(float64)
@kernel
def charge_films(t, u, voltage, stored, ledger, brought):
    """Move unknowns u (cells, unknowns) to where the films of a device are charged, and return the gate voltage (RT/F)
    from the one before; stored (cells, species): mol, as the ledger counts; brought: into the gate, mol of charge."""
    for b in range(t.contact_cell.size):
        side = t.terminal[b]
        film = t.sealed[side]
        if film < 0:
            continue
        entered = brought if side == GATE else -brought
        plus, minus = carriers(t, film, stored, ledger)
        p = of_species(t.hole[0] if plus - minus + entered > 0.0 else t.electron[0])
        rise, follow = risen(plus, minus, entered), t.follow[film, p]
        if abs(rise) < NEAR or follow == 0.0:
            continue
        level = u[t.contact_cell[b], p] / follow
        if side == GATE:
            move(t, u, film, 0.0, -rise, 0.0)
            voltage = level - rise
        else:  # whose metal stays where potentials count from
            move(t, u, film, rise - level, -level, rise - level)
            voltage += rise - level
    return voltage


@kernel
def move(t, u, film, by, levels_by, others_by):
    """Move the potential of a film, the levels of its carriers, and all other cells (RT/F)."""
    for i in range(u.shape[0]):
        own = t.region[i] == film
        u[i, POTENTIAL] += by if own else others_by
        for s in range(t.charge.size):
            p = of_species(s)
            u[i, p] += t.follow[t.region[i], p] * (levels_by if own else others_by)


@apart(boolean)
@kernel
def films_hold(t, before, now, ledger, brought):
    """Return whether every film holds, but for KEPT of it, what a step has brought it (before, now: as `stored` of
    `charge_films`). A step may be too short for that: what flows beside it is the rounding of what is stored."""
    for side in range(t.sealed.size):
        film = t.sealed[side]
        if film < 0 or brought == 0.0:
            continue
        plus, minus = carriers(t, film, before, ledger)
        plus_now, minus_now = carriers(t, film, now, ledger)
        off = (plus_now - minus_now) - (plus - minus) - (brought if side == GATE else -brought)
        if abs(off) > KEPT * (plus + minus + abs(brought)):
            return False
    return True


@kernel
def risen(plus, minus, entered):
    """Return d of a film of so many carriers which charge enters (mol); 0 where more leaves it than there is."""
    # plus x - minus / x = plus - minus + entered, x = e^-d, by the root that nothing cancels in.
    charge = plus - minus + entered
    root = sqrt(charge * charge + 4.0 * plus * minus)
    ahead, behind = (charge + root, 2.0 * plus) if charge > 0.0 else (2.0 * minus, root - charge)
    return log(behind / ahead) if ahead > 0.0 and behind > 0.0 else 0.0


@kernel
def carriers(t, film, stored, ledger):
    """Return the positive and the negative carriers of a film, mol."""
    plus, minus = 0.0, 0.0
    for i in range(t.region.size):
        if t.region[i] == film:
            for s in range(t.charge.size):
                if stores(t.kind[film, s]):
                    held = ledger.base[i, s] + stored[i, s]
                    plus, minus = (plus + held, minus) if t.charge[s] > 0 else (plus, minus + held)
    return plus, minus
