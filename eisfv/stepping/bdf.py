"""Backward differences of order 1 to 5 on the stored amounts, in compiled code: what lies between two corners.

    z = (u | Q | D | e)    unknowns, stored amounts, displacement of the faces, numbers of the gate
    predictor   z_p = sum_0^k phi_j,   z'_p = sum_1^k gamma_j phi_j         phi_j: scaled divided differences of z
    stage       q(u) - Q_known + dh div N(u) = 0,   Q_known = Q_p - dh Q'_p,   dh = h / alpha_s,  alpha_s = sum_1^k 1/i
    error       C_k max |Q - Q_p| / (V c + floor) over the ions, C_k = the constant of order k for this row of steps

The amounts Q are those that the last linear solve of the stage conserved (`eisfv.solve.compiled_stage`), so that the
sum over the cells is exact for any matrix. The order goes up or down by what the errors of the neighbouring orders
would be; a step grows by two and only where the estimate allows it. Orders 1 and 2 are L-stable, 3 to 5 A(86, 73, 51
degrees) with stiff decay. A corner of the drive is left by one implicit Euler step and order 1.

The numbers of the gate obey the same formula: its voltage, its displacement D_g, the charge that has passed (their
sum's time integral) and the energy that the source has given.

Sources: K. E. Brenan, S. L. Campbell, L. R. Petzold, Numerical Solution of Initial-Value Problems in
Differential-Algebraic Equations, SIAM 1996, ch. 5 (fixed leading coefficient, divided differences, order selection);
A. C. Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363 (the error constants of a row of uneven steps).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from eisfv.array_loops import add_1, add_all, copy_1, copy_all, fill_1, fill_all
from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.unknowns import POTENTIAL, per_cell
from eisfv.kernel_handles import Handle, HandleType, define, register
from eisfv.solve.compiled_stage import (
    CHARGE,
    CONVERGED,
    CURRENT,
    FACTORED,
    VOLTAGE,
    WORST,
    stage,
)
from eisfv.solve.newton import ITERATIONS_CORNER, ITERATIONS_MAX
from eisfv.stepping.smooth_drive import drive_at
from eisfv.stepping.state import settle
from eisfv.stepping.step_size import (
    CUT,
    FIRST_CHANGE,
    FLOOR,
    counting,
    first_step,
    fitted,
    least_step,
    second_step,
    straight,
)

ORDER_MAX = 5
LEVELS = ORDER_MAX + 2
GATE_NUMBERS = 4  # voltage, displacement, charge passed, energy

# Outcomes of `advance` and `leave_corner`.
GOING, ENDED, FAILED = 0, 1, 2
# Places in `number`: offset in the protocol step s, next step s, last step s, weight of the stage s, error of the last
# refusal, smallest step tried s.
OFFSET, NEXT, USED, WEIGHT, ERROR, TRIED = 0, 1, 2, 3, 4, 5
# Places in `tally`: order, order of the last step, steps alike, still starting, steps since the corner, refused by the
# error, cut by Newton, cell and species of the largest error, why the last try failed (of the stage, -1: the error).
ORDER, ORDER_USED, ALIKE, STARTING, STEPS, REJECTED, CUTS, CELL, SPECIES, REASON = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
REFUSED = -1
TOO_LARGE = -2


class History(NamedTuple):
    """What a row of steps remembers: n cells, f faces, m unknowns a cell, s species, L levels of differences."""

    u: Floats  # (L, n, m)
    stored: Floats  # (L, n, s)
    displaced: Floats  # (L, f)
    gate: Floats  # (L, 4)
    steps: Floats  # (L) sums of the last steps                               s
    number: Floats  # (6)
    tally: Ints  # (10)
    # Coefficients of the step that is tried, by level.
    alpha: Floats
    beta: Floats
    gamma: Floats
    sigma: Floats
    # Work: predicted values, what the past fixes, marks of amounts taken anew.
    u_at: Floats  # (n, m)
    stored_at: Floats  # (n, s)
    known: Floats  # (n, s)
    displaced_at: Floats  # (f)
    displaced_known: Floats  # (f)
    displaced_now: Floats  # (f)
    mark: Floats  # (n, s)
    scale: Floats  # (n, s) floor of the amounts that an ion's error is measured against, 0: it does not count


def new_history(tables: Tables, scale: Floats) -> History:
    """Return zeroed arrays; scale as `eisfv.stepping.integrate.error_scale` gives it."""
    cells, faces, species, m = len(tables.region), len(tables.left), len(tables.charge), per_cell(tables)
    coefficients = np.zeros((4, LEVELS))
    return History(
        np.zeros((LEVELS, cells, m)),
        np.zeros((LEVELS, cells, species)),
        np.zeros((LEVELS, faces)),
        np.zeros((LEVELS, GATE_NUMBERS)),
        np.zeros(LEVELS),
        np.zeros(6),
        np.zeros(10, np.int64),
        coefficients[0],
        coefficients[1],
        coefficients[2],
        coefficients[3],
        np.zeros((cells, m)),
        np.zeros((cells, species)),
        np.zeros((cells, species)),
        np.zeros(faces),
        np.zeros(faces),
        np.zeros(faces),
        np.zeros((cells, species)),
        scale,
    )


@register
class HistoryType(HandleType):
    """The type of `HistoryHandle`."""


class HistoryHandle(Handle):
    """The history as the kernels take it; fields as of `History`."""


define(HistoryHandle, HistoryType, list(History._fields))


@njit(cache=True)
def history_handle(y):
    """Return the handle of a history."""
    return HistoryHandle(*y)


class Batch(NamedTuple):
    """Accepted steps, b of them at most; what a `State` holds of each."""

    u: Floats  # (b, n, m)
    stored: Floats  # (b, n, s)
    base: Floats  # (b, n, s)
    full: Floats  # (b, n, s)
    moved: Floats  # (b, n)
    flow: Floats  # (b, f, m)
    displacement_rate: Floats  # (b, f)
    number: Floats  # (b, 8) offset, step, order, voltage, displacement, current, charge passed, energy


def new_batch(tables: Tables, size: int) -> Batch:
    """Return zeroed arrays."""
    cells, faces, species, m = len(tables.region), len(tables.left), len(tables.charge), per_cell(tables)
    stored, base, full = np.zeros((3, size, cells, species))
    return Batch(
        np.zeros((size, cells, m)),
        stored,
        base,
        full,
        np.zeros((size, cells)),
        np.zeros((size, faces, m)),
        np.zeros((size, faces)),
        np.zeros((size, 8)),
    )


@njit(cache=True, error_model="numpy", inline="always")
def power(drive, w):
    """Return the power that the source gives, in mol/s RT/F: what falls over the series resistance is its as well."""
    current = w.number[CURRENT]
    return current * (w.number[VOLTAGE] + drive.kind[2] * current)


@njit(cache=True, error_model="numpy")
def leave_corner(t, a, w, y, drive, options, until, out):
    """Take one implicit Euler step from the offset in `number`, short enough that little moves; FAILED where none is.

    The history is left at order 1. options: tolerance of a step, of Newton, smallest and largest step (s).
    """
    newton, smallest, largest = options[1], options[2], options[3]
    left = until - y.number[OFFSET]
    least = least_step(smallest, left, y.number[OFFSET])
    h = first_step(smallest, largest, left, y.number[OFFSET])
    recount(t, a, w, y)
    u, stored, gate = y.u[0], y.stored[0], y.gate[0]
    while h >= least:
        h = counting(h, y.number[OFFSET])
        y.number[TRIED] = h
        by_voltage, value, resistance = drive_at(drive, y.number[OFFSET] + h)
        w.number[FACTORED] = 0.0
        copy_all(w.u, u)
        w.number[VOLTAGE] = gate[0]
        if by_voltage and resistance == 0.0:
            # The jump falls where the device resists before any ion moves.
            jump = value - gate[0]
            for i in range(u.shape[0]):
                for p in range(u.shape[1]):
                    w.u[i, p] += jump * w.move[i, p]
        code = stage(t, a, w, stored, gate[1], h, by_voltage, value, resistance, newton, ITERATIONS_CORNER)
        y.tally[REASON] = code
        if code == CONVERGED:
            change = 0.0
            for i in range(stored.shape[0]):
                for s in range(stored.shape[1]):
                    if y.scale[i, s] > 0.0:
                        held = t.volume[i] * a.local.concentration[i, s] + y.scale[i, s] / FLOOR
                        share = abs(w.stored[i, s] - stored[i, s]) / held
                        if share > change or share != share:
                            change, y.tally[CELL], y.tally[SPECIES] = share, i, s
            if change < FIRST_CHANGE:
                begin(w, y, h, left, until, change, power(drive, w))
                record(a, w, y, out, 0, h, 1, h)
                return GOING
            y.tally[REASON] = TOO_LARGE
            y.number[ERROR] = change
        else:
            y.tally[CELL], y.tally[SPECIES] = w.tally[WORST] // u.shape[1], w.tally[WORST] % u.shape[1] - 1
        y.tally[CUTS] += 1
        h *= 0.1
    return FAILED


@njit(cache=True, error_model="numpy")
def begin(w, y, h, left, until, change, watts):
    """Begin a history of order 1 with the Euler step that the stage has just made."""
    grown = second_step(h, change)
    ratio = grown / h
    stored, displaced, gate = y.stored, y.displaced, y.gate
    for j in range(1, LEVELS):
        fill_all(stored[j], 0.0)
        # The step took the jump of the drive with it: the chord of the unknowns says nothing of what follows.
        fill_all(y.u[j], 0.0)
    fill_all(displaced[1:], 0.0)
    fill_all(gate[1:], 0.0)
    copy_all(y.u[0], w.u)
    for i in range(stored.shape[1]):
        for s in range(stored.shape[2]):
            stored[1, i, s] = ratio * (w.stored[i, s] - stored[0, i, s])
            stored[0, i, s] = w.stored[i, s]
    for f in range(displaced.shape[1]):
        displaced[1, f] = ratio * (w.flow[f, POTENTIAL] - displaced[0, f])
        y.displaced_known[f] = displaced[0, f]
        displaced[0, f] = w.flow[f, POTENTIAL]
    gate[1, 1] = ratio * (w.number[CHARGE] - gate[0, 1])
    gate[1, 2], gate[1, 3] = grown * w.number[CURRENT], grown * watts
    gate[0, 0], gate[0, 1] = w.number[VOLTAGE], w.number[CHARGE]
    gate[0, 2] = h * w.number[CURRENT]
    gate[0, 3] = h * watts
    number, count = y.number, y.tally
    number[OFFSET] = until if h >= left else number[OFFSET] + h
    number[NEXT], number[USED], number[WEIGHT] = grown, h, h
    y.steps[0] = grown
    count[ORDER], count[ORDER_USED], count[ALIKE], count[STARTING], count[STEPS] = 1, 0, 0, 1, 0
    w.number[FACTORED] = 0.0


@njit(cache=True, error_model="numpy")
def recount(t, a, w, y):
    """Settle how the amounts are counted, before a step: `eisfv.stepping.state.settle`."""
    fill_all(y.mark, 1.0)
    if settle(t, y.u[0], y.stored[0], a.ledger, y.mark):
        for i in range(y.mark.shape[0]):
            for s in range(y.mark.shape[1]):
                if y.mark[i, s] == 0.0:
                    for j in range(1, LEVELS):
                        y.stored[j, i, s] = 0.0


@njit(cache=True, error_model="numpy")
def multiply(y, j, factor):
    """Multiply the differences of a level."""
    add_all(y.u[j], factor - 1.0, y.u[j])
    add_all(y.stored[j], factor - 1.0, y.stored[j])
    add_1(y.displaced[j], factor - 1.0, y.displaced[j])
    add_1(y.gate[j], factor - 1.0, y.gate[j])


@njit(cache=True, error_model="numpy")
def prepare(y, h):
    """Set the coefficients of a step h at the order in `tally`, and scale the differences for it; return alpha_s."""
    k, number, count = y.tally[ORDER], y.number, y.tally
    if h != number[USED] or k != count[ORDER_USED]:
        count[ALIKE] = 0
    count[ALIKE] = min(count[ALIKE] + 1, count[ORDER_USED] + 2)
    alike = count[ALIKE]
    if k + 1 >= alike:
        y.beta[0], y.alpha[0], y.gamma[0], y.sigma[0] = 1.0, 1.0, 0.0, 1.0
        reach = h
        for i in range(1, k + 1):
            before = y.steps[i - 1]
            y.steps[i - 1] = reach
            y.beta[i] = y.beta[i - 1] * y.steps[i - 1] / before
            reach = before + h
            y.alpha[i] = h / reach
            y.sigma[i] = i * y.sigma[i - 1] * y.alpha[i]
            y.gamma[i] = y.gamma[i - 1] + y.alpha[i - 1] / h
        y.steps[k] = reach
    for j in range(alike, k + 1):
        multiply(y, j, y.beta[j])
    alpha_s = 0.0
    for i in range(1, k + 1):
        alpha_s += 1.0 / i
    return alpha_s


@njit(cache=True, error_model="numpy")
def restore(y, h):
    """Take `prepare` back."""
    k, alike = y.tally[ORDER], y.tally[ALIKE]
    for i in range(1, k + 1):
        y.steps[i - 1] = y.steps[i] - h
    for j in range(alike, k + 1):
        multiply(y, j, 1.0 / y.beta[j])


@njit(cache=True, error_model="numpy")
def predict(w, y, dh):
    """Write the predicted values and what the past fixes of the stage; return the gate's, predicted and known."""
    k = y.tally[ORDER]
    copy_all(y.u_at, y.u[0])
    copy_all(y.stored_at, y.stored[0])
    fill_all(y.known, 0.0)
    copy_1(y.displaced_at, y.displaced[0])
    fill_1(y.displaced_known, 0.0)
    predicted, known = np.empty(GATE_NUMBERS), np.zeros(GATE_NUMBERS)
    copy_1(predicted, y.gate[0])
    for j in range(1, k + 1):
        factor = -dh * y.gamma[j]
        add_all(y.u_at, 1.0, y.u[j])
        add_all(y.stored_at, 1.0, y.stored[j])
        add_all(y.known, factor, y.stored[j])
        add_1(y.displaced_at, 1.0, y.displaced[j])
        add_1(y.displaced_known, factor, y.displaced[j])
        add_1(predicted, 1.0, y.gate[j])
        add_1(known, factor, y.gate[j])
    add_all(y.known, 1.0, y.stored_at)
    add_1(y.displaced_known, 1.0, y.displaced_at)
    add_1(known, 1.0, predicted)
    copy_all(w.u, y.u_at)
    w.number[VOLTAGE] = predicted[0]
    return predicted, known


