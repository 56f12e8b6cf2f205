"""The implicit stage of a stack in compiled code: the Newton of `eisfv.solve.newton`, with its formulas and limits, on
one process, the matrix eliminated block by block.

What is kept from stage to stage is the last factorisation, for as long as the weight of the stage is the same, the
start value is near where it was made, and the iteration contracts well.
"""

from math import inf, isfinite

from numba.core.types import UniTuple, boolean, float64, int64, none

from eisfv.array_loops import add_all, copy_all, fill_all, finite
from eisfv.compiled_apart import apart
from eisfv.equations.assemble import assemble
from eisfv.equations.enclosed import keep_sums
from eisfv.equations.linearised import add_shift_of_drops, combine, stored_change
from eisfv.equations.unknowns import POTENTIAL
from eisfv.kernel import kernel
from eisfv.solve.block_elimination import factor_chain, rest_of_chain, solve_chain
from eisfv.solve.convergence import CONTRACTION_KEPT, RUN_AWAY, RUNS, amounts_left, converged, progress
from eisfv.solve.newton import UNANSWERED
from eisfv.solve.stage_work import (
    CHARGE,
    CURRENT,
    EASE,
    FACTORED,
    FACTORISATIONS,
    RESIDUALS,
    SOLVES,
    VOLTAGE,
    WORST,
)
from eisfv.solve.update import DAMPED_FROM, DAMPED_MAX, PATIENCE, apply_update, damped, has_plateau, moved_since

CONVERGED, NOT_FINITE, SINGULAR, STILL_MOVING, SILENT, AWAY = 0, 1, 2, 3, 4, 5
REASONS = {
    NOT_FINITE: "its balance is not a finite number",
    SINGULAR: "the elimination found the matrix singular",
    STILL_MOVING: "Newton's iteration still moved",
    SILENT: UNANSWERED,
    AWAY: RUN_AWAY,
}


@kernel
def evaluate(t, a, w, voltage, known, dh, slopes):
    """Fill the system at the iterate."""
    w.tally[RESIDUALS] += 1
    w.voltages[0] = voltage
    assemble(t, w.u, w.voltages, known, dh, slopes, a)


@apart(boolean)
@kernel
def factor(t, a, w, dh, given):
    """Factor the matrix of the last evaluation and keep what goes with it; False where it is singular.

    given: whether the drive sets the gate voltage itself
    """
    w.tally[FACTORISATIONS] += 1
    w.number[FACTORED] = 0.0
    combine(t, a.slopes, 1.0, dh, w.matrix)
    if not factor_chain(w.matrix, w.factors):
        return False
    w.number[FACTORED] = dh
    copy_all(w.storage, a.slopes.storage)
    row, row_charge = w.row, w.row_charge
    copy_all(row_charge, a.slopes.gate_charge)
    copy_all(row, a.slopes.gate_current)
    add_all(row, 1.0 / dh, row_charge)
    if given:
        fill_all(w.answer, 0.0)
        return True
    felt = w.rest
    common_move(t, w.matrix, felt)
    add_shift_of_drops(t, a.slopes, dh, a.part, felt)
    solve_refined(w, felt, w.answer)
    ease = 0.0
    for i in range(row.shape[0]):
        for p in range(row.shape[1]):
            ease += row[i, p] * (w.answer[i, p] - w.move[i, p])
    w.number[EASE] = ease
    return isfinite(ease)


@kernel(inline="always")
def common_move(t, matrix, felt):
    """Write what the rows (n, m) feel when the gate moves by one and potentials and levels follow it."""
    m = felt.shape[1]
    fill_all(felt, 0.0)
    test, region, follow, upper = t.test, t.region, t.follow, matrix.upper
    for f in range(upper.shape[0]):
        drop = test[f + 1] - test[f]
        if drop != 0.0:
            r = region[f + 1]
            for p in range(m):
                total = 0.0
                for q in range(m):
                    total += upper[f, p, q] * follow[r, q]
                felt[f, p] += total * drop
                felt[f + 1, p] -= total * drop


@apart(none)
@kernel
def solve_refined(w, rhs, x):
    """Write the solution after one step of refinement."""
    w.tally[SOLVES] += 2
    solve_chain(w.factors, rhs, x)
    rest_of_chain(w.matrix, rhs, x, w.left_over)
    solve_chain(w.factors, w.left_over, w.more)
    add_all(x, 1.0, w.more)


@apart(UniTuple(float64, 2))
@kernel
def gate_change(a, w, update, voltage, known_charge, dh, by_voltage, value, resistance):
    """Return the change of the gate voltage that goes with an update, and the current at the iterate with its change by
    the update; drive as in `stage`."""
    current = a.gate[0] + (a.gate[1] - known_charge) / dh
    row = w.row
    moved = 0.0
    for i in range(update.shape[0]):
        for p in range(update.shape[1]):
            moved += row[i, p] * update[i, p]
    ease = w.number[EASE]
    if not by_voltage:
        return (current + moved - value) / ease, current + moved
    if resistance == 0.0:
        return 0.0, current + moved
    residual = voltage - value + resistance * (current + moved)
    return -residual / (1.0 - resistance * ease), current + moved


