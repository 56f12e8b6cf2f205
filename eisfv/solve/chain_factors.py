"""What is kept of an eliminated chain of cells (`eisfv.solve.block_elimination`), and the row of the current in it.

The rows of a cell, of Gauss' law and of its species times their charges, add up to the balance of the current

    K_c x_i + F_c = b_c      the rows p times w_p: 1 of Gauss' law, z of a species, 0 of what a region lacks

in which nothing is stored. Summed from the K of its parts, K_c is the rounding of all that a host stores. Beside that,
what passes an insulator or a contact in a short step is nothing: the level of a host behind it would be rounding, and
the gate's voltage with it. So the row is eliminated as it is, from what the contacts conduct on, in which no storage is
summed (`own_currents`), and stands in the block of a cell for the one that flows most: of a species, or Gauss' law
itself where the displacement is more. What a species stores is then known by Gauss' law, and the displacement by the
current, to the rounding of the other rows: only where it is more than a share ENOUGH of them does a row give way.
"""

from typing import NamedTuple

import numpy as np
from numba.core.types import none

from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats, Ints
from eisfv.kernel import kernel

ENOUGH = 1e-6
# What a cell stores cancels in the sum of its rows, and so does what its traps exchange, to so much of the largest.
ROUNDING = 8.0 * float(np.finfo(float).eps)


class Factors(NamedTuple):
    """The eliminated matrix; n cells, m unknowns a cell. Blocks are transposed: [i, q, p] is column q, row p."""

    inverse: Floats  # (n, m, m) (K_i + A_i)^-1
    right: Floats  # (n, m, m) X_i
    onward: Floats  # (n, m, m + 1) G_i, and its row of the current
    behind: Floats  # (n, m, m + 1) K_i X_i, and its row of the current
    charge: Floats  # (n, m) w: what a row adds to the current
    place: Ints  # (n) the row that the current stands for, -1: none
    own: Floats  # (n, m) of the row of the current, what a cell does alone


def new_factors(cells: int, m: int, charge: Floats | None = None) -> Factors:
    """Return zeroed arrays; charge (cells, m) as above, None: no current is known of."""
    (inverse, right), (onward, behind) = np.zeros((2, cells, m, m)), np.zeros((2, cells, m, m + 1))
    weights = np.zeros((cells, m)) if charge is None else charge
    return Factors(inverse, right, onward, behind, weights, np.zeros(cells, np.int64), np.zeros((cells, m)))


@apart(none)
@kernel
def own_currents(storage, transport, by_transport, charge, out):
    """Write w (C + by_transport T) summed over the rows of a cell to out (n, m); storage C and transport T (n, m, m).

    Each is summed by itself: what a contact conducts in a short step is less than the rounding of what a host stores.
    """
    cells, m, _ = storage.shape
    for i in range(cells):
        for q in range(m):
            kept, moved, most_kept, most_moved = 0.0, 0.0, 0.0, 0.0
            for p in range(m):
                one, other = charge[i, p] * storage[i, p, q], charge[i, p] * transport[i, p, q]
                kept += one
                moved += other
                most_kept, most_moved = max(most_kept, abs(one)), max(most_moved, abs(other))
            out[i, q] = kept if abs(kept) > ROUNDING * most_kept else 0.0
            if abs(moved) > ROUNDING * most_moved:
                out[i, q] += by_transport * moved


@kernel(inline="always")
def place_of_current(sizes, stored, flows, m):
    """Return the row that the current stands for, -1 where none has enough: the one that flows most.

    Of the rows of a cell times w: the largest entry of all, and the own slope of what is stored and of what flows; of
    Gauss' law, in which the species store, the displacement is both.
    """
    largest, second = 0.0, 0.0
    for p in range(m):
        second = max(second, min(largest, sizes[p]))
        largest = max(largest, sizes[p])
    place, most, size = -1, -1.0, 0.0
    for p in range(m):
        others = second if sizes[p] == largest else largest
        better = flows[p] > most or (flows[p] == most and stored[p] > size)
        if better and stored[p] > 0.0 and stored[p] >= ENOUGH * others:
            place, most, size = p, flows[p], stored[p]
    return place