@njit(cache=True, error_model="numpy")
def changes(t, a, w, y, tolerance):
    """Return the largest changes of an ion's storage, over the tolerance, that tell the errors at the order k of the
    step, at k - 1, k - 2 and k + 1."""
    k = y.tally[ORDER]
    own, lower, lowest, higher = 0.0, 0.0, 0.0, 0.0
    for i in range(w.stored.shape[0]):
        for s in range(w.stored.shape[1]):
            if y.scale[i, s] > 0.0:
                held = tolerance * (t.volume[i] * a.local.concentration[i, s] + y.scale[i, s])
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


@njit(cache=True, error_model="numpy")
def take_up(w, y, predicted, values):
    """Take the new values into the differences; values (4) of the gate."""
    k = y.tally[ORDER]
    raise_levels(y.u, k, w.u, y.u_at)
    raise_levels(y.stored, k, w.stored, y.stored_at)
    copy_1(y.displaced_now, w.flow[:, POTENTIAL])
    raise_levels(y.displaced, k, y.displaced_now, y.displaced_at)
    raise_levels(y.gate, k, values, predicted)


@njit(cache=True, error_model="numpy")
def raise_levels(levels, k, now, predicted):
    """Take a new value (now) into the differences (L, ...) of a quantity that was predicted at the order k."""
    size = now.size
    flat, new, before = levels.reshape(levels.shape[0], size), now.reshape(size), predicted.reshape(size)
    top, next_level = flat[k + 1], flat[k]
    for e in range(size):
        top[e] = new[e] - before[e]
    add_1(next_level, 1.0, top)
    for j in range(k - 1, 0, -1):
        add_1(flat[j], 1.0, flat[j + 1])
    # The value itself, not its sum from differences.
    copy_1(flat[0], new)


