"""A jump of the drive in parts, in compiled code: what `eisfv.stepping.split_jump` is to any device."""

from numba import int64

from eisfv.array_loops import copy_all
from eisfv.compiled_apart import apart
from eisfv.kernel import allocating
from eisfv.solve.compiled_stage import CONVERGED, STILL_MOVING, stage
from eisfv.solve.newton import ITERATIONS_CORNER
from eisfv.solve.stage_work import FACTORED, VOLTAGE
from eisfv.stepping.step_size import FIRST_PART, PARTS_MOST, next_part


@apart(int64)
@allocating
def split_stage(t, a, w, u, known, gate, current, h, by_voltage, value, resistance, tolerance):
    """Solve the step of `stage` with the jump in parts; return CONVERGED, or why not.

    u (cells, unknowns), gate (voltage RT/F, displacement mol), current (mol/s): before the jump; known: amounts
    (cells, species), mol
    """
    number = w.number
    old = gate[0] + resistance * current if by_voltage else current
    made, share, voltage = 0.0, FIRST_PART, gate[0]
    near, code = u.copy(), int64(STILL_MOVING)
    for _ in range(PARTS_MOST if value != old else 0):
        reached = min(1.0, made + share)
        number[FACTORED], number[VOLTAGE] = 0.0, voltage
        copy_all(w.u, near)
        part = old + reached * (value - old)
        code = stage(t, a, w, known, gate[1], h, by_voltage, part, resistance, tolerance, int64(ITERATIONS_CORNER))
        if code == CONVERGED:
            if reached == 1.0:
                break
            made, voltage = reached, number[VOLTAGE]
            copy_all(near, w.u)
        share = next_part(share, code == CONVERGED)
        if share == 0.0:
            break
    return code
