"""Leaving a corner of the drive: one implicit Euler step, short enough that little moves, begins a row of steps."""

from numba import int64
from numba.core.types import none

from eisfv.array_loops import copy_all, fill_all
from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import POTENTIAL
from eisfv.kernel import kernel
from eisfv.solve.compiled_stage import CONVERGED, stage
from eisfv.solve.newton import ITERATIONS_CORNER
from eisfv.solve.stage_work import CHARGE, CURRENT, FACTORED, VOLTAGE, WORST
from eisfv.stepping.batch import FAILED, GOING, record
from eisfv.stepping.charged_film import charge_films, films_hold
from eisfv.stepping.differences import (
    ALIKE,
    CELL,
    CUTS,
    ERROR,
    LEVELS,
    NEXT,
    OFFSET,
    ORDER,
    ORDER_USED,
    REASON,
    SIZED,
    SPECIES,
    STARTING,
    STEPS,
    TRIED,
    USED,
    WEIGHT,
    recount,
)
from eisfv.stepping.smooth_drive import drive_at
from eisfv.stepping.split_stage import split_stage
from eisfv.stepping.step_size import FIRST_CHANGE, FLOOR, counting, first_step, least_step, next_try, second_step

TOO_LARGE, ROUNDED_FILM = -2, -3  # why the last try failed, beside what a stage says
ROUNDED_OFF = "where a step had a solution, rounding set what a film held"


@kernel
def leave_corner(t, a, w, y, drive, options, until, out):
    """Take one implicit Euler step from the offset in `number`, short enough that little moves; FAILED where none is.

    The history is left at order 1. A jump of the drive that Newton refuses is made in parts, for as long as that goes.
    options: tolerance of a step, of Newton, smallest and largest step (s)
    """
    newton, smallest, largest = options[1], options[2], options[3]
    left = until - y.number[OFFSET]
    least = least_step(smallest, left, y.number[OFFSET])
    first = counting(first_step(smallest, largest, left, y.number[OFFSET], options[0]), y.number[OFFSET])
    y.number[TRIED] = first
    recount(t, a, w, y)
    u, stored, gate, current = y.u[0], y.stored[0], y.gate[0], w.number[CURRENT]
    h, parts = first, True
    while h > 0.0:
        h = counting(h, y.number[OFFSET])
        y.number[TRIED] = min(y.number[TRIED], h)
        by_voltage, value, resistance = drive_at(drive, y.number[OFFSET] + h)
        start_behind(t, a, w, y, h, by_voltage, value, resistance)
        code = stage(t, a, w, stored, gate[1], h, by_voltage, value, resistance, newton, int64(ITERATIONS_CORNER))
        if code != CONVERGED and parts:
            code = split_stage(t, a, w, u, stored, gate, current, h, by_voltage, value, resistance, newton)
            parts = code == CONVERGED
        y.tally[REASON] = code
        if code == CONVERGED:
            change = largest_change(t, a, w, y)
            kept = by_voltage or films_hold(t, stored, w.stored, a.ledger, value * h)
            if change < FIRST_CHANGE and kept:
                begin(w, y, h, left, until, second_step(h, change), power(drive, w))
                record(a, w, y, out, int64(0), h, int64(1), h)
                return GOING
            y.tally[REASON] = TOO_LARGE if kept else ROUNDED_FILM
            y.number[ERROR] = change
        else:
            y.tally[CELL], y.tally[SPECIES] = w.tally[WORST] // u.shape[1], w.tally[WORST] % u.shape[1] - 1
        y.tally[CUTS] += 1
        h = next_try(h, first, least, min(left, largest))
    return FAILED


@kernel(inline="always")
def start_behind(t, a, w, y, h, by_voltage, value, resistance):
    """Write where Newton starts on a step h (s): where the drive sets the voltage of the gate, its jump falls where the
    device resists before any ion moves; a current charges the films that only their metals reach."""
    u, voltage = y.u[0], y.gate[0, 0]
    w.number[FACTORED] = 0.0
    copy_all(w.u, u)
    w.number[VOLTAGE] = voltage
    if not by_voltage:
        w.number[VOLTAGE] = charge_films(t, w.u, voltage, y.stored[0], a.ledger, value * h)
    elif resistance == 0.0:
        jump = value - voltage
        for i in range(u.shape[0]):
            for p in range(u.shape[1]):
                w.u[i, p] += jump * w.move[i, p]


@kernel(inline="always")
def largest_change(t, a, w, y):
    """Return the largest change of an ion's storage in the step, relative to what there is, and note where it is."""
    change, stored = 0.0, y.stored[0]
    for i in range(stored.shape[0]):
        for s in range(stored.shape[1]):
            if y.scale[i, s] > 0.0:
                held = t.volume[i] * a.local.concentration[i, s] + y.scale[i, s] / FLOOR
                share = abs(w.stored[i, s] - stored[i, s]) / held
                if share > change or share != share:
                    change, y.tally[CELL], y.tally[SPECIES] = share, i, s
    return change


@apart(none)
@kernel
def begin(w, y, h, left, until, grown, watts):
    """Begin a history of order 1 with the Euler step h (s) that the stage has just made; grown: the next step, s."""
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
    count[SIZED] = 0
    w.number[FACTORED] = 0.0


@kernel(inline="always")
def power(drive, w):
    """Return the power that the source gives, in mol/s RT/F: what falls over the series resistance is its as well."""
    current = w.number[CURRENT]
    return current * (w.number[VOLTAGE] + drive.kind[2] * current)
