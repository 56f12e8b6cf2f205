"""TR-BDF2 on the stored amounts: a trapezoidal stage, then the second-order backward formula.

    q_g - d h q'_g = q_n + d h q'_n                           d = g/2, g = 2 - sqrt 2
    q_1 - d h q'_1 = [q_g - (1-g)^2 q_n] / (g (2-g))

q' is the rate that the fluxes give. Both stages carry the same weight d h and share a matrix. The rates come from the
stage equations, never from fluxes evaluated anew, so the amounts obey the balances exactly. Rows without storage hold
at every stage. L-stable, second order; the error estimate is that of the embedded third-order formula, filtered by the
stage's matrix so that modes that have died out do not limit the step.

Sources: R. E. Bank et al., IEEE Trans. CAD 4 (1985) 436; M. E. Hosea, L. F. Shampine, Appl. Numer. Math. 20 (1996) 21.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np

from eisfv.device.tables import Floats
from eisfv.equations.system import new_ledger
from eisfv.equations.unknowns import potential
from eisfv.solve.newton import ITERATIONS_CORNER, Newton, given
from eisfv.solve.stage_records import Iterate, Known, Source, Stage
from eisfv.stepping.charged_film import charge_films
from eisfv.stepping.state import State, counted

GAMMA = 2.0 - sqrt(2.0)
WEIGHT = 0.5 * GAMMA
FROM_STAGE = 1.0 / (GAMMA * (2.0 - GAMMA))
FROM_START = (1.0 - GAMMA) ** 2 / (GAMMA * (2.0 - GAMMA))
ERROR = 2.0 * (-3.0 * GAMMA**2 + 4.0 * GAMMA - 2.0) / (12.0 * (2.0 - GAMMA))


@dataclass(frozen=True)
class Tried:
    """A time step that was tried: its start as it was counted, the new state (None where a stage did not converge), the
    state between, the unfiltered error."""

    start: State
    end: State | None
    middle: State | None
    error: Floats | None
    failed: Stage | None = None


def backward_euler(
    newton: Newton, state: State, h: float, source: Source, guess: Iterate | None = None, short: bool = False
) -> Tried:
    """Return the state one implicit Euler step on: how a run leaves a corner of the drive.

    guess  where Newton starts, if something better than the state is known
    short  by short updates of Newton's iteration
    Its error is h/2 times the change of the rates, h^2 q''/2; the step that takes a jump of the drive has none to tell.
    """
    state = counted(newton, state)
    known = Known(state.stored, state.charge)
    stage = newton.stage(guess or jumped(newton, state, h, source), known, h, source, ITERATIONS_CORNER, short)
    if not stage.converged:
        return Tried(state, None, None, None, stage)
    end = advanced(state, h, stage, known, potential(state.flow), h)
    watts = power(source, end)
    end = end._replace(passed=state.passed + h * end.current, spent=state.spent + h * watts)
    # What a jump of the drive sets off dies out: its chord says nothing of what follows.
    end = end._replace(slope=Iterate(np.zeros_like(end.at.u), 0.0))
    return Tried(state, end, None, 0.5 * h * (end.rate - state.rate))


def jumped(newton: Newton, state: State, h: float, source: Source) -> Iterate:
    """Return where a drive that begins takes the unknowns within a step h (s), beside the voltage before it: a jump of
    the voltage falls where the device resists before any ion moves; a current charges the films that only their metals
    reach."""
    at = state.at
    if source.kind == "current":
        u = at.u.copy()
        return Iterate(u, charge_films(newton.t, u, at.voltage, state.stored, state.ledger, source.value * h))
    if not given(source):
        return at
    return Iterate(at.u + (source.value - at.voltage) * newton.move, at.voltage)


def tr_bdf2(newton: Newton, state: State, h: float, sources: tuple[Source, Source], short: bool = False) -> Tried:
    """Return the state one step on; sources at t + g h and at t + h; short: by short updates of Newton's iteration."""
    state = counted(newton, state)
    dh = WEIGHT * h
    reach = GAMMA * h
    known = Known(state.stored + dh * state.rate, state.charge + dh * state.charge_rate)
    slope = state.slope
    guess = Iterate(state.at.u + reach * slope.u, state.at.voltage + reach * slope.voltage)
    stage = newton.stage(guess, known, dh, sources[0], short=short)
    if not stage.converged:
        return Tried(state, None, None, None, stage)
    displaced = potential(state.flow)
    middle = advanced(state, reach, stage, known, displaced + dh * state.displacement_rate, dh)
    # A parabola through both states with the slope at the first.
    bend_u = (middle.at.u - state.at.u - reach * slope.u) / reach**2
    bend_v = (middle.at.voltage - state.at.voltage - reach * slope.voltage) / reach**2
    known = Known(
        # FROM_STAGE = 1 + FROM_START: so written, a still amount stays what it is to the last bit
        middle.stored + FROM_START * (middle.stored - state.stored),
        middle.charge + FROM_START * (middle.charge - state.charge),
    )
    guess = Iterate(state.at.u + h * (slope.u + h * bend_u), state.at.voltage + h * (slope.voltage + h * bend_v))
    if not slope.u.any():  # not known: a parabola would throw what has died out far beyond where it is
        guess = middle.at
    stage = newton.stage(guess, known, dh, sources[1], short=short)
    if not stage.converged:
        return Tried(state, None, None, None, stage)
    between = potential(middle.flow)
    end = advanced(state, h, stage, known, between + FROM_START * (between - displaced), dh)
    currents = (state.current, middle.current, end.current)
    powers = (power(sources[0], state), power(sources[0], middle), power(sources[1], end))
    end = end._replace(passed=state.passed + integral(h, *currents), spent=state.spent + integral(h, *powers))
    error = (ERROR * h) * (state.rate / GAMMA - middle.rate / (GAMMA * (1.0 - GAMMA)) + end.rate / (1.0 - GAMMA))
    return Tried(state, end._replace(slope=end_slope(state, middle, end, h)), middle, error)


