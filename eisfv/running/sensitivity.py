"""A case run with TR-BDF2, its steps kept, and what its parameters do to a quantity: `eisfv.analysis.sensitivity`."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import exp

import numpy as np

from eisfv.analysis.sensitivity import STEP, Adjoint, Backward, Equations, NoSensitivityError, Pair, swept
from eisfv.analysis.steps_taken import MOST, TakenStep, taken
from eisfv.case.case import Case
from eisfv.case.parameters import Parameter, parameters, with_factor
from eisfv.case.problems import CaseError, Key
from eisfv.device.build import Built, build
from eisfv.device.stack import sizes_of, stack_of
from eisfv.device.tables import Floats
from eisfv.model.driven import known_before
from eisfv.observers.readout import ChannelReadout
from eisfv.result import file_names
from eisfv.simulation import Simulation
from eisfv.solve.equilibrium import equilibrium
from eisfv.solve.errors import EquilibriumError
from eisfv.solve.linear import linear_solver
from eisfv.stepping.state import State, amounts

NEWTON = 1e-8  # largest last update (RT): the sweep takes every stage for solved
UNITS = {"conductance": "S", "voltage": "V", "x_channel": ""}


@dataclass(frozen=True)
class Found:
    """Quantity O: its value, and of each parameter d O/d ln p; notes: parameters that are left out, and why."""

    value: float
    parameters: list[Parameter]
    slopes: Floats
    steps: int
    notes: list[str]


@dataclass(frozen=True)
class Driven:
    """A run: the accepted steps, and the states that a quantity is taken of: after so many steps, with what weight."""

    simulation: Simulation
    steps: list[TakenStep]
    marks: dict[int, tuple[float, State]]


def found(
    case: Case,
    sizes: Sequence[Floats] | None,
    quantity: str,
    pulse: int | None,
    only: Collection[Key] | None = None,
) -> Found:
    """Return what the parameters of a case do to a quantity ("conductance" S, "voltage" V of the gate, "x_channel" mean
    site fraction of the channel) at the end of its protocol; of a pulse, by number, to its change from the start of
    the pulse to that of the next one, or to the end.

    sizes  of the cells (m) of every region; None: by the case's lengths
    only   keys of the parameters that are looked at; None: all
    Raises NoSensitivityError, EquilibriumError, SolverError.
    """
    own = list(sizes) if sizes is not None else sizes_of(case.device)
    run = driven(case, own, pulse)
    built, of = run.simulation.built, quantity_of(quantity)
    seeds: dict[int, Adjoint] = {}
    backward = Backward(built)
    for number, (weight, state) in run.marks.items():
        seeds[number] = seed(backward, built, quantity, state, weight)
    kept: list[Parameter] = []
    pairs: list[Pair] = []
    devices: list[tuple[Built, Built]] = []
    notes = []
    for parameter in parameters(case):
        if only is not None and parameter.key not in only:
            continue
        try:
            low, high = (moved(case, own, parameter, sign * STEP) for sign in (-1.0, 1.0))
            alike(built, low, high)
        except (CaseError, NoSensitivityError) as error:
            reason = str(error).splitlines()[0].removeprefix(f"{parameter.name}: ")
            notes.append(f"{parameter.name} is left out: {reason}")
            continue
        kept.append(parameter)
        devices.append((low, high))
        pairs.append((Equations(low, built), Equations(high, built)))
    slopes, start = swept(backward, run.steps, seeds, pairs)
    for k, (pair, equations) in enumerate(zip(devices, pairs, strict=True)):
        try:
            ends = [begin(start, b, e) + explicit(built, b, of, run) for b, e in zip(pair, equations, strict=True)]
        except EquilibriumError as error:
            notes.append(f"{kept[k].name} is left out: {error}")
            slopes[k] = np.nan
            continue
        slopes[k] += (ends[1] - ends[0]) / (2.0 * STEP)
    there = np.isfinite(slopes)
    chosen = [parameter for parameter, is_there in zip(kept, there, strict=True) if is_there]
    return Found(explicit(built, built, of, run), chosen, slopes[there], len(run.steps), notes)


def refuse(case: Case, pulse: int | None) -> None:
    """Raise NoSensitivityError for what is not followed backward."""
    if case.device.section is not None:
        raise NoSensitivityError("sensitivities are those of a stack; remove device.section")
    if file_names.START in case.attachments:
        raise NoSensitivityError("sensitivities begin at rest, and the case has start = ...; drive what it starts from")
    for number, step in enumerate(case.protocol):
        if not known_before(step):
            raise NoSensitivityError(
                f"step {number + 1} of the protocol waits, or ramps from where its source stands; drop until, or give "
                "the ramp's from"
            )
    pulses = sum(step.pulse for step in case.protocol)
    if pulse is not None and not 1 <= pulse <= pulses:
        raise NoSensitivityError(f"pulse {pulse} is none of the protocol, which has {pulses}")


def driven(case: Case, sizes: Sequence[Floats], pulse: int | None) -> Driven:
    """Return a run up to where the quantity is taken."""
    options = replace(case.solver, method="tr_bdf2", petsc="", newton=min(case.solver.newton or NEWTON, NEWTON))
    simulation = Simulation(case.device, options, stack_of(case.device, sizes))
    if simulation.built.tables.gradient.any():
        raise NoSensitivityError("a film that falls apart is not followed backward; remove phase_separation")
    steps: list[TakenStep] = []
    marks: dict[int, tuple[float, State]] = {}
    count = 0
    for step in case.protocol:
        count += step.pulse
        if step.pulse and count == pulse:
            marks[len(steps)] = (-1.0, simulation.state)
        elif step.pulse and pulse is not None and count > pulse:
            break
        source = partial(simulation.source, step)
        for accepted in simulation.drive(step):
            steps.append(taken(accepted, source))
            if len(steps) > MOST:
                raise NoSensitivityError(f"the run takes more than {MOST} time steps; ask for an early pulse")
    marks[len(steps)] = (1.0, simulation.state)
    return Driven(simulation, steps, marks)


def moved(case: Case, sizes: Sequence[Floats], parameter: Parameter, by: float) -> Built:
    """Return the device with ln p moved, its cells those of the run, stretched with their regions."""
    device = with_factor(case, parameter, exp(by)).device
    stretched = [
        size * (region.height / own.height)
        for size, region, own in zip(sizes, device.regions, case.device.regions, strict=True)
    ]
    return build(device, stack_of(device, stretched))


def alike(built: Built, *others: Built) -> None:
    """Raise NoSensitivityError where the tables of devices do not have the shape of another's."""
    for other in others:
        for name, own, their in zip(built.tables._fields, built.tables, other.tables, strict=True):
            if own.shape != their.shape:
                raise NoSensitivityError(f"it changes what the equations are made of ({name})")


