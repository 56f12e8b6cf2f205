"""The update of one Newton iteration: how far it may go, what it means for the amounts in store."""

from math import log, log1p

import numpy as np
from numba.core.types import Tuple, float64, int64

from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats, Tables
from eisfv.equations.unknowns import POTENTIAL, of_species, per_cell, potential, species
from eisfv.kernel import kernel
from eisfv.physics.open_circuit import shares_excess
from eisfv.physics.statistics import ABSENT, OHMIC
from eisfv.solve.convergence import ROUNDED
from eisfv.solve.no_amount import LEAST_Y, at_no_y, counts, followed, is_bare, may_fill

# Largest update of one iteration: potentials may cross a volt at once, compositions move by decades.
LIMIT_PHI, LIMIT_Y = 40.0, 5.0  # RT/F, RT
# A balance that is linear in a falling amount asks for -1 in every iteration: then the update is one of the amount. So
# is what asks for nine tenths of it, and for a hundredth more than all, as an earlier factorisation may.
EMPTYING = (-1.01, -0.9)
LEAST_LEFT = 1e-17  # of the amount, after one iteration: less than its rounding
DILUTE_BELOW = -3.0  # RT: y of a lattice that is empty enough for that, 95 % of its sites free

# At the ends of a plateau of U(x) the stiffness of ions and electrons jumps by orders of magnitude, and Newton's
# iteration may leap from one side to the other for ever. From this iteration on an update that turns back on the one
# before is halved, as in `eisfv.solve.equilibrium`, and the iteration may take so many, as long as one of the last
# PATIENCE updates has been less than half of all before.
DAMPED_FROM, DAMPED_MAX, LEAST_SHARE, PATIENCE = 8, 120, 1e-3, 25
# Where Newton runs away nevertheless: no further than an exponential is nearly linear, RT and RT/F, and so many
# iterations, which cross ten volts. As at the start of a run (`eisfv.solve.equilibrium`).
SHORT, SHORT_MAX = 1.0, 400


def present_unknowns(tables: Tables) -> Floats:
    """Return (cells, unknowns) the largest update allowed: 0 where a species is absent, inf where its balance is linear
    in the unknown, which is the level of ohmic electrons."""
    limits = np.full((len(tables.region), per_cell(tables)), LIMIT_Y)
    potential(limits)[:] = LIMIT_PHI
    kinds = tables.kind[tables.region]
    species(limits, tables)[kinds == ABSENT] = 0.0
    species(limits, tables)[kinds == OHMIC] = np.inf
    return limits


def short_updates(limits: Floats) -> Floats:
    """Return limits (cells, unknowns) of updates that are short, from those of any."""
    return np.where(np.isinf(limits), limits, np.minimum(limits, SHORT))


@kernel(inline="always")
def farther(largest, where, move, place):
    """Return the larger of the largest move and one more, with its place; one that is no number counts."""
    return (abs(move), place) if abs(move) > largest or move != move else (largest, where)