@njit(cache=True, error_model="numpy")
def choose(y, h, lower_error, lower_term, own_error, higher, lower_order, order_max):
    """Set order and size of the next step after an accepted one, as the errors at the neighbouring orders say."""
    number, count = y.number, y.tally
    k, used = count[ORDER], count[ORDER_USED]
    rise = k - used
    count[ORDER_USED] = k
    number[USED] = h
    count[STEPS] += 1
    if lower_order == k - 1 or k == order_max:
        count[STARTING] = 0
    if count[STARTING] == 1:
        if count[STEPS] > 1:
            count[ORDER] = k + 1
            number[NEXT] = 2.0 * h
        return
    new, error = k, own_error
    if lower_order == k - 1:
        new, error = k - 1, lower_error
    elif k < order_max and not (k + 1 >= count[ALIKE] or rise == 1):
        raised = higher / (k + 2)
        raised_term, own_term = (k + 2) * raised, (k + 1) * own_error
        if k == 1:
            if raised_term < 0.5 * own_term:
                new, error = 2, raised
        elif lower_term <= min(own_term, raised_term):
            new, error = k - 1, lower_error
        elif raised_term < own_term:
            new, error = k + 1, raised
    count[ORDER] = new
    ratio = (2.0 * error + 1e-4) ** (-1.0 / (new + 1))
    if ratio >= 2.0:
        number[NEXT] = 2.0 * h
    elif ratio <= 1.0:
        number[NEXT] = h * max(0.5, min(0.9, ratio))
    else:
        number[NEXT] = h


