"""Amounts that are none, and lattices without a free site: no update of their levels is waited for.

Ions driven out of a cell, and electrons out of a band, leave e^y of its sites; ions driven into a lattice leave e^-y of
its sites free. Of e^-460 = 1e-200 nothing depends, and no update of it counts; less than e^-470 is not followed, as its
rows would come to what a double can hold. This does not hold

- of ions that are to come, or free sites: where a row lacks some and its update takes more away, Newton is on the wrong
  side of a maximum, and what fills the cell, or the node between cells, would be left out for ever (of electrons and
  holes less flows the less there are)
- of electrons that share the excess of their host: their level does not say how many they are
- of species that share a lattice: which of them is there depends on the difference of two y, however large
"""

from math import inf

from eisfv.equations.linearised import NOTHING
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.kernel import kernel
from eisfv.physics.open_circuit import shares_excess
from eisfv.physics.statistics import LATTICE

NO_AMOUNT, LEAST_Y = -460.0, -470.0  # RT


@kernel
def bring_back(t, u, limits):
    """Bring every unknown of u (cells, unknowns) back to where it is followed; limits of updates as
    `eisfv.solve.update.present_unknowns` gives them."""
    for i in range(u.shape[0]):
        for p in range(1, u.shape[1]):
            if may_vanish(t, i, p, limits[i, p]) or is_amount(t, i, p, limits[i, p]):
                u[i, p] = followed(t, i, p, u[i, p], u[i, POTENTIAL])


@kernel(inline="always")
def counts(t, i, p, limit, y, move, residual):
    """Return whether a move of the unknown p of a cell i is waited for.

    limit  of its updates; y: of its species before the move, and what fills a band; residual: what its row has too much
    """
    amount = is_amount(t, i, p, limit)
    if amount and t.volume[i] == 0.0 and y + max(move, 0.0) <= NO_AMOUNT:
        return abs(residual) >= NOTHING
    if may_vanish(t, i, p, limit):
        if y + max(move, 0.0) <= NO_AMOUNT:
            return amount and residual <= -NOTHING
        if y + min(move, 0.0) >= -NO_AMOUNT and may_fill(t, i, p):
            return residual >= NOTHING
    return True


@kernel(inline="always")
def followed(t, i, p, own, phi):
    """Return the unknown p of a cell i as far as it is followed; phi of the cell."""
    least = LEAST_Y + at_no_y(t, t.region[i], p, phi)
    return min(max(own, least), -LEAST_Y) if may_fill(t, i, p) else max(own, least)


@kernel(inline="always")
def may_vanish(t, i, p, limit):
    """Return whether a cell i may hold none of the species of the unknown p, whose updates have that limit."""
    r = t.region[i]
    if t.follow[r, p] != 0.0:
        return 0.0 < limit < inf and not (t.ion[r] >= 0 and shares_excess(t.curve[r]))
    return t.volume[i] > 0.0 and is_amount(t, i, p, limit)


@kernel(inline="always")
def is_amount(t, i, p, limit):
    """Return whether p, whose updates have that limit, is the y of a species of a cell i."""
    return 0.0 < limit < inf and p <= t.charge.size and t.follow[t.region[i], p] == 0.0


@kernel(inline="always")
def may_fill(t, i, p):
    """Return whether p is the y of a species of a cell i that has a lattice for itself, and may leave no site free."""
    r, s = t.region[i], p - 1
    alone = p <= t.charge.size and t.kind[r, s] == LATTICE and t.follow[r, p] == 0.0
    for o in range(t.charge.size):
        alone = alone and (o == s or t.sublattice[r, o] != t.sublattice[r, s])
    return alone


@kernel(inline="always")
def is_bare(t, u, i, update, answer, change, residual):
    """Return whether a cell i is a node at the wall of a host with a gradient energy from which the ions are gone, and
    which lacks none of them.

    Its row of w says that it is as empty as the cell beside; what it holds, and w, are then rounding.
    """
    r = t.region[i]
    if t.volume[i] > 0.0 or not t.gradient[r] > 0.0:
        return False
    row, w = of_species(t.ion[r]), of_species(t.charge.size)
    after = u[i, row] + max(update[i, row] - change * answer[i, row], 0.0)
    return after < NO_AMOUNT and abs(residual[i, row]) < NOTHING and abs(residual[i, w]) < NOTHING


@kernel(inline="always")
def at_no_y(t, r, p, phi):
    """Return the unknown p of a species in the region r where its y, and what fills a band, is 0."""
    follow = t.follow[r, p]
    return t.mu0[r, p - 1] + follow * phi if follow != 0.0 else 0.0
