"""When Newton's iteration is at its end: the update is below the tolerance, or only rounding is left of it, and the
amounts that it carries are those of the unknowns that it leads to.

A stage returns amounts that are linear in its last update. Where a balance is an exponential of its unknown, what they
leave out is as small as the update says. Carriers that share the excess of a host, or fill a band, have another
capacity: on a plateau of U(x) 1e-4 RT of their level is many of them, and behind its end hardly any. Of these it is
asked for itself,

    |n(u) - n_0 - c_f du| / max(n(u), e^-60) < tolerance

    n    per site; n_0 before the update; c_f = dn/du where the matrix was made

An iteration that runs away is told early, as every iteration of it is a factorisation. Where a balance wants less than
nothing of an amount, or more than its lattice has room for, each iteration lets the level go as far as it may, 5 RT:
the slope falls by e^-5 with it, and the next update asks for e^5 = 148 times as much, for ever.
"""

from math import log

import numpy as np
from numba.core.types import float64

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import POTENTIAL, ideal_of, of_species
from eisfv.kernel import kernel
from eisfv.mesh.records import GATE
from eisfv.physics.bernoulli import capped_exp
from eisfv.physics.open_circuit import electron_excess, log_of_level, shares_excess

# An update beyond this (RT) is not the last one, however fast the iteration contracts.
LARGEST_TRUSTED = 3e-2
CONTRACTION_KEPT = 0.1  # a worse rate asks for a fresh matrix
# So near its end an iteration squares its update, if its matrix is fresh. One that does not even halve it is down to
# the rounding of a level that hardly anything depends on, such as that of ions beside one free site in 1e15.
ROUNDED, HALVED = 1e-4, 0.5  # RT, -
EPS = float(np.finfo(float).eps)
NONE = -60.0  # ln of the carriers per site, or of those of a band, that are none in any device: of them no share counts
# So many limited updates in a row, each so much larger than the one before, come back from nowhere.
RUNS, RUNAWAY = 3, 100.0
GATE_COUNTS = 1e-3
RUN_AWAY = "its balance asks for less than nothing of an amount, or for more than there is room for"


@kernel(inline="always")
def of_gate(t, change):
    """Return what a change of the gate voltage (RT/F) counts, as an update: little depends on it that no unknown says.

    Where no field ends at the metal of the gate, carriers of its semiconductor pass there by their level above it: all
    of the change is one of that level, and e^L falls by 1 in each iteration however far it is.
    """
    return abs(change) if t.fieldless[GATE] >= 0 else GATE_COUNTS * abs(change)


@kernel(inline="always")
def converged(size, previous, rate, fresh, tolerance):
    """Return whether an update is the last one.

    size, previous   of this update and of the one before, RT; previous is 0 where there is none
    rate             how fast the iteration contracts, measured or to be expected
    fresh            whether the matrix was made where the update began
    """
    if size < tolerance:
        return True
    if rate < 1.0 and size < LARGEST_TRUSTED and size * rate / (1.0 - rate) < tolerance:
        return True
    return fresh and HALVED * previous < size < ROUNDED and 0.0 < previous < ROUNDED


@kernel(inline="always")
def progress(size, held, iteration, asked, run, least, better):
    """Return what is kept of the updates so far, with one more: what the last one asked for, 0 where no limit held it
    back; how many in a row have run away; the least of those that have come nearer by half, and the iteration of it.

    size  of the update as it was asked for, RT; held: whether a limit held it back
    """
    run = run + 1 if held and asked > 0.0 and size > RUNAWAY * asked else 0
    if size < HALVED * least:
        least, better = size, iteration
    return (size if held else 0.0), run, least, better


@apart(float64)
@kernel
def amounts_left(t, u, at, update, answer, change):
    """Return the largest share of their amount that an update leaves out of carriers whose capacity is their host's or
    their band's; 0 where there are none.

    u, at                    unknowns (cells, unknowns) behind the update, and where the matrix was made
    update, answer, change   as `eisfv.solve.update.apply_update` was given them
    """
    largest = 0.0
    for r in range(t.curve.shape[0]):
        if t.electron[0] >= 0 and shares_excess(t.curve[r]):
            e = t.electron[0]
            apart = log(t.density[r, e] / t.sites[r])
            largest = max(largest, left_of_one(t, t.curve[r], r, e, apart, u, at, update, answer, change))
        if t.hole_excess.shape[0] > 0 and shares_excess(t.hole_excess[r]):
            largest = max(largest, left_of_one(t, t.hole_excess[r], r, t.hole[0], 0.0, u, at, update, answer, change))
    return largest


@kernel
def left_of_one(t, curve, r, s, apart, u, at, update, answer, change):
    """Return it of the carriers s of the region r; curve: row of their excess, apart: ln of their density over the
    sites."""
    row = of_species(s)
    follow, standard, region, largest = t.follow[r, row], t.mu0[r, s], t.region, 0.0
    for i in range(region.size if follow != 0.0 else 0):
        if region[i] == r:
            level = ideal_of(u[i, row], follow, standard, u[i, POTENTIAL]) + apart
            move = update[i, row] - change * answer[i, row]
            move -= follow * (update[i, POTENTIAL] - change * answer[i, POTENTIAL])
            made = log_of_level(curve, ideal_of(at[i, row], follow, standard, at[i, POTENTIAL]) + apart)
            here, before = log_of_level(curve, level), log_of_level(curve, level - move)
            whole = max(here, NONE)
            ease = capped_exp(made - whole) / (1.0 + electron_excess(curve, made)[1])
            left = abs(capped_exp(here - whole) - capped_exp(before - whole) - ease * move)
            # What the level itself is known to.
            largest = max(largest, left - 4.0 * EPS * ease * (abs(u[i, row]) + abs(u[i, POTENTIAL])))
    return largest
