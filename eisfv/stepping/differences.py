"""The past of a row of steps as scaled divided differences: the next values they predict, and taking the new ones up.

    z = (u | Q | D | e)    unknowns, stored amounts, displacement of the faces, numbers of the gate
    z_p = sum_0^k phi_j,   z'_p = sum_1^k gamma_j phi_j,   Q_known = Q_p - dh Q'_p

    phi_j  scaled divided difference of z of the order j, at the size of the step that is tried
    dh     weight of the new flows, h / alpha_s                                             s

A step that is refused leaves no trace: `restore` takes `prepare` back. The amounts themselves, phi_0, are those that
the stage conserved and never a sum of differences.

Sources: K. E. Brenan, S. L. Campbell, L. R. Petzold, Numerical Solution of Initial-Value Problems in
Differential-Algebraic Equations, SIAM 1996, ch. 5.2; A. C. Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363.
"""

from typing import NamedTuple

import numpy as np
from numba.core.types import float64, none

from eisfv.array_loops import add_1, add_all, copy_1, copy_all, fill_1, fill_all
from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats, Ints, Tables
from eisfv.equations.unknowns import POTENTIAL, per_cell
from eisfv.kernel import kernel
from eisfv.kernel_handles import Handle
from eisfv.solve.stage_work import VOLTAGE
from eisfv.stepping.possible import hold_traces
from eisfv.stepping.state import settle

ORDER_MAX = 5
LEVELS = ORDER_MAX + 2
GATE_NUMBERS = 4  # voltage, displacement, charge passed, energy

# Places in `number`: offset in the protocol step s, next step s, last step s, weight of the stage s, error of the last
# refusal, smallest step tried s, next step s at the order below.
OFFSET, NEXT, USED, WEIGHT, ERROR, TRIED, LOWER = range(7)
# Places in `tally`: order, order of the last step, steps alike, still starting, steps since the corner, refused by the
# error, cut by Newton, cell and species of the largest error, why the last try failed (of the stage, -1: the error),
# steps of one size, whatever their order.
ORDER, ORDER_USED, ALIKE, STARTING, STEPS, REJECTED, CUTS, CELL, SPECIES, REASON, SIZED = range(11)


class History(NamedTuple):
    """What a row of steps remembers: n cells, f faces, m unknowns a cell, s species, L levels of differences."""

    u: Floats  # (L, n, m)
    stored: Floats  # (L, n, s)
    displaced: Floats  # (L, f)
    gate: Floats  # (L, 4)
    steps: Floats  # (L) sums of the last steps                               s
    number: Floats  # (7)
    tally: Ints  # (11)
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
    gate_at: Floats  # (4)
    gate_known: Floats  # (4)
    gate_now: Floats  # (4)
    mark: Floats  # (n, s)
    scale: Floats  # (n, s) floor of the amounts that an ion's error is measured against, 0: it does not count


def new_history(tables: Tables, scale: Floats) -> History:
    """Return zeroed arrays; scale as `eisfv.stepping.error_scale` gives it."""
    cells, faces, species, m = len(tables.region), len(tables.left), len(tables.charge), per_cell(tables)
    coefficients, gate = np.zeros((4, LEVELS)), np.zeros((3, GATE_NUMBERS))
    return History(
        np.zeros((LEVELS, cells, m)),
        np.zeros((LEVELS, cells, species)),
        np.zeros((LEVELS, faces)),
        np.zeros((LEVELS, GATE_NUMBERS)),
        np.zeros(LEVELS),
        np.zeros(7),
        np.zeros(11, np.int64),
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
        gate[0],
        gate[1],
        gate[2],
        np.zeros((cells, species)),
        scale,
    )


def history_handle(y: History) -> Handle:
    """Return the handle of a history."""
    return Handle(y)


@apart(none)
@kernel
def recount(t, a, w, y):
    """Settle how the amounts are counted, before a step: `eisfv.stepping.state.settle`.

    The marks are handed over as rates are: 0 where the differences of an amount mean nothing, more than 1 where its
    region has given it those.
    """
    fill_all(y.mark, 1.0)
    if settle(t, y.u[0], y.stored[0], a.ledger, y.mark):
        for i in range(y.mark.shape[0]):
            for s in range(y.mark.shape[1]):
                if y.mark[i, s] > 1.0:
                    take_differences(t, y, i, s)
        for i in range(y.mark.shape[0]):
            for s in range(y.mark.shape[1]):
                if y.mark[i, s] == 0.0:
                    for j in range(1, LEVELS):
                        y.stored[j, i, s] = 0.0


@kernel
def take_differences(t, y, i, s):
    """Add the differences of what the cells of a region give up to the cell i that takes it."""
    for c in range(y.mark.shape[0]):
        if y.mark[c, s] == 0.0 and t.region[c] == t.region[i]:
            for j in range(1, LEVELS):
                y.stored[j, i, s] += y.stored[j, c, s]


@apart(none)
@kernel
def multiply(y, j, factor):
    """Multiply the differences of a level."""
    add_all(y.u[j], factor - 1.0, y.u[j])
    add_all(y.stored[j], factor - 1.0, y.stored[j])
    add_1(y.displaced[j], factor - 1.0, y.displaced[j])
    add_1(y.gate[j], factor - 1.0, y.gate[j])


@apart(float64)
@kernel
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


@apart(none)
@kernel
def restore(y, h):
    """Take `prepare` back."""
    k, alike = y.tally[ORDER], y.tally[ALIKE]
    for i in range(1, k + 1):
        y.steps[i - 1] = y.steps[i] - h
    for j in range(alike, k + 1):
        multiply(y, j, 1.0 / y.beta[j])


@apart(none)
@kernel
def predict(t, w, y, ledger, dh):
    """Write the predicted values and what the past fixes of the stage; of traces that is what cells hold now."""
    k = y.tally[ORDER]
    copy_all(y.u_at, y.u[0])
    copy_all(y.stored_at, y.stored[0])
    fill_all(y.known, 0.0)
    copy_1(y.displaced_at, y.displaced[0])
    fill_1(y.displaced_known, 0.0)
    copy_1(y.gate_at, y.gate[0])
    fill_1(y.gate_known, 0.0)
    for j in range(1, k + 1):
        factor = -dh * y.gamma[j]
        add_all(y.u_at, 1.0, y.u[j])
        add_all(y.stored_at, 1.0, y.stored[j])
        add_all(y.known, factor, y.stored[j])
        add_1(y.displaced_at, 1.0, y.displaced[j])
        add_1(y.displaced_known, factor, y.displaced[j])
        add_1(y.gate_at, 1.0, y.gate[j])
        add_1(y.gate_known, factor, y.gate[j])
    add_all(y.known, 1.0, y.stored_at)
    hold_traces(t, y.known, y.stored[0], ledger, y.scale)
    add_1(y.displaced_known, 1.0, y.displaced_at)
    add_1(y.gate_known, 1.0, y.gate_at)
    copy_all(w.u, y.u_at)
    w.number[VOLTAGE] = y.gate_at[0]


@apart(none)
@kernel
def take_up(w, y):
    """Take the new values into the differences."""
    k = y.tally[ORDER]
    raise_levels(y.u, k, w.u, y.u_at)
    raise_levels(y.stored, k, w.stored, y.stored_at)
    copy_1(y.displaced_now, w.flow[:, POTENTIAL])
    raise_levels(y.displaced, k, y.displaced_now, y.displaced_at)
    raise_levels(y.gate, k, y.gate_now, y.gate_at)


@apart(none)
@kernel
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
