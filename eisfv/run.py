"""Running a case: simulation, observers, result directory, checkpoints, progress."""

import sys
import time as clock
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eisfv.case.case import Case
from eisfv.device.tables import Floats
from eisfv.model.output import interval
from eisfv.model.protocol import Step
from eisfv.observers.profiles import Profiles, profile_variables
from eisfv.observers.pulses import Pulses
from eisfv.observers.records import Entry, Observer
from eisfv.observers.terminals import COLUMNS, Terminals
from eisfv.result import Column, ProfileVariable, ResultError, RunDirectory
from eisfv.result.status import State
from eisfv.run_elsewhere import Elsewhere, opened
from eisfv.run_state import Position, entries, restored
from eisfv.run_words import cells_of, solver_line, warnings
from eisfv.simulation import Simulation, SolverError
from eisfv.solve.ranks import ALONE, Ranks
from eisfv.stop_request import StopRequest

CHECKPOINT_EVERY = 20.0  # s of wall time


@dataclass(frozen=True)
class Progress:
    """How far a run is. time, duration in simulated s; pulse counts from 1; wall in s."""

    time: float
    duration: float
    pulse: int
    pulses: int
    wall: float


class StorageError(RuntimeError):
    """Results could not be written while the run went on; the message is one line for the user."""


Report = Callable[[Progress], None]
Warn = Callable[[str], None]


