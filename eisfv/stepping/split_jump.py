"""A jump of the drive that Newton refuses is taken in parts within one step.

    drive = old + s (new - old),    0 < s <= 1

Every part is the same implicit Euler step from the same amounts, solved from the solution of the part before; the last
one, s = 1, is where Newton starts on the step itself. The step, its amounts and its error are those of a jump at once:
only the start value is another. A part that fails is made smaller, one that succeeds is followed by a larger one.

Source: continuation in a parameter, E. L. Allgower, K. Georg, Numerical Continuation Methods, Springer 1990, ch. 2.
"""

from eisfv.solve.newton import ITERATIONS_CORNER, Newton
from eisfv.solve.stage_records import Iterate, Known, Source
from eisfv.stepping.state import State, counted
from eisfv.stepping.step_size import FIRST_PART, PARTS_MOST, next_part


def split_jump(newton: Newton, state: State, h: float, source: Source) -> Iterate | None:
    """Return where Newton has a near start for a step h (s) that begins with a jump to `source`; None where no part of
    the jump can be made, or none was."""
    state = counted(newton, state)
    known, at = Known(state.stored, state.charge), state.at
    old = state.at.voltage + source.resistance * state.current if source.kind == "voltage" else state.current
    made, share = 0.0, FIRST_PART
    for _ in range(PARTS_MOST if source.value != old else 0):
        reached = min(1.0, made + share)
        newton.forget()
        part = source._replace(value=old + reached * (source.value - old))
        stage = newton.stage(at, known, h, part, ITERATIONS_CORNER)
        if stage.converged:
            made, at = reached, stage.at
        if made == 1.0:
            newton.forget()
            return at
        share = next_part(share, stage.converged)
        if share == 0.0:
            break
    return None