@apart(Tuple((float64, int64, float64)))
@kernel
def apply_update(t, u, update, answer, change, limits, residual, jump):
    """Move u by update + change * (move - answer) within the limits, `move` how the unknowns follow the gate.

    residual  (cells, unknowns) what the rows lack
    jump      of the drive, RT/F: by so much further may potentials move

    Return the largest move asked for, negative where a limit held it back, where it is, and the share of the
    potential's move that was made.

    A potential that would move too far shortens the whole move of the potential, so that no artificial field arises,
    and with it that of whatever is linear; the compositions are held back cell by cell. A level moves as its potential
    and its composition do together.
    """
    largest, where, limited = 0.0, 0, False
    test, region, follows, ions, standard = t.test, t.region, t.follow, t.ion, t.mu0
    cells, m = u.shape
    furthest = 0.0
    for i in range(cells):
        furthest = max(furthest, abs(update[i, POTENTIAL] + change * (test[i] - answer[i, POTENTIAL])))
    share = min(1.0, (limits[0, POTENTIAL] + jump) / furthest) if furthest > 0.0 else 1.0
    limited = share < 1.0
    for i in range(cells):
        r = region[i]
        raised = change * test[i]
        bare = is_bare(t, u, i, update, answer, change, residual)
        lift = update[i, POTENTIAL] - change * answer[i, POTENTIAL]
        for p in range(m):
            limit = limits[i, p]
            if limit == 0.0:
                continue
            if bare and p in (of_species(ions[r]), of_species(t.charge.size)):
                u[i, p] = max(u[i, p], LEAST_Y) if p == of_species(ions[r]) else 0.0
                continue
            own = update[i, p] - change * answer[i, p]
            if p == POTENTIAL:
                move = own + raised
                u[i, p] += share * move
            else:
                follow = follows[r, p]
                move = own - follow * lift
                before = u[i, p] - at_no_y(t, r, p, u[i, POTENTIAL] - share * (lift + raised))
                waited = counts(t, i, p, limit, before, move, residual[i, p])
                # The free sites of a lattice that is nearly full are what is there of one that is nearly empty.
                side = -1.0 if u[i, p] > -DILUTE_BELOW and t.volume[i] > 0.0 and may_fill(t, i, p) else 1.0
                gain, dilute = side * move, follow != 0.0 or side * u[i, p] < DILUTE_BELOW
                if EMPTYING[0] < gain < EMPTYING[1] and limit != np.inf and dilute:
                    made = log(max(1.0 + gain, LEAST_LEFT))
                    # So far from its matrix the next update, too small by e^5 and more, would pass for the last one.
                    limited = limited or (waited and made < -limit)
                    u[i, p] += side * made + follow * share * (lift + raised)
                elif abs(move) <= limit and share == 1.0:
                    u[i, p] += own + follow * raised
                elif follow != 0.0 and ions[r] < 0 and abs(own) <= limit < abs(move):
                    # The field empties or fills a band whose level stays: no step down is too long, as e^y is convex,
                    # and none up that leaves it below its edge. Beyond it the potential of the cell is held back.
                    above = u[i, p] - follow * (u[i, POTENTIAL] - share * (lift + raised)) - standard[r, p - 1]
                    allowed = max(limit, -above)
                    if own - follow * share * lift > allowed:
                        limited = True
                        u[i, POTENTIAL] += (own - allowed) / follow - share * lift
                    u[i, p] += own + follow * share * raised
                else:
                    made = share * move if limit == np.inf else gain
                    if gain > limit:
                        limited = limited or waited
                        # A balance is nearly linear in the concentration: where next to nothing is, take the update
                        # there, y + ln(1 + dy).
                        made = min(log1p(gain), max(limit, -side * u[i, p]) if follow == 0.0 else limit)
                    elif gain < -limit:
                        limited = limited or waited
                        made = -limit
                    u[i, p] += side * made + follow * share * (lift + raised)
                if not waited:
                    u[i, p] = followed(t, i, p, u[i, p], u[i, POTENTIAL])
                    continue
            largest, where = farther(largest, where, move, i * m + p)
    return (-largest if limited else largest), where, share


@apart(float64)
@kernel
def moved_since(t, u, at):
    """Return the largest move of a composition (RT) from `at` to u (cells, unknowns).

    It is the contraction to expect of an iteration whose matrix was taken there: the slope of an exponential a distance
    d away is off by a share d.
    """
    largest = 0.0
    region, follows = t.region, t.follow
    for i in range(u.shape[0]):
        r = region[i]
        lift = u[i, POTENTIAL] - at[i, POTENTIAL]
        for p in range(1, u.shape[1]):
            largest = max(largest, abs(u[i, p] - at[i, p] - follows[r, p] * lift))
    return largest


@kernel(inline="always")
def has_plateau(t):
    """Return whether electrons share the excess of a host: its U(x) has flat and steep pieces side by side."""
    found = False
    for r in range(t.curve.shape[0]):
        found = found or shares_excess(t.curve[r])
    return found


@apart(float64)
@kernel
def damped(update, answer, move, change, last, share):
    """Shorten an update (cells, unknowns) that turns back on the one before, and return its share of the whole; note
    in `last` how the unknowns would move, update + change (move - answer), as of `apply_update`.

    One that is down to ROUNDED is made whole: near its end an iteration leaps over nothing, but turns at random.
    """
    along, largest = 0.0, 0.0
    for i in range(update.shape[0]):
        for p in range(update.shape[1]):
            whole = update[i, p] + change * (move[i, p] - answer[i, p])
            along += whole * last[i, p]
            largest = max(largest, abs(whole))
            last[i, p] = whole
    share = max(0.5 * share, LEAST_SHARE) if along < 0.0 else min(1.2 * share, 1.0)
    if largest < ROUNDED:
        share = 1.0
    for i in range(update.shape[0]):
        for p in range(update.shape[1]):
            update[i, p] *= share
    return share
