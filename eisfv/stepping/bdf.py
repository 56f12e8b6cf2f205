"""Backward differences of order 1 to 5 on the stored amounts, in compiled code: what lies between two corners.

    z = (u | Q | D | e)    unknowns, stored amounts, displacement of the faces, numbers of the gate
    predictor   z_p = sum_0^k phi_j,   z'_p = sum_1^k gamma_j phi_j         phi_j: scaled divided differences of z
    stage       q(u) - Q_known + dh div N(u) = 0,   Q_known = Q_p - dh Q'_p,   dh = h / alpha_s,  alpha_s = sum_1^k 1/i
    error       C_k max |Q - Q_p| / (V c + floor) over the ions, C_k = the constant of order k for this row of steps

The amounts Q are those that the last linear solve of the stage conserved (`eisfv.solve.compiled_stage`), their sum over
the cells that of Q_known (`eisfv.equations.enclosed`). The order goes up or down by what the errors of the neighbouring
orders would be, but stays above the first where the drive varies or the error does not limit the step; a step grows by
two at most, after some of one size, and only where the estimate allows it. Orders 1 and 2 are L-stable, 3 to 5 A(86,
73, 51 degrees) with stiff decay. A corner of the drive is left by one implicit Euler step and order 1.

The numbers of the gate obey the same formula: its voltage, its displacement D_g, the charge that has passed (their
sum's time integral) and the energy that the source has given.

Sources: K. E. Brenan, S. L. Campbell, L. R. Petzold, Numerical Solution of Initial-Value Problems in
Differential-Algebraic Equations, SIAM 1996, ch. 5 (fixed leading coefficient, divided differences, order selection);
A. C. Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363 (the error constants of a row of uneven steps).
"""

from math import isfinite

from numba import int64
from numba.core.types import UniTuple, float64

from eisfv.compiled_apart import apart
from eisfv.kernel import kernel
from eisfv.solve.compiled_stage import CONVERGED, stage
from eisfv.solve.newton import ITERATIONS_MAX
from eisfv.solve.stage_work import CHARGE, CURRENT, FACTORED, VOLTAGE, WORST
from eisfv.stepping.batch import ENDED, FAILED, GOING, record
from eisfv.stepping.corner import power
from eisfv.stepping.differences import (
    CELL,
    CUTS,
    ERROR,
    NEXT,
    OFFSET,
    ORDER,
    ORDER_MAX,
    REASON,
    REJECTED,
    SPECIES,
    STARTING,
    TRIED,
    recount,
    restore,
    take_up,
)
from eisfv.stepping.order_and_size import choose, from_past
from eisfv.stepping.smooth_drive import drive_at
from eisfv.stepping.step_size import (
    CUT,
    counting,
    fitted,
    least_step,
    steps_alike,
    straight,
)

FREE = 0.06  # an error at the second order that lets the next step be twice as large
REFUSED = -1  # why the last try failed, beside what a stage says: the error


@apart(UniTuple(float64, 4))
@kernel
def changes(t, a, w, y, tolerance):
    """Return the largest changes of an ion's storage, over the tolerance, that tell the errors at the order k of the
    step, at k - 1, k - 2 and k + 1."""
    k = y.tally[ORDER]
    own, lower, lowest, higher = 0.0, 0.0, 0.0, 0.0
    for i in range(w.stored.shape[0]):
        for s in range(w.stored.shape[1]):
            if y.scale[i, s] != 0.0:
                held = tolerance * (t.volume[i] * a.local.concentration[i, s] + abs(y.scale[i, s]))
                step = w.stored[i, s] - y.stored_at[i, s]
                share = abs(step) / held
                if share > own or share != share:
                    own, y.tally[CELL], y.tally[SPECIES] = share, i, s
                if k > 1:
                    step += y.stored[k, i, s]
                    lower = max(lower, abs(step) / held)
                    if k > 2:
                        lowest = max(lowest, abs(step + y.stored[k - 1, i, s]) / held)
                if k < ORDER_MAX:
                    higher = max(higher, abs(w.stored[i, s] - y.stored_at[i, s] - y.stored[k + 1, i, s]) / held)
    return own, lower, lowest, higher


