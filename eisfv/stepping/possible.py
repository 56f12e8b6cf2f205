"""Whether amounts can be what the past fixes of a stage: not less than nothing, not more than the sites.

    Q + dh div N = Q_known

A step of the first order asks for Q_known = Q_n, which cells do hold. One of a higher order takes multiples of earlier
amounts away: of an ion that leaves a cell by more than a factor of four a step (order 2) it leaves less than nothing.
No level answers that, however short the step; nor does any error tell it, since so little counts for none.

Traces, less than the rounding of what an error is measured against, go on by the first order beside the others, in the
weight dh of their steps, where the past says no more than that rounding otherwise: they follow what their neighbours
are, and ions keep their sum to it. An order that is lowered for e^-300 of a bulk would hold the steps to a part of what
their error allows. Electrons of a host have no error of their own, as they follow its ions: theirs is the rounding of
what the cell counts most of, since their charge is that of the ions. Where a field drives them all out, e^-400 is left.

Behind a metal that ends no field a trace of electrons and holes is what is less than one of them in a cell, and than
FEWEST of what an error is measured against: what the film held a step before, a million times as many, would tell how
many are left, and the voltage goes with the logarithm of these. Not in a film that only its metal changes: every charge
that is brought stays there.
"""

from numba.core.types import boolean, none

from eisfv.compiled_apart import apart
from eisfv.constants import AVOGADRO
from eisfv.kernel import kernel
from eisfv.physics.statistics import LATTICE, stores
from eisfv.solve.convergence import EPS

# Where two species of a sublattice are counted from the full side, what is left is a difference of whole capacities.
ROUNDING = 1e-15
ONE, FEWEST = 1.0 / AVOGADRO, 1e-6  # mol, -


@apart(none)
@kernel
def hold_traces(t, known, now, ledger, scale):
    """Let traces go on from what cells hold now: known and now (cells, species) are counted as the ledger says, |scale|
    is the floor of what the error of a step is measured against, negative of carriers of a band, 0 of what has none."""
    base, full = ledger.base, ledger.full
    for i in range(known.shape[0]):
        most = 0.0
        for s in range(known.shape[1]):
            most = max(most, abs(scale[i, s]))
        for s in range(known.shape[1]):
            held, least = base[i, s] + now[i, s], EPS * (abs(scale[i, s]) if scale[i, s] != 0.0 else most)
            if scale[i, s] < 0.0 and passes_carriers(t, t.region[i]):
                least = max(least, min(ONE, FEWEST * abs(scale[i, s])))
            trace = 0.0 <= (held if full[i, s] == 0.0 else -held) < least
            if trace and abs(known[i, s] - now[i, s]) < least:
                known[i, s] = now[i, s]


@kernel
def passes_carriers(t, region):
    """Return whether a region is a semiconductor through which carriers reach a metal that ends no field."""
    passes = False
    for side in range(t.fieldless.size):
        passes = passes or (region == t.fieldless[side] and region != t.sealed[side])
    return passes


@apart(boolean)
@kernel
def possible(t, stored, ledger):
    """Return whether cells can hold amounts (cells, species), counted as the ledger says, of lattices also together."""
    region, volume, kinds, density, sublattice = t.region, t.volume, t.kind, t.density, t.sublattice
    base, full = ledger.base, ledger.full
    for i in range(region.size):
        r = region[i]
        if volume[i] == 0.0:
            continue
        for s in range(stored.shape[1]):
            kind = kinds[r, s]
            if not stores(kind):
                continue
            whole = base[i, s] + stored[i, s]
            if (full[i, s] == 0.0 and whole < 0.0) or (full[i, s] > 0.0 and whole > 0.0):
                return False
            if kind != LATTICE:
                continue
            # What its sublattice has left. Of one that is nearly full the capacity, too large beside it, cancels.
            taken, sides = 0.0, 1.0
            for o in range(stored.shape[1]):
                if sublattice[r, o] == sublattice[r, s] and kinds[r, o] == LATTICE:
                    taken += base[i, o] + stored[i, o]
                    sides -= full[i, o]
            capacity = volume[i] * density[r, s]
            if sides * capacity - taken < (0.0 if sides >= 0.0 else -ROUNDING * capacity):
                return False
    return True