def integral(h: float, start: float, middle: float, end: float) -> float:
    """Return the integral over a step of a quantity with these values at its states, by the weights of the scheme.

    The charge so integrated is the one the scheme has put into storage.
    """
    return WEIGHT * h * (FROM_STAGE * (start + middle) + end)


def power(source: Source, state: State) -> float:
    """Return the power that the source gives, in mol/s RT/F: what falls over the series resistance is its as well."""
    return state.current * (state.at.voltage + source.series * state.current)


def advanced(start: State, reach: float, stage: Stage, known: Known, displaced: Floats, dh: float) -> State:
    """Return the state at the end of a stage, `reach` (s) after the start; its slope is not known yet.

    displaced  (faces) the displacement that the past fixes, as `known` does of the amounts, mol
    """
    return State(
        start.start,
        start.offset + reach,
        stage.at,
        stage.stored,
        start.ledger,
        (stage.stored - known.stored) / dh,
        stage.charge,
        (stage.charge - known.charge) / dh,
        stage.current,
        stage.flow,
        stage.at,
        (potential(stage.flow) - displaced) / dh,
    )


def end_slope(start: State, middle: State, end: State, h: float) -> Iterate:
    """Return the slope at the end of the parabola through the three states of a step."""
    g = GAMMA
    w0, w1, w2 = (1.0 - g) / (g * h), -1.0 / (g * (1.0 - g) * h), (2.0 - g) / ((1.0 - g) * h)
    u = w0 * start.at.u + w1 * middle.at.u + w2 * end.at.u
    voltage = w0 * start.at.voltage + w1 * middle.at.voltage + w2 * end.at.voltage
    return Iterate(u, voltage)


def initial_state(at: Iterate, stored: Floats, charge: float, flow: Floats) -> State:
    """Return a state at rest at time zero."""
    still, ledger, slope = np.zeros_like(stored), new_ledger(*stored.shape), Iterate(np.zeros_like(at.u), 0.0)
    return State(Fraction(0), 0.0, at, stored, ledger, still, charge, 0.0, 0.0, flow, slope, np.zeros(len(flow)))
