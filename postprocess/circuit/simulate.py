"""The compact model under the steps of a protocol: LSODA between the corners of the drive.

An ideal voltage source has a resistance that no current of interest notices: with it every drive is the same kind of
equation, and the jump of an edge charges the electrolyte's capacitance within a millionth of the shortest part.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from eisfv.errors import FAILED, EisfvError
from eisfv.postprocess.protocol import DrivenStep, Stretch

from .equations import Equations
from .unsupported import UnsupportedError

Array = np.ndarray
RELATIVE = 1e-7  # of what an integration may miss in a step; a fit takes `ROUGH` times as much
ROUGH = 100.0
BEGIN = 1e-15  # s, before any electron of a channel has moved: the first step of stiff states
APART = 1e-6  # of states between which a derivative is a difference, C/m2 and shares of sites
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
    traces, least = [], model.unnoticed(shortest(steps))
    for step, wanted in zip(steps, times, strict=True):
        rows, state = through_step(model, state, step, wanted, slack, least)
        traces.append(rows)
    return traces, state


def shortest(steps: Sequence[DrivenStep]) -> float:
    """Return the shortest time between two corners of the drive, s: a pulse is over in a part of it, however long the
    rest behind it."""
    return min((part.late - part.early for step in steps for part in step.stretches), default=1.0)


def through_step(
    model: Equations, state: list[float], step: DrivenStep, wanted: Array, slack: float = 1.0, least: float = inf
) -> tuple[Trace, list[float]]:
    """Return the trace of one step at the wanted times and at its end, and the state there; least: resistance of an
    ideal source where a part of the step alone allows more, ohm."""
    absolute = np.array(model.absolute)
    rows: list[tuple[float, float, float, float, float]] = []
    for stretch in step.stretches:
        early, late = stretch.early, stretch.late
        path = drive(model, step.drive, course(step, stretch), min(least, model.unnoticed(late - early)))
        longest = 0.0 if stretch.straight else (late - early) / SMOOTH
        own = wanted[(wanted > early) & (wanted <= late)] - early
        grid = np.unique(np.concatenate([[0.0], own, [late - early]]))

        def rhs(t: float, y: Array, path: Callable[[float, float], float] = path) -> list[float]:
            return model.slopes(y.tolist(), lambda v: path(t, v))

        try:
            found, info = integrated(rhs, state, grid, slack, absolute, longest, derivatives(model, path))
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
    slopes: Callable[[float, Array], Array] | None = None,
) -> tuple[Array, str]:
    """Return the states at the times of a grid, and what LSODA says of it; longest: time step, 0: any; slopes: of the
    right side, None: LSODA finds them."""
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
            h0=BEGIN if slopes is not None else 0.0,
            Dfun=slopes,
            full_output=True,
        )
    return found, str(info["message"])


def derivatives(model: Equations, path: Callable[[float, Any], Any]) -> Callable[[float, Array], Array] | None:
    """Return the slopes of the right side of stiff states, all differences at once; None for others."""
    many = model.many
    if many is None:
        return None
    apart = APART * np.eye(len(model.absolute))

    def slopes(t: float, y: Array) -> Array:
        both = np.concatenate([y[:, None] + apart, y[:, None] - apart], axis=1)
        found = many(both, lambda v: path(t, v))
        return np.asarray((found[:, : y.size] - found[:, y.size :]) / (2.0 * APART))

    return slopes


def settled(model: Equations, state: Sequence[float], duration: float) -> list[float] | None:
    """Return the state after a duration (s) at open circuit, None where it cannot be followed."""

    def path(t: float, v: float) -> float:
        return 0.0 * v

    found, info = integrated(
        lambda t, y: model.slopes(y.tolist(), lambda v: path(t, v)),
        list(state),
        np.array([0.0, duration]),
        1.0,
        np.array(model.absolute),
        0.0,
        derivatives(model, path),
    )
    return found[-1].tolist() if info == SUCCESS and np.isfinite(found).all() else None


def course(step: DrivenStep, stretch: Stretch) -> Callable[[float], float]:
    """Return the level of a source (V or A) against the time since a stretch began."""
    if not stretch.straight:
        return lambda t: step.source.value(stretch.early + t)
    level, slope = stretch.first, (stretch.last - stretch.first) / (stretch.late - stretch.early)
    return lambda t: level + slope * t


def drive(
    model: Equations, kind: str, level: Callable[[float], float], least: float
) -> Callable[[float, float], float]:
    """Return the current density of the ions' path (A/m2) against t and V; least: resistance of an ideal source, ohm.
    Raises UnsupportedError."""
    area, leak = model.area, model.leak
    match kind:
        case "voltage":
            resistance = max(model.series, least)
            return lambda t, v: (level(t) - v) / resistance / area - leak * v
        case "current" | "open_circuit":
            return lambda t, v: level(t) / area - leak * v
        case _:
            raise UnsupportedError(
                f"the drive of a step is {kind}; the compact model has voltage, current, open_circuit"
            )