@kernel(inline="always")
def resolved(drive, offset, h, tolerance):
    """Return the step size, halved until the drive within the step is a straight line but for the tolerance."""
    _, start, _ = drive_at(drive, offset)
    while True:
        _, middle, _ = drive_at(drive, offset + 0.5 * h)
        _, end, _ = drive_at(drive, offset + h)
        if straight(start, middle, end, tolerance, drive.kind[3]):
            return h
        h *= 0.5


@kernel
def advance(t, a, w, y, drive, options, until, out):
    """Take accepted steps until the corner or until the batch is full; return their number and GOING, ENDED or FAILED.

    options: tolerance of a step, of Newton, smallest and largest step (s), highest order
    """
    tolerance, newton, smallest, largest, order_max = options[0], options[1], options[2], options[3], int(options[4])
    number, count, m = y.number, y.tally, w.u.shape[1]
    repeats = steps_alike(tolerance)
    done = int64(0)  # numbers that are literals would have `stage` and `record` compiled anew for each
    while done < out.u.shape[0] and number[OFFSET] < until:
        start = number[OFFSET]
        left = until - start
        least = least_step(smallest, left, number[OFFSET])
        h, failures = max(min(number[NEXT], largest), least), 0
        recount(t, a, w, y)
        while True:
            if h < least:
                return done, FAILED
            h = max(resolved(drive, number[OFFSET], fitted(h, left), tolerance), least)
            h, alpha_s = from_past(t, a, w, y, counting(h, number[OFFSET]), least)
            number[TRIED] = h
            dh, k = h / alpha_s, count[ORDER]
            by_voltage, value, resistance = drive_at(drive, number[OFFSET] + h)
            code = stage(
                t, a, w, y.known, y.gate_known[1], dh, by_voltage, value, resistance, newton, int64(ITERATIONS_MAX)
            )
            count[REASON] = code
            if code != CONVERGED:
                restore(y, h)
                count[CUTS] += 1
                count[CELL], count[SPECIES] = w.tally[WORST] // m, w.tally[WORST] % m - 1
                w.number[FACTORED] = 0.0
                h *= CUT
                continue
            own, lower, lowest, higher = changes(t, a, w, y, tolerance)
            leading = 0.0
            for i in range(k):
                leading += y.alpha[i]
            constant = max(abs(y.alpha[k] - alpha_s + leading), y.alpha[k])
            own_error = y.sigma[k] * own
            lower_error = y.sigma[k - 1] * lower if k > 1 else 0.0
            lower_term = k * lower_error
            lower_order = k
            if k > 2:
                lowest_term = (k - 1) * y.sigma[k - 2] * lowest
                if max(lower_term, lowest_term) <= (k + 1) * own_error:
                    lower_order = k - 1
            elif k == 2 and lower_term <= 0.5 * (k + 1) * own_error:
                lower_order = k - 1
            if not constant * own <= 1.0:
                restore(y, h)
                count[REJECTED] += 1
                count[REASON] = REFUSED
                number[ERROR] = constant * own
                failures += 1
                w.number[FACTORED] = 0.0
                count[STARTING] = 0
                if failures == 1 and isfinite(own):
                    error = own_error if lower_order == k else lower_error
                    count[ORDER] = lower_order
                    h *= max(0.25, min(0.9, 0.9 * (2.0 * error + 1e-4) ** (-1.0 / (lower_order + 1))))
                else:
                    count[ORDER] = lower_order if failures == 2 else 1
                    h *= 0.25
                continue
            break
        current = w.number[CURRENT]
        values = y.gate_now
        values[0], values[1] = w.number[VOLTAGE], w.number[CHARGE]
        values[2] = y.gate_known[2] + dh * current
        values[3] = y.gate_known[3] + dh * power(drive, w)
        take_up(w, y)
        number[OFFSET] = until if h >= left else number[OFFSET] + h
        record(a, w, y, out, done, h, k, dh)
        done += 1
        # The error knows the ions alone, beside all that a cell stores. Where they hardly move, the first order would
        # pass over what a ramp brings, or over how a double layer relaxes.
        _, before, _ = drive_at(drive, start)
        ramp = abs(value - before) > tolerance * abs(drive.kind[3])
        order_min = min(order_max, 2) if ramp or (repeats > 1 and own_error < FREE) else 1
        choose(y, h, lower_error, lower_term, own_error, higher, lower_order, order_max, order_min, repeats)
    return done, ENDED if number[OFFSET] >= until else GOING
