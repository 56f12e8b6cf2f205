"""The implicit stage of a stack in compiled code: the Newton of `eisfv.solve.newton`, with its formulas and limits, on
one process, the matrix eliminated block by block.

What is kept from stage to stage is the last factorisation, for as long as the weight of the stage is the same, the
start value is near where it was made, and the iteration contracts well.
"""

from math import inf, isfinite

from numba.core.types import UniTuple, boolean, float64, int64, none

from eisfv.array_loops import add_1, add_all, copy_all, fill_1, fill_all, finite
from eisfv.compiled_apart import apart
from eisfv.equations.assemble import assemble
from eisfv.equations.enclosed import keep_sums
from eisfv.equations.linearised import combine_apart, stored_change
from eisfv.equations.unknowns import POTENTIAL
from eisfv.kernel import kernel
from eisfv.solve.block_elimination import factor_chain, solve_chain
from eisfv.solve.chain_factors import own_currents
from eisfv.solve.convergence import CONTRACTION_KEPT, RUN_AWAY, RUNS, amounts_left, converged, of_gate, progress
from eisfv.solve.newton import UNANSWERED
from eisfv.solve.no_amount import bring_back
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
    slopes = a.slopes
    combine_apart(slopes, 1.0, dh, w.matrix)
    own_currents(slopes.storage, slopes.transport.diagonal, dh, w.factors.charge, w.factors.own)
    if not factor_chain(w.matrix, slopes.by_drop, dh, w.factors):
        return False
    w.number[FACTORED] = dh
    copy_all(w.storage, slopes.storage)
    if given:
        fill_all(w.answer, 0.0)
        fill_all(w.unit, 0.0)
        return True
    common_move(t, a, w, dh)
    w.tally[SOLVES] += 1
    solve_chain(w.factors, slopes.by_drop, dh, w.rest, w.answer, w.moved, w.passed)
    add_all(w.unit, -1.0, w.moved)
    add_1(w.unit_passed, -1.0, w.passed)
    w.number[EASE] = -through_gate(t, w.unit_passed, dh)
    return isfinite(w.number[EASE])


@kernel(inline="always")
def common_move(t, a, w, dh):
    """Write what flows (unit), and what the rows feel of it (rest), when the gate moves by one and potentials and
    levels follow it."""
    felt, unit, passed, charge, m = w.rest, w.unit, w.unit_passed, w.factors.charge, w.rest.shape[1]
    fill_all(felt, 0.0)
    fill_all(unit, 0.0)
    fill_1(passed, 0.0)
    test, region, follow, upper, by_drop = t.test, t.region, t.follow, w.matrix.upper, a.slopes.by_drop
    for f in range(upper.shape[0]):
        drop = test[f + 1] - test[f]
        if drop != 0.0:
            r = region[f + 1]
            for p in range(m):
                total = 0.0
                for q in range(m):
                    total += upper[f, p, q] * follow[r, q]
                unit[f, p] = total * drop
                felt[f, p] += unit[f, p]
                felt[f + 1, p] -= unit[f, p]
                passed[f] += charge[f, p] * unit[f, p]
            for p in range(m if by_drop.shape[1] > 0 else 0):
                felt[f, p] += dh * by_drop[0, f, p] * drop
                felt[f + 1, p] += dh * by_drop[1, f, p] * drop


@kernel(inline="always")
def through_gate(t, passed, dh):
    """Return the current through the gate (mol/s) of what passes the faces (f) as `StageWork` has it."""
    total, falls = 0.0, t.test_fall
    for f in range(passed.size):
        total += falls[f] * passed[f]
    return total / dh


@apart(UniTuple(float64, 2))
@kernel
def gate_change(t, a, w, voltage, known_charge, dh, by_voltage, value, resistance):
    """Return the change of the gate voltage that goes with the last update, and the current at the iterate with its
    change by the update; drive as in `stage`."""
    current = a.gate[0] + (a.gate[1] - known_charge) / dh + through_gate(t, w.passed, dh)
    ease = w.number[EASE]
    if not by_voltage:
        return (current - value) / ease, current
    if resistance == 0.0:
        return 0.0, current
    residual = voltage - value + resistance * current
    return -residual / (1.0 - resistance * ease), current


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
    bring_back(t, w.u, w.limits)
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
        solve_chain(w.factors, a.slopes.by_drop, dh, w.rest, w.update, w.moved, w.passed)
        count[SOLVES] += 1
        change, current = gate_change(t, a, w, voltage, known_charge, dh, by_voltage, value, resistance)
        if iteration == DAMPED_FROM and has_plateau(t):
            damping, most = True, DAMPED_MAX
            fill_all(w.last, 0.0)
        if damping:
            share_made = damped(w.update, w.answer, w.move, change, w.last, share_made)
            change *= share_made
        size, place, share = apply_update(t, w.u, w.update, w.answer, change, w.limits, a.residual, jump)
        count[WORST] = place
        number[VOLTAGE] = voltage + share * change
        held = size < 0.0
        limited = held or share_made < 1.0
        size = max(abs(size), of_gate(t, change))
        if not isfinite(size):
            return SINGULAR
        asked, run, least, better = progress(size / share_made, held, iteration, asked, run, least, better)
        if run == RUNS:
            return AWAY
        rate = size / previous if previous > 0.0 else moved_since(t, w.u, w.at)
        ending = not limited and converged(size, previous, rate, fresh_needed, tolerance)
        if ending and amounts_left(t, w.u, w.at, w.update, w.answer, change) <= tolerance:
            finish(t, a, w, known, change, dh)
            number[CURRENT] = current if given else current - number[EASE] * change
            return CONVERGED
        fresh_needed = limited or ending or (previous > 0.0 and rate > CONTRACTION_KEPT)
        previous = 0.0 if limited else size
    return STILL_MOVING


@apart(none)
@kernel
def finish(t, a, w, known, change, dh):
    """Write stored amounts, flows and charge that the last linear solve conserved, the gate's voltage changed with it
    by `change`."""
    update, rest, answer, flow, m = w.update, w.rest, w.answer, w.flow, w.u.shape[1]
    for i in range(update.shape[0]):
        for p in range(m):
            rest[i, p] = update[i, p] - change * answer[i, p]
    stored_change(w.storage, rest, w.stored)
    add_all(w.stored, 1.0, a.stored)
    keep_sums(w.enclosure, w.sums, w.storage, known, w.stored)
    displaced = 0.0
    for f in range(flow.shape[0]):
        for p in range(m):
            carried = w.moved[f, p] + change * w.unit[f, p]
            if p == POTENTIAL:
                displaced += t.test_fall[f] * carried
                flow[f, p] = a.flow[f, p] + carried
            else:
                flow[f, p] = a.flow[f, p] + carried / dh
    w.number[CHARGE] = a.gate[1] + displaced