@njit(cache=True, error_model="numpy")
def resolved(drive, offset, h, tolerance):
    """Return the step size, halved until the drive within the step is a straight line but for the tolerance."""
    _, start, _ = drive_at(drive, offset)
    while True:
        _, middle, _ = drive_at(drive, offset + 0.5 * h)
        _, end, _ = drive_at(drive, offset + h)
        if straight(start, middle, end, tolerance, drive.kind[3]):
            return h
        h *= 0.5


@njit(cache=True, error_model="numpy")
def record(a, w, y, out, k, h, order, dh):
    """Write an accepted step to a batch."""
    copy_all(out.u[k], w.u)
    copy_all(out.stored[k], w.stored)
    copy_all(out.base[k], a.ledger.base)
    copy_all(out.full[k], a.ledger.full)
    copy_1(out.moved[k], a.ledger.moved)
    copy_all(out.flow[k], w.flow)
    rate = out.displacement_rate[k]
    for f in range(rate.size):
        rate[f] = (w.flow[f, POTENTIAL] - y.displaced_known[f]) / dh
    number = out.number[k]
    number[0], number[1], number[2] = y.number[OFFSET], h, order
    number[3], number[4], number[5] = w.number[VOLTAGE], w.number[CHARGE], w.number[CURRENT]
    number[6], number[7] = y.gate[0, 2], y.gate[0, 3]