@apart(int64)
@kernel
def stage(t, a, w, known, known_charge, dh, by_voltage, value, resistance, tolerance, iterations):
    """Solve a stage from the start value in `u` and the gate voltage in `number`; return CONVERGED or why not.

    by_voltage, value, resistance   the drive at the end of the stage: voltage (RT/F) behind a resistance, or current
                                    (mol/s of charge)
    """
    number, count, m = w.number, w.tally, w.u.shape[1]
    given = by_voltage and resistance == 0.0
    jump = 0.0
    if given:
        jump = abs(value - number[VOLTAGE])
        number[VOLTAGE] = value
    previous = 0.0
    fresh_needed = number[FACTORED] != dh or moved_since(t, w.u, w.at) > CONTRACTION_KEPT
    iteration, most, share_made, damping = 0, iterations, 1.0, False
    asked, run, least, better = 0.0, 0, inf, 0
    while iteration < most and (iteration < iterations or iteration - better < PATIENCE):
        iteration += 1
        voltage = number[VOLTAGE]
        evaluate(t, a, w, voltage, known, dh, fresh_needed)
        if not finite(a.residual):
            return NOT_FINITE
        if fresh_needed:
            copy_all(w.at, w.u)
            w.at_voltage[0] = voltage
            if not factor(t, a, w, dh, given):
                return SINGULAR
            if not by_voltage and number[EASE] == 0.0:
                return SILENT
        for i in range(w.rest.shape[0]):
            for p in range(m):
                w.rest[i, p] = -a.residual[i, p]
        solve_chain(w.factors, w.rest, w.update)
        count[SOLVES] += 1
        change, _ = gate_change(a, w, w.update, voltage, known_charge, dh, by_voltage, value, resistance)
        if iteration == DAMPED_FROM and has_plateau(t):
            damping, most = True, DAMPED_MAX
            fill_all(w.last, 0.0)
        if damping:
            share_made = damped(w.update, w.answer, w.move, change, w.last, share_made)
            change *= share_made
        size, place, share = apply_update(t, w.u, w.update, w.answer, change, w.limits, jump)
        count[WORST] = place
        number[VOLTAGE] = voltage + share * change
        held = size < 0.0
        limited = held or share_made < 1.0
        size = max(abs(size), abs(change) * 1e-3)
        if not isfinite(size):
            return SINGULAR
        asked, run, least, better = progress(size / share_made, held, iteration, asked, run, least, better)
        if run == RUNS:
            return AWAY
        rate = size / previous if previous > 0.0 else moved_since(t, w.u, w.at)
        ending = not limited and converged(size, previous, rate, fresh_needed, tolerance)
        if ending and amounts_left(t, w.u, w.at, w.update, w.answer, change) <= tolerance:
            finish(t, a, w, voltage, known, known_charge, dh, by_voltage, value, resistance)
            return CONVERGED
        fresh_needed = limited or ending or (previous > 0.0 and rate > CONTRACTION_KEPT)
        previous = 0.0 if limited else size
    return STILL_MOVING


@apart(none)
@kernel
def finish(t, a, w, before, known, known_charge, dh, by_voltage, value, resistance):
    """Write stored amounts, flows, charge and current that the last linear solve, refined, conserved; before: the gate
    voltage at which it was asked for."""
    update, rest, m = w.update, w.rest, w.u.shape[1]
    w.tally[SOLVES] += 1
    rest_of_chain(w.matrix, rest, update, w.left_over)
    solve_chain(w.factors, w.left_over, w.more)
    add_all(update, 1.0, w.more)
    change, current = gate_change(a, w, update, before, known_charge, dh, by_voltage, value, resistance)
    answer, row_charge, move = w.answer, w.row_charge, w.move
    displaced = 0.0
    for i in range(update.shape[0]):
        for p in range(m):
            rest[i, p] = update[i, p] - change * answer[i, p]
            displaced += row_charge[i, p] * (rest[i, p] + change * move[i, p])
    stored_change(w.storage, rest, w.stored)
    add_all(w.stored, 1.0, a.stored)
    keep_sums(w.enclosure, w.sums, w.storage, known, w.stored)
    carry(t, a, rest, change, w.flow, w.more[0])
    w.number[CHARGE] = a.gate[1] + displaced
    w.number[CURRENT] = current - w.number[EASE] * change if not (by_voltage and resistance == 0.0) else current


@apart(none)
@kernel
def carry(t, a, update, change, out, after):
    """Write the flows (f, m) of the iterate and their change by an update; see `linearised.carried_flow`.

    after (m) is work."""
    m = out.shape[1]
    upper, lower = a.slopes.transport.upper, a.slopes.transport.lower
    flow, displacement = a.flow, a.slopes.displacement
    test, region, follow = t.test, t.region, t.follow
    for f in range(out.shape[0]):
        drop = change * (test[f + 1] - test[f])
        r = region[f + 1]
        for q in range(m):
            after[q] = update[f + 1, q] + follow[r, q] * drop
        out[f, POTENTIAL] = flow[f, POTENTIAL] - displacement[f] * (
            update[f + 1, POTENTIAL] - update[f, POTENTIAL] + drop
        )
        for p in range(1, m):
            total = 0.0
            for q in range(m):
                total += upper[f, p, q] * after[q] - lower[f, p, q] * update[f, q]
            out[f, p] = flow[f, p] + total