Quantity = Callable[[Built, ChannelReadout, Floats, float], float]


def quantity_of(name: str) -> Quantity:
    """Return what takes a quantity of a device with its read-out, amounts (cells, species) and voltage (RT/F)."""
    return {
        "conductance": lambda built, channel, held, voltage: channel.conductance_of(channel.carriers_of(held)),
        "voltage": lambda built, channel, held, voltage: voltage * built.thermal_voltage,
        "x_channel": lambda built, channel, held, voltage: channel.filling_of(channel.fractions_of(held)),
    }[name]


def seed(backward: Backward, built: Built, quantity: str, state: State, weight: float) -> Adjoint:
    """Return the slopes of a quantity at a state."""
    none, channel = backward.nothing(), ChannelReadout(built)
    if quantity == "voltage":
        return none._replace(voltage=weight * built.thermal_voltage)
    if quantity == "conductance":
        return none._replace(stored=weight * channel.slope_by_amounts(state))
    stored = np.zeros_like(none.stored)
    stored[channel.cells, channel.ion] = weight / (channel.sites * channel.volume.sum())
    return none._replace(stored=stored)


def explicit(own: Built, built: Built, of: Quantity, run: Driven) -> float:
    """Return the quantity as a device reads it from the amounts of the run."""
    channel = ChannelReadout(built)
    return sum(
        weight * of(built, channel, amounts(own.tables, state), state.at.voltage)
        for weight, state in run.marks.values()
    )


def begin(adjoint: Adjoint, built: Built, equations: Equations) -> float:
    """Return what the start of a device is worth to the quantity."""
    start = equilibrium(built, linear_solver("auto", built.tables))
    _, stored, gate = equations.at(start, 1.0)
    there = float(np.vdot(adjoint.stored, stored)) + adjoint.charge * float(gate[1])
    return there + adjoint.voltage * start.voltage
