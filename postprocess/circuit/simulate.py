"""The compact model under the steps of a protocol: LSODA between the corners of the drive.

An ideal voltage source has a resistance that no current of interest notices: with it every drive is the same kind of
equation, and the jump of a pulse's edge charges the electrolyte's capacitance within its first millionth.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.errors import FAILED, EisfvError
from eisfv.postprocess.protocol import DrivenStep, Stretch

from .equations import Equations
from .unsupported import UnsupportedError

Array = np.ndarray
# Of what an integration may miss in a step: relative, V, C/m2, share of sites; a fit takes `ROUGH` times as much.
RELATIVE, V_ABSOLUTE, Q_ABSOLUTE, X_ABSOLUTE = 1e-7, 1e-8, 1e-9, 1e-11
ROUGH = 100.0
STEPS = 5000  # between two compared times
SMOOTH = 32  # time steps, at least, between two corners that no straight line joins: none of its waves is stepped over
SUCCESS = "Integration successful."


class SimulationError(EisfvError, RuntimeError):
    """The equations could not be followed to the end."""

    exit_code = FAILED


@dataclass(frozen=True)
class Trace:
    """At times since its step began (s): device voltage V, charge C through the gate since the start of the run,
    conductance S, channel's filling.
    """

    time: Array
    voltage: Array
    charge: Array
    conductance: Array
    filling: Array


def simulate(
    model: Equations, start: Sequence[float], steps: Sequence[DrivenStep], times: Sequence[Array], slack: float = 1.0
) -> tuple[list[Trace], list[float]]:
    """Return what happens at times since each step began (s, ascending; its end is added), and the last state.

    slack  how many times the tolerances may be exceeded
    Raises SimulationError, UnsupportedError.
    """
    state = [float(v) for v in start]
    traces = []
    for step, wanted in zip(steps, times, strict=True):
        rows, state = through_step(model, state, step, wanted, slack)
        traces.append(rows)
    return traces, state


def through_step(
    model: Equations, state: list[float], step: DrivenStep, wanted: Array, slack: float = 1.0
) -> tuple[Trace, list[float]]:
    """Return the trace of one step at the wanted times and at its end, and the state there."""
    count = len(state)
    absolute = np.full(count, X_ABSOLUTE)
    absolute[0], absolute[1:3], absolute[-1] = V_ABSOLUTE, Q_ABSOLUTE, Q_ABSOLUTE
    rows: list[tuple[float, float, float, float, float]] = []
    for stretch in step.stretches:
        early, late = stretch.early, stretch.late
        path = drive(model, step.drive, course(step, stretch), late - early)
        longest = 0.0 if stretch.straight else (late - early) / SMOOTH
        own = wanted[(wanted > early) & (wanted <= late)] - early
        grid = np.unique(np.concatenate([[0.0], own, [late - early]]))

        def rhs(t: float, y: Array, path: Callable[[float, float], float] = path) -> list[float]:
            return model.slopes(y.tolist(), lambda v: path(t, v))

        try:
            found, info = integrated(rhs, state, grid, slack, absolute, longest)
        except (ArithmeticError, ValueError) as error:
            raise SimulationError(f"at t = {step.start + early:.9g} s: {error}") from None
        if info != SUCCESS or not np.isfinite(found).all():
            raise SimulationError(f"at t = {step.start + early:.9g} s: {info}")
        if any(model.beyond(y) for y in found.tolist()):
            raise UnsupportedError(
                f"at t = {step.start + early:.9g} s a host's double layer reaches fillings at which its ions alone "
                "would go uphill: there is no stable layer"
            )
        ends = late == step.duration
        for t, y in zip(grid[1:].tolist(), found[1:].tolist(), strict=True):
            if ends or t in own:
                voltage, charge = model.voltage(y), y[-1] * model.area
                rows.append((early + t, voltage, charge, model.conductance(y), model.filling(y)))
        state = found[-1].tolist()
    return Trace(*np.array(rows).T), state


def integrated(
    rhs: Callable[[float, Array], list[float]],
    state: list[float],
    grid: Array,
    slack: float,
    absolute: Array,
    longest: float,
) -> tuple[Array, str]:
    """Return the states at the times of a grid, and what LSODA says of it; longest: time step, 0: any."""
    from scipy.integrate import ODEintWarning, odeint  # here: 0.2 s that reading the package does not need

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", ODEintWarning)  # its message is returned
        found, info = odeint(
            rhs,
            state,
            grid,
            tfirst=True,
            rtol=slack * RELATIVE,
            atol=slack * absolute,
            mxstep=STEPS,
            hmax=longest,
            full_output=True,
        )
    return found, str(info["message"])


def course(step: DrivenStep, stretch: Stretch) -> Callable[[float], float]:
    """Return the level of a source (V or A) against the time since a stretch began."""
    if not stretch.straight:
        return lambda t: step.source.value(stretch.early + t)
    level, slope = stretch.first, (stretch.last - stretch.first) / (stretch.late - stretch.early)
    return lambda t: level + slope * t


def drive(
    model: Equations, kind: str, level: Callable[[float], float], duration: float
) -> Callable[[float, float], float]:
    """Return the current density of the ions' path (A/m2) against t and V. Raises UnsupportedError."""
    area, leak = model.area, model.leak
    match kind:
        case "voltage":
            resistance = max(model.series, model.unnoticed(duration))
            return lambda t, v: (level(t) - v) / resistance / area - leak * v
        case "current" | "open_circuit":
            return lambda t, v: level(t) / area - leak * v
        case _:
            raise UnsupportedError(
                f"the drive of a step is {kind}; the compact model has voltage, current, open_circuit"
            )