class CaseRun:
    """One run of one case into one directory."""

    def __init__(
        self, case: Case, directory: RunDirectory | Elsewhere, report: Report, ranks: Ranks, warn: Warn, merge: bool
    ) -> None:
        self.case, self.directory, self.report, self.ranks, self.warn = case, directory, report, ranks, warn
        self.merge = merge
        self.wall_start, self.last_checkpoint = clock.monotonic(), clock.monotonic()
        self.wall_before = 0.0
        self.duration, self.pulse_count = case.protocol.duration, case.protocol.pulses
        self.request = StopRequest()
        directory.write_case(case.resolved_toml(), case.attachments)
        self.simulation = Simulation(case.device, case.solver, ranks=ranks)
        built, newton = self.simulation.built, self.simulation.newton
        self.position = Position()
        terminals = directory.terminals([Column(*column) for column in COLUMNS])
        variables = [ProfileVariable(*entry) for entry in profile_variables(built)]
        journal = directory.profiles(cells_of(built), variables)

        def record(time: float, values: Mapping[str, Floats], field: bool) -> None:
            journal.append(time, values, field=field)

        self.terminals = Terminals(built, interval(case.output.terminals), terminals.append)
        self.pulses = Pulses(built, directory.pulses().append)
        self.profiles = Profiles(built, newton, case.output, len(case.protocol), record)
        self.observers: Sequence[Observer] = (self.terminals, self.pulses, self.profiles)
        if directory.saved is not None:
            self.restore(directory.saved)

    def go(self) -> None:
        """Run to the end of the protocol; SolverError, StorageError or KeyboardInterrupt where it stops short."""
        try:
            self.run()
        except ResultError as failure:
            raise StorageError(f"{failure} (stopped at t = {self.simulation.state.time:.6g} s)") from failure

    def run(self) -> None:
        """Run to the end, or close the directory where it stops short."""
        directory = self.directory
        size = f"{self.simulation.built.mesh.cells} cells x {1 + len(self.simulation.built.species)} unknowns"
        directory.log(f"{self.case.title}: {size}, {solver_line(self.simulation.newton.linear, self.ranks)}")
        for line in warnings(self.simulation, self.case.protocol):
            directory.log(f"warning: {line}")
            self.warn(line)
        voltage = f"{self.simulation.voltage:.6g} V at t = {self.simulation.state.time:.6g} s"
        directory.log(f"starts at {voltage}" if directory.saved is None else f"resumes at {voltage}")
        try:
            with self.request:
                self.steps()
        except SolverError as failure:
            self.stop("failed", str(failure))
            raise
        except KeyboardInterrupt:
            self.stop("interrupted", "go on with --resume")
            raise
        self.pulses.close(self.simulation.state)
        self.stop("finished", "")

    def steps(self) -> None:
        """Drive every protocol step that is left."""
        position = self.position
        for number, step in enumerate(self.case.protocol):
            if number < position.number:
                continue
            resumed = position.inside
            if not resumed:
                position.number, position.began = number, self.simulation.state.time
                for observer in self.observers:
                    observer.begin(step, self.simulation.state)
            else:
                self.pulses.resume(step)
            self.drive(step, resumed)
            for observer in self.observers:
                observer.end(step, self.simulation.state)
            position.number, position.inside = number + 1, False
            self.pause()

    def drive(self, step: Step, resumed: bool) -> None:
        """Drive one protocol step, the observers looking on."""
        position = self.position
        position.inside = True
        for accepted in self.simulation.drive(step, position.began, resumed):
            for observer in self.observers:
                observer.accept(accepted)
            if accepted.end.time < position.began + step.duration:
                self.pause()

    def pause(self) -> None:
        """Show the progress, save a checkpoint when it is time, stop when asked: all that saw a step have seen it."""
        now = clock.monotonic()
        time = self.simulation.state.time
        self.report(Progress(time, self.duration, self.pulses.index, self.pulse_count, now - self.wall_start))
        due = self.ranks.rank == 0 and now - self.last_checkpoint > CHECKPOINT_EVERY
        stop, save = self.ranks.total(np.array([float(self.request.made), float(due)]))
        if stop or save:
            self.checkpoint()
        if stop:
            raise KeyboardInterrupt

    def statistics(self) -> dict[str, object]:
        """Return what the run spent and how well it conserved."""
        counts, newton = self.simulation.integrator.counts, self.simulation.newton.counts
        return {
            "linear_solver": solver_line(self.simulation.newton.linear, self.ranks),
            "processes": self.ranks.size,
            "cells": self.simulation.built.mesh.cells,
            "unknowns": int(self.simulation.newton.system.residual.size),
            "steps": counts.accepted,
            "steps_rejected": counts.rejected,
            "steps_cut": counts.cut,
            "newton_iterations": newton.residuals,
            "factorisations": newton.factorisations,
            "current_flatness": self.terminals.flatness.relative,
            "pulses": self.pulses.done,
        }

    def stop(self, state: State, message: str) -> None:
        """Write the provenance and close the directory in a state."""
        wall = self.wall_before + clock.monotonic() - self.wall_start
        self.directory.write_provenance(sys.argv, self.statistics(), wall)
        reached = f"{state} at t = {self.simulation.state.time:.6g} s after {wall:.1f} s"
        self.directory.log(f"{reached}: {message}" if message else reached)
        case = self.case
        time = self.simulation.state.time
        self.directory.end(state, time, message, title=case.title, source=case.source, merge=self.merge)

    def checkpoint(self) -> None:
        """Save where the run stands."""
        saved = entries(self.simulation, self.position)
        saved["wall"] = self.wall_before + clock.monotonic() - self.wall_start
        for observer in self.observers:
            saved.update(observer.save())
        self.directory.checkpoint(saved, self.simulation.state.time)
        self.last_checkpoint = clock.monotonic()

    def restore(self, saved: dict[str, Entry]) -> None:
        """Go back to a checkpoint."""
        self.position = restored(self.simulation, saved)
        self.wall_before = float(saved["wall"])
        for observer in self.observers:
            observer.restore(saved)


def run_case(
    case: Case,
    out: Path,
    report: Report,
    *,
    force: bool = False,
    resume: bool = False,
    ranks: Ranks = ALONE,
    warn: Warn = lambda line: None,
    merge: bool = True,
) -> None:
    """Run a case into a directory; on several processes together, the first of them writes.

    merge  build result.nc, a quarter of the time of a run of a second; the run can be read without
    Raises ResultError before anything is computed; then SetupError, EquilibriumError, SolverError, StorageError and
    KeyboardInterrupt.
    """
    with opened(case, out, force, resume, ranks) as directory:
        CaseRun(case, directory, report, ranks, warn, merge).go()