@njit(cache=True, error_model="numpy")
def advance(t, a, w, y, drive, options, until, out):
    """Take accepted steps until the corner or until the batch is full; return their number and GOING, ENDED or FAILED.

    options: tolerance of a step, of Newton, smallest and largest step (s), highest order
    """
    tolerance, newton, smallest, largest, order_max = options[0], options[1], options[2], options[3], int(options[4])
    number, count, m = y.number, y.tally, w.u.shape[1]
    done = 0
    while done < out.u.shape[0] and number[OFFSET] < until:
        left = until - number[OFFSET]
        least = least_step(smallest, left, number[OFFSET])
        h, failures = max(min(number[NEXT], largest), least), 0
        recount(t, a, w, y)
        while True:
            if h < least:
                return done, FAILED
            h = max(resolved(drive, number[OFFSET], fitted(h, left), tolerance), least)
            h = counting(h, number[OFFSET])
            number[TRIED] = h
            alpha_s = prepare(y, h)
            dh, k = h / alpha_s, count[ORDER]
            predicted, known = predict(w, y, dh)
            by_voltage, value, resistance = drive_at(drive, number[OFFSET] + h)
            code = stage(t, a, w, y.known, known[1], dh, by_voltage, value, resistance, newton, ITERATIONS_MAX)
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
                if failures == 1 and np.isfinite(own):
                    error = own_error if lower_order == k else lower_error
                    count[ORDER] = lower_order
                    h *= max(0.25, min(0.9, 0.9 * (2.0 * error + 1e-4) ** (-1.0 / (lower_order + 1))))
                else:
                    count[ORDER] = lower_order if failures == 2 else 1
                    h *= 0.25
                continue
            break
        current = w.number[CURRENT]
        values = np.empty(GATE_NUMBERS)
        values[0], values[1] = w.number[VOLTAGE], w.number[CHARGE]
        values[2] = known[2] + dh * current
        values[3] = known[3] + dh * power(drive, w)
        take_up(w, y, predicted, values)
        number[OFFSET] = until if h >= left else number[OFFSET] + h
        record(a, w, y, out, done, h, k, dh)
        done += 1
        choose(y, h, lower_error, lower_term, own_error, higher, lower_order, order_max)
    return done, ENDED if number[OFFSET] >= until else GOING
