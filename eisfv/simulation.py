"""A device under a protocol: the core without files.

simulation = Simulation(device)
for accepted in simulation.drive(VoltageStep(0.5, Constant(1.0))):
    ...
simulation.state, simulation.voltage, simulation.profile()
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from eisfv import failure_causes
from eisfv.case import host_start
from eisfv.constants import BEYOND_REASON, FARADAY
from eisfv.device.build import build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Floats
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import electrochemical, name_of, potential, species
from eisfv.errors import FAILED, EisfvError
from eisfv.mesh.records import Mesh
from eisfv.model.driven import begun, corners, extreme
from eisfv.model.protocol import CurrentStep, Step
from eisfv.model.solver_options import SolverOptions
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.thresholds import Thresholds
from eisfv.solve.equilibrium import EquilibriumError, equilibrium
from eisfv.solve.errors import SetupError
from eisfv.solve.linear import linear_solver
from eisfv.solve.newton import Known, Newton, Source
from eisfv.solve.ranks import ALONE, Ranks
from eisfv.stepping.accepted import Accepted, Failure
from eisfv.stepping.compiled import CompiledIntegrator
from eisfv.stepping.event import stretch_until
from eisfv.stepping.growth import Growth
from eisfv.stepping.integrate import Driven, Integrator
from eisfv.stepping.separating import SeparatingIntegrator
from eisfv.stepping.smooth_drive import SmoothDrive, smooth_drive
from eisfv.stepping.state import State
from eisfv.stepping.tr_bdf2 import initial_state


class SolverError(EisfvError):
    """A stretch of the protocol could not be finished; `failure` says where and why.

    run  what was reached, where a whole case was run: an `eisfv.Run`
    """

    exit_code = FAILED

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure
        self.run: Any = None


@dataclass(frozen=True)
class Profile:
    """Cell values at one instant, surface nodes included.

    potential (cells) V; concentration (cells, species) mol/m3; level (cells, species) electrochemical potential in RT;
    flow (faces, species) mol/s from left to right and displacement (faces) C, as the balances carry them
    """

    potential: Floats
    concentration: Floats
    level: Floats
    flow: Floats
    displacement: Floats


class Simulation:
    """A built device with its solver and its state."""

    def __init__(
        self,
        device: Device,
        options: SolverOptions | None = None,
        mesh: Mesh | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        said = options or SolverOptions()
        self.device = device
        self.built = build(device, mesh or mesh_of(device))
        self.thermal_voltage = self.built.thermal_voltage
        tables = self.built.tables
        self.ranks = ranks or ALONE
        linear = linear_solver(said.linear, tables, said.petsc, self.ranks)
        banded = linear.name == "banded" and self.ranks.size == 1
        self.options = said.completed()
        try:
            start = equilibrium(self.built, linear)
        except EquilibriumError as failure:
            causes = "; ".join(host_start.warnings(device))
            raise EquilibriumError(
                f"the initial state did not converge: {causes}" if causes else str(failure)
            ) from None
        self.newton = Newton(tables, linear, self.options.newton_tolerance, self.ranks)
        self.integrator = self.chosen_integrator(banded)
        self.newton.evaluate(start, Known(np.zeros_like(self.newton.system.stored), 0.0), 1.0, True)
        charge = float(self.newton.gate[1])
        self.state: State = initial_state(start, self.newton.system.stored.copy(), charge, self.newton.flows())
        self.begin: State = self.state
        self.driven: Step | None = None
        self.level = 0.0  # where the source stood when the protocol step began, V or A
        self.reached = False  # what the protocol step waits for

    def chosen_integrator(self, banded: bool) -> Integrator | CompiledIntegrator | SeparatingIntegrator:
        """Return the time integrator that device and options mean; banded: whether the matrix is a band, on one
        process. SetupError where they do not go together."""
        plain = self.plain_integrator(banded)
        return SeparatingIntegrator(plain, Growth(self.built)) if self.built.tables.gradient.any() else plain

    def plain_integrator(self, banded: bool) -> Integrator | CompiledIntegrator:
        """Return the time integrator that the options mean; banded: whether the matrix is a band, on one process.
        SetupError where it does not go with the device."""
        method = self.options.method
        if method == "bdf" and not banded:
            raise SetupError(
                'solver.method = "bdf" is for stacks, on one process and with solver.linear = "auto" or "banded"; '
                'take "tr_bdf2", or leave it out'
            )
        if method == "bdf":
            return CompiledIntegrator(self.newton, self.built.bulk, self.options)
        return Integrator(self.newton, self.built.bulk, self.options)

    @property
    def voltage(self) -> float:
        """Return the gate voltage in V, gate minus channel."""
        return self.state.at.voltage * self.thermal_voltage

    @property
    def current(self) -> float:
        """Return the current into the gate in A."""
        return self.state.current * FARADAY

    def smooth(self, step: Step, start: float, stop: float) -> SmoothDrive:
        """Return the scaled drive between two corners, as compiled code reads it."""
        series = self.device.series_resistance * FARADAY / self.thermal_voltage
        by_voltage = step.drive == "voltage"
        value = no_current if step.drive == "open_circuit" else step.waveform.value
        return smooth_drive(value, start, stop, by_voltage, self.scale_of(step), series, extreme(step))

    def scale_of(self, step: Step) -> float:
        """Return what turns the values of a step's waveform into RT/F or mol/s of charge."""
        return 1.0 / (self.thermal_voltage if step.drive == "voltage" else FARADAY)

    def source(self, step: Step, offset: float) -> Source:
        """Return the scaled drive at a time since the step began, s."""
        series = self.device.series_resistance * FARADAY / self.thermal_voltage
        if step.drive == "voltage":
            return Source("voltage", step.waveform.value(offset) / self.thermal_voltage, series, series)
        level = step.waveform.value(offset) if step.drive == "current" else 0.0
        return Source("current", level / FARADAY, 0.0, series)

    def begun(self, step: Step, resume: bool = False) -> Step:
        """Return a protocol step as it is driven from here, or from where it began: a ramp may start from there."""
        if not resume:
            series = self.device.series_resistance * self.current
            self.level = self.voltage + series if step.drive == "voltage" else self.current
        return begun(step, self.level)

    @cached_property
    def thresholds(self) -> Thresholds:
        """Return what a protocol step may wait for."""
        return Thresholds(self.built, ChannelReadout(self.built))

    def drive(self, step: Step, resume: bool = False) -> Iterator[Accepted]:
        """Yield the accepted steps of one protocol step, the state moving along; SolverError where it stops short.

        With `resume` the state is already inside it.
        """
        step = self.begun(step, resume)
        if not resume:
            self.state = self.state.begun()
        self.begin, self.driven, self.reached = self.state, step, False
        for outcome in self.stretches(step, resume):
            if isinstance(outcome, Failure):
                raise SolverError(self.explain(outcome), outcome)
            if step.drive != "voltage" and abs(outcome.end.at.voltage) * self.thermal_voltage > BEYOND_REASON:
                failure = Failure(self.state, outcome.h, (0, 0), "no device bears its voltage")
                raise SolverError(self.beyond_reason(outcome.end), failure)
            self.state = outcome.end
            self.reached = outcome.over
            at_end = outcome.end.offset >= step.duration
            yield outcome._replace(over=True) if at_end else outcome
            if self.reached:
                return

    def stretches(self, step: Step, resume: bool) -> Iterator[Accepted | Failure]:
        """Yield the steps from corner to corner of a protocol step, or to what it waits for."""
        until = step.until
        last = 0.0
        for corner in corners(step):
            if corner <= self.state.offset:
                last = corner
                continue
            # A state that stands on a corner leaves it as any run does.
            inside = resume and self.state.offset > last
            resume = False
            drive = Driven(partial(self.source, step), partial(self.smooth, step), self.scale_of(step) * extreme(step))
            if until is None:
                yield from self.integrator.stretch(self.state, corner, drive, resume=inside)
            else:
                excess = partial(self.thresholds.excess, until)
                yield from stretch_until(self.integrator, self.state, corner, drive, inside, excess)

    def run(self, step: Step) -> State:
        """Drive one protocol step to its end and return the state."""
        for _ in self.drive(step):
            pass
        return self.state

    def explain(self, failure: Failure) -> str:
        """Return one line on a failure: when, which unknown, which region, what was tried."""
        cell, unknown = failure.worst
        name = name_of(unknown, self.built.species)
        region = self.built.mesh.regions[self.built.mesh.region[cell]]
        counts = self.integrator.counts
        reason = failure.reason
        if "singular" in reason:
            reason = f"{reason}: {failure_causes.unheld(self.built, failure.state, cell, unknown)}"
        causes = "; ".join(self.causes(failure))
        return (
            f"no solution past t = {failure.state.time:.9g} s: {causes or f'{name} in {region} resisted'}: {reason}; "
            f"steps down to {failure.h:.3g} s were tried ({counts.cut} cut, {counts.rejected} refused in this run)"
            + ("" if causes else f"; {self.remedy(failure)} may help")
        )

    def beyond_reason(self, state: State) -> str:
        """Return what is told of a terminal voltage that no device bears."""
        told = [
            f"the terminals would be {state.at.voltage * self.thermal_voltage:.3g} V apart, which no device bears",
            *failure_causes.beyond_model(self.built, state),
            "see whether the current has a way through every region",
        ]
        return f"no solution past t = {self.state.time:.9g} s: {'; '.join(told)}"

    def causes(self, failure: Failure) -> Iterator[str]:
        """Give what the device itself shows to be the cause of a failure."""
        driven = self.driven
        steady = isinstance(driven, CurrentStep) and isinstance(driven.value, Constant)
        current = driven.waveform.value(0.0) if driven is not None and steady else 0.0
        yield from failure_causes.exhausted(self.built, self.begin, failure.state, current)
        yield from failure_causes.beyond_breakdown(self.built, failure.state.at.voltage * self.thermal_voltage)
        if failure.state.time == 0.0:
            yield from host_start.short_circuits_told(self.device)
        yield from failure_causes.beyond_model(self.built, failure.state)
        if driven is not None:
            rest = driven.duration - failure.state.offset
            source = self.source(driven, failure.state.offset + rest)
            yield from failure_causes.beyond_current(self.built, self.newton, failure.state, source, rest)

    def remedy(self, failure: Failure) -> str:
        """Return what may help: no smaller step than the clock counts or the device can answer to."""
        smallest = float(self.options.smallest_step)
        counted = failure_causes.COUNTED * float(np.spacing(failure.state.offset))
        able = smallest > max(counted, 1e-3 * failure_causes.shortest_time(self.built))
        more = (
            ", a larger solver.tolerance or a smaller solver.smallest_step" if able else " or a larger solver.tolerance"
        )
        return f"gentler edges of the drive{more}"

    def profile(self) -> Profile:
        """Return cell values at the present state."""
        t, u, flow = self.built.tables, self.state.at.u, self.state.flow
        local = laws_at(t, t.region, u)
        return Profile(
            potential(u) * self.thermal_voltage,
            local.concentration,
            electrochemical(t, u, local.mu),
            species(flow, t),
            potential(flow) * FARADAY,
        )


def no_current(offset: float) -> float:
    """Return the current at open circuit."""
    return 0.0
