"""What is told of a run that cannot go on: when, why and where, what was tried and what may help."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from eisfv import failure_causes, spent_hosts, spent_places
from eisfv.case import host_start
from eisfv.constants import BEYOND_REASON, COUPLE, EVAPORATES, TUNNELS
from eisfv.device.build import Built
from eisfv.equations.unknowns import name_of, potential
from eisfv.model.steps import CurrentStep, OpenCircuitStep, Step
from eisfv.model.waveforms import Constant
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Source
from eisfv.stepping.accepted import Failure
from eisfv.stepping.integrate import StepCounts
from eisfv.stepping.state import State

NOT_TAKEN = "so that the step is not taken"  # how the reason ends where a step breaks its own drive


@dataclass(frozen=True)
class Stopped:
    """A run that stopped.

    begin          the state in which its protocol step began
    step           that protocol step as it is driven, None before the first
    source         the drive of a protocol step at a time (s) since it began
    counts         what the steps of the run have cost
    smallest_step  s
    """

    built: Built
    newton: Newton
    begin: State
    step: Step | None
    source: Callable[[Step, float], Source]
    counts: StepCounts
    smallest_step: float

    def explain(self, failure: Failure) -> str:
        """Return one line on a failure: when, which unknown, which region, what was tried."""
        cell, unknown = failure.worst
        name = name_of(unknown, self.built.species)
        region = self.built.mesh.regions[self.built.mesh.region[cell]]
        reason = failure.reason
        if "singular" in reason:
            reason = f"{reason}: {failure_causes.unheld(self.built, failure.state, cell, unknown)}"
        causes = "; ".join(self.causes(failure))
        return (
            f"{past(failure.state, causes or f'{name} in {region} resisted')}: {reason}; "
            f"steps down to {failure.h:.3g} s were tried ({self.counts.cut} cut, {self.counts.rejected} refused in "
            "this run)" + ("" if causes else f"; {self.remedy(failure)} may help")
        )

    def causes(self, failure: Failure) -> Iterator[str]:
        """Give what the device itself shows to be the cause of a failure."""
        built, step, state = self.built, self.step, failure.state
        steady = isinstance(step, CurrentStep) and isinstance(step.value, Constant)
        current = step.waveform.value(0.0) if step is not None and steady else 0.0
        yield from spent_hosts.exhausted(built, self.begin, state, current)
        yield from failure_causes.emptied(built, state, current)
        if isinstance(step, OpenCircuitStep):
            lost = list(failure_causes.stranded(built, state))
            yield from lost or spent_places.unset(built, state, step.duration)
        elif isinstance(step, CurrentStep):
            drained = list(spent_places.drained(built, state, step))
            yield from drained or spent_places.slow(built, state, step.duration)
        yield from failure_causes.beyond_breakdown(built, state.at.voltage * built.thermal_voltage)
        if state.time == 0.0:
            yield from host_start.short_circuits_told(built.device)
            yield from host_start.uniform_and_uphill(built.device)
        yield from failure_causes.off_rest(built, state, failure.worst)
        yield from failure_causes.beyond_model(built, state)
        yield from spent_places.bare(built, state)
        yield from spent_places.starved(built, state)
        if step is not None:
            source = self.source(step, step.duration)
            yield from failure_causes.beyond_current(built, self.newton, state, source, step.duration - state.offset)

    def remedy(self, failure: Failure) -> str:
        """Return what may help: no smaller step than the clock counts or the device can answer to."""
        if failure.reason.endswith(NOT_TAKEN):
            return "a smaller solver.newton"
        counted = failure_causes.COUNTED * float(np.spacing(failure.state.offset))
        able = self.smallest_step > max(counted, 1e-3 * failure_causes.shortest_time(self.built))
        more = (
            ", a larger solver.tolerance or a smaller solver.smallest_step" if able else " or a larger solver.tolerance"
        )
        return f"gentler edges of the drive{more}"


def past(state: State, why: str) -> str:
    """Return the line on a run that the device ends at a state."""
    return f"no solution past t = {state.time:.9g} s: {why}"


def beyond_reason(built: Built, state: State) -> str:
    """Return what is told of a state that a current has driven to what no device bears, "" of any other: a voltage
    between the terminals, or, where they are further apart than two electrodes are, a field at which any surface
    evaporates, or at which the electrons of any layer tunnel through it."""
    voltage = state.at.voltage * built.thermal_voltage
    limit = "which no device bears" if abs(voltage) > BEYOND_REASON else ""
    if not limit and abs(voltage) > COUPLE:
        limit = "; ".join(unbearable(built, state))
    if not limit:
        return ""
    told = [
        f"the terminals would be {voltage:.3g} V apart, {limit}",
        *failure_causes.beyond_model(built, state),
        *spent_places.starved(built, state),
        "see whether the current has a way through every region",
    ]
    return "; ".join(told)


def unbearable(built: Built, state: State) -> Iterator[str]:
    """Give what is told of fields that no surface and no layer of a stack bears."""
    volts = potential(state.at.u) * built.thermal_voltage
    regions = built.device.regions
    if any(failure_causes.largest_field(built, volts, r) > EVAPORATES for r in range(len(regions))):
        yield "and at 57 V/nm even tungsten evaporates"
    for r, region in enumerate(regions if built.device.section is None else ()):
        own = built.mesh.region == r
        mean = float(np.ptp(volts[own]) / np.ptp(built.mesh.position[own, 0]))
        if mean > TUNNELS:
            yield f"{mean * 1e-9:.3g} V/nm all across {region.name}, where electrons tunnel through any solid"
