"""A device under a protocol: the core without files.

simulation = Simulation(device)
for accepted in simulation.drive(VoltageStep(0.5, Constant(1.0))):
    ...
simulation.state, simulation.voltage, simulation.profile()
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, partial
from math import inf
from typing import Any

from eisfv import spent_hosts
from eisfv.complete_layers import CompleteLayers
from eisfv.constants import FARADAY
from eisfv.device.build import build
from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.errors import FAILED, EisfvError
from eisfv.failure_causes import without_carriers
from eisfv.mesh.records import Mesh
from eisfv.model.driven import begun, corners, extreme
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import Step
from eisfv.model.waveforms import Constant
from eisfv.observers.flatness import Flatness
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.thresholds import Thresholds
from eisfv.sealed_films import SealedFilms
from eisfv.solve.linear import linear_solver
from eisfv.solve.newton import Newton
from eisfv.solve.ranks import ALONE, Ranks
from eisfv.solve.stage_records import Source
from eisfv.start_state import start_state
from eisfv.stepping.accepted import Accepted, Failure
from eisfv.stepping.choice import chosen_integrator
from eisfv.stepping.driven import Driven
from eisfv.stepping.event import stretch_until
from eisfv.stepping.profile import Profile, profile_of
from eisfv.stepping.smooth_drive import SmoothDrive, smooth_drive
from eisfv.stepping.state import State
from eisfv.stopped import NOT_TAKEN, Stopped, beyond_reason, past

# Of a drive that carriers of a band follow: steps from corner to corner; in a protocol step of many corners at most.
FOLLOWED, FOLLOWED_MOST = 100, 5000


class SolverError(EisfvError):
    """A stretch of the protocol could not be finished; `failure` says where and why.

    run  what was reached, where a whole case was run: an `eisfv.Run`
    """

    exit_code = FAILED

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure
        self.run: Any = None


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
        self.newton = Newton(tables, linear, self.options.newton_tolerance, self.ranks)
        self.integrator = chosen_integrator(self.built, self.newton, self.options, banded)
        self.films, self.layers = SealedFilms(self.built, self.options.method), CompleteLayers(self.built)
        self.banded = any(bands(region.material) for region in device.regions)
        # Why the double layers do not begin relaxed, "" where they do.
        self.state, self.unrelaxed = start_state(self.built, linear, self.newton)
        self.begin: State = self.state
        self.driven: Step | None = None
        self.level = 0.0  # where the source stood when the protocol step began, V or A
        self.reached = False  # what the protocol step waits for

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

    @cached_property
    def flatness(self) -> Flatness:
        """Return what tells whether the regions carry the current that is imposed."""
        return Flatness(self.built)

    def drive(self, step: Step, resume: bool = False) -> Iterator[Accepted]:
        """Yield the accepted steps of one protocol step, the state moving along; SolverError where it stops short.

        With `resume` the state is already inside it.
        """
        step = self.begun(step, resume)
        if not resume:
            self.state = self.state.begun()
        self.begin, self.driven, self.reached = self.state, step, False
        self.films.begun.clear()
        for outcome in self.stretches(step, resume):
            if isinstance(outcome, Failure):
                why = ""
                if step.drive != "voltage" and outcome.state.time > 0.0:  # before, no step has shown anything
                    current = self.source(step, outcome.state.offset + outcome.h).value
                    why = "; ".join(self.layers.told(outcome.state))
                    spent = bool(why) or self.films.spent(outcome, step, current)
                    outcome = replace(outcome, of_device=spent)
                raise SolverError(past(outcome.state, why) if why else self.explain(outcome), outcome)
            broken = self.flatness.broken(outcome) if step.drive == "current" else ""
            if broken:
                lost = any(without_carriers(self.built, outcome.end))
                failure = Failure(self.state, outcome.h, (0, 0), f"{broken}, {NOT_TAKEN}", of_device=lost)
                raise SolverError(self.explain(failure), failure)
            ended = self.ended(step, outcome) if step.drive != "voltage" else ""
            if ended:
                raise SolverError(ended, Failure(self.state, outcome.h, (0, 0), ended, of_device=True))
            self.state = outcome.end
            self.reached = outcome.over
            at_end = outcome.end.offset >= step.duration
            yield outcome._replace(over=True) if at_end else outcome
            if self.reached:
                return

    def ended(self, step: Step, accepted: Accepted) -> str:
        """Return why what is no imposed voltage cannot go on behind a step: no device bears it, rounding has emptied a
        film, no charge answers a double layer, or a host is full or empty; "" where it can."""
        beyond = beyond_reason(self.built, accepted.end)
        if beyond:
            return past(self.state, beyond)
        # The first row of a step begins where a voltage that was imposed has ended.
        layered = accepted.end if self.state.offset > 0.0 else self.state
        spent = self.films.lost(accepted) or "; ".join(self.layers.told(layered))
        if not spent and step.drive == "current":
            source = self.source(step, step.duration)
            spent = spent_hosts.ended(self.built, lambda: self.aside, step, self.begin, accepted, source)
        return past(accepted.end, spent) if spent else ""

    @cached_property
    def aside(self) -> Newton:
        """Return a Newton that looks ahead: what it counts by and factors is no part of the run."""
        linear = linear_solver(self.newton.linear.name, self.built.tables, ranks=self.ranks)
        return Newton(self.built.tables, linear, self.options.newton_tolerance, self.ranks)

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
            self.integrator.largest = self.largest_step(step, corner - last)
            last = corner
            if until is None:
                yield from self.integrator.stretch(self.state, corner, drive, resume=inside)
            else:
                excess = partial(self.thresholds.excess, until)
                yield from stretch_until(self.integrator, self.state, corner, drive, inside, excess)

    def largest_step(self, step: Step, stretch: float) -> float:
        """Return the bound (s) of the time steps in a stretch (s) of a protocol step.

        Electrons and holes of a band follow a drive at once: nothing that moves slowly tells that they bend, so the
        stretches of a drive that varies are divided, unless the options have a bound of their own.
        """
        if self.options.largest_step is not None:
            return float(self.options.largest_step)
        if not self.banded or step.drive == "open_circuit" or isinstance(step.waveform, Constant):
            return inf
        return max(stretch / FOLLOWED, step.duration / FOLLOWED_MOST)

    def run(self, step: Step) -> State:
        """Drive one protocol step to its end and return the state."""
        for _ in self.drive(step):
            pass
        return self.state

    def explain(self, failure: Failure) -> str:
        """Return one line on a failure of the present protocol step."""
        counts, smallest = self.integrator.counts, float(self.options.smallest_step)
        stopped = Stopped(self.built, self.newton, self.begin, self.driven, self.source, counts, smallest)
        return stopped.explain(failure)

    def profile(self) -> Profile:
        """Return cell values at the present state."""
        return profile_of(self.built.tables, self.thermal_voltage, self.state)


def no_current(offset: float) -> float:
    """Return the current at open circuit."""
    return 0.0
