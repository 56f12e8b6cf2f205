"""One run of one case: a simulation, those who look on, a result directory."""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from math import inf

from eisfv.case import well_posed
from eisfv.case.case import Case
from eisfv.device.meshing import mesh_on
from eisfv.equations.unknowns import per_cell
from eisfv.model.driven import begun
from eisfv.observers.flatness import Flatness
from eisfv.observers.observer import Entry, Observer, Row, Sink, Watched
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import Reported
from eisfv.observers.table import OBSERVERS
from eisfv.remedies import way
from eisfv.result import Column, ProfileVariable, ResultError, StorageError
from eisfv.result.status import State
from eisfv.running.branches import Runner, made
from eisfv.running.checkpoint import Checkpoints
from eisfv.running.companion import ERROR_COLUMNS, MOST_STEPS, STEPS_FREE, Errors, estimated
from eisfv.running.extents import Extent, expected_cost
from eisfv.running.following import Follower
from eisfv.running.forecast import Forecast, seconds_of_a_matrix
from eisfv.running.meshing import Series, chosen
from eisfv.running.notices import above, cells_of, hints, missed, remarked, slips, solver_line, warnings
from eisfv.running.null_directory import Directory, NullDirectory
from eisfv.running.numerical_error import UNRESOLVED_ANYHOW, Estimate
from eisfv.running.progress import Report, Teller
from eisfv.running.spent import statistics
from eisfv.running.start import begin, beside, start_of, states_beside, told_of, worth_beside
from eisfv.running.stop_request import StopRequest
from eisfv.running.time_left import TimeLeft
from eisfv.running.waiting import UnreachedError, Waiting
from eisfv.simulation import Simulation, SolverError
from eisfv.solve.errors import SetupError
from eisfv.solve.ranks import Ranks

Say = Callable[[str], None]


class CaseRun:
    """One run of one case into one directory."""

    def __init__(
        self,
        case: Case,
        directory: Directory,
        report: Report,
        ranks: Ranks,
        warn: Say,
        tell: Say,
        merge: bool,
        series: Series | None,
        request: StopRequest,
        after: Callable[[], None] | None,
        runner: Runner,
    ) -> None:
        self.directory, self.ranks, self.warn, self.tell, self.merge = directory, ranks, warn, tell, merge
        self.request, self.after, self.runner = request, after, runner
        self.series, self.measures = series, bool(case.file.measure) and series is None
        if self.measures and ranks.size > 1:
            raise SetupError("the [[measure]] of a case are made on one process; run it without mpirun")
        self.extent: Extent = case.device.mesh.companion or (series.companion if series is not None else "whole")
        self.estimate: Estimate | None = None
        directory.write_case(case.resolved_toml(), case.attachments)
        self.caution(slips(case.device))  # before they make the start fail
        self.case, self.sizes, self.choice = chosen(case, series, directory, ranks, lambda line: self.caution([line]))
        mesh = mesh_on(case.device, self.sizes) if self.sizes is not None else None
        self.simulation = Simulation(case.device, self.case.solver, mesh, ranks)
        self.started = start_of(case)
        if self.started is not None:
            begin(self.simulation, self.started)
        tape = series.tape if series is not None else None
        self.drive = self.simulation.drive if tape is None else tape.of(self.simulation)
        built = self.simulation.built
        watched = Watched(built, case.protocol, case.output, ChannelReadout(built), self.table, self.journal)
        self.known = self.choice.companions if self.choice is not None else None
        cost = expected_cost(case, self.extent, self.known.protocol if self.known is not None else None)
        left = TimeLeft(case.protocol, cost, case.file.measure if self.measures else ())
        self.teller = Teller(case.protocol, report, left)
        self.forecast = Forecast(case.protocol, self.remark, self.case.solver.largest_step or inf)
        self.reported = Reported(built, watched.channel, self.simulation.state)
        others = [*(observer(watched) for observer in OBSERVERS), self.reported, self.teller, self.forecast]
        self.checkpoints = Checkpoints(
            self.simulation, others, directory, ranks, self.request, told_of(built, self.simulation.options, self.sizes)
        )
        self.observers: Sequence[Observer] = (*others, self.checkpoints)
        if directory.saved is not None:
            self.restore(directory.saved)

    def table(self, name: str, columns: Sequence[Column]) -> Row:
        """Open a table of the results; return what takes its rows."""
        return self.directory.table(name, columns).append

    def journal(self, variables: Sequence[ProfileVariable]) -> Sink:
        """Open the journal of cell profiles; return what takes them."""
        journal = self.directory.profiles(cells_of(self.simulation.built), variables)
        return lambda time, step, since, values, field: journal.append(time, step, since, values, field=field)

    def remark(self, line: str) -> None:
        """Tell a line on the run, and keep it in the log."""
        self.directory.log(line)
        self.tell(line)

    def restore(self, saved: dict[str, Entry]) -> None:
        """Go back to a checkpoint."""
        number, inside = int(saved["step number"]), bool(saved["step inside"])
        step = begun(next(islice(self.case.protocol, number, None)), float(saved["level"])) if inside else None
        for observer in self.observers:
            observer.restore(saved, step)

    def go(self) -> None:
        """Run to the end of the protocol; SolverError, StorageError or KeyboardInterrupt where it stops short."""
        try:
            self.run()
        except ResultError as failure:
            raise StorageError(f"{failure} (stopped at t = {self.simulation.state.time:.6g} s)") from failure

    def run(self) -> None:
        """Run to the end, or close the directory where it stops short."""
        directory = self.directory
        size = f"{self.simulation.built.mesh.cells} cells x {per_cell(self.simulation.built.tables)} unknowns"
        directory.log(f"{self.case.title}: {size}, {solver_line(self.simulation.newton.linear, self.ranks)}")
        for line in hints(self.simulation):
            directory.log(line)
        if self.choice is not None:
            if self.choice.kept is not None:
                self.remark(self.choice.line)
            else:
                directory.log(self.choice.line)
            self.caution(above(self.case.device.mesh, self.choice))
        told = warnings(self.simulation, self.case.protocol, measured=bool(self.case.file.measure))
        self.caution([*well_posed.warnings(self.case), *told])
        voltage = f"{self.simulation.voltage:.6g} V at t = {self.simulation.state.time:.6g} s"
        directory.log(f"starts at {voltage}" if directory.saved is None else f"resumes at {voltage}")
        options = self.simulation.options
        if options.method == "tr_bdf2":
            self.forecast.before(partial(seconds_of_a_matrix, self.simulation.newton), options.smallest_step)
        try:
            self.steps()
            if not self.series:
                self.checkpoints.write()  # a run that is stopped in what follows goes on from here
            of_pulses = self.companions()
            if self.checkpoints.beside and not self.series:
                self.checkpoints.write()  # others may start from here
            self.measure()
        except (SolverError, UnreachedError) as failure:
            if isinstance(failure, UnreachedError):  # whole as far as it goes
                self.close()
            self.stop("failed", str(failure))
            raise
        except KeyboardInterrupt:
            self.stop("interrupted", f"go on with {way('resume')}")
            raise
        self.close()
        if of_pulses is not None:
            directory.widen("pulses", ERROR_COLUMNS, of_pulses)
        self.stop("finished", "")

    def close(self) -> None:
        """Tell the observers that the protocol is over."""
        for observer in self.observers:
            observer.close(self.simulation.state)

    def caution(self, lines: Iterable[str]) -> None:
        """Write warnings to the log and to the screen."""
        for line in lines:
            self.directory.log(f"warning: {line}")
            self.warn(line)

    def steps(self) -> None:
        """Drive every protocol step that is left, the observers looking on."""
        position, waiting = self.checkpoints.position, Waiting(self.directory.log)
        for number, step in enumerate(self.case.protocol):
            if number < position.number:
                continue
            resumed, simulation = position.inside, self.simulation
            driven = simulation.begun(step, resumed)
            if not resumed:
                for observer in self.observers:
                    observer.begin(driven, simulation.state.begun())
            for accepted in self.drive(driven, resumed):
                for observer in self.observers:
                    observer.accept(accepted)
            for observer in self.observers:
                observer.end(driven, simulation.state)
            waiting.over(number, driven, simulation)

    def measure(self) -> None:
        """Make the measures of the case from the state in which its protocol has ended."""
        if self.measures and not isinstance(self.directory, NullDirectory):
            state = self.directory.prepared(self.checkpoints.entries())
            self.caution(made(self.case, self.directory, state, self.runner, self.checkpoints.heed, self.remark))

    def companions(self) -> Errors | None:
        """Estimate the numerical error; return what gives that of the pulses, None where there is no estimate."""
        if self.extent == "none":
            return None
        flatness = next(observer for observer in self.observers if isinstance(observer, Flatness))
        # By Newton's iteration, of which meshes and time steps know nothing.
        doubtful = flatness.relative > UNRESOLVED_ANYHOW
        if doubtful:
            newton = self.simulation.options.newton_tolerance
            self.estimate = Estimate(reason=f"{flatness.doubt}; take a smaller solver.newton than {newton:g}")
            self.directory.log(self.estimate.line)
            if not self.measures:
                return None
        most = MOST_STEPS * self.simulation.integrator.counts.accepted + STEPS_FREE
        follower = Follower(self.case, self.ranks, most, self.checkpoints.heed)
        starts, worth = (states_beside(self.started), worth_beside(self.started)) if self.started else (None, None)
        told = estimated(self.case, self.sizes, self.extent, self.reported, follower, self.known, starts, worth)
        self.checkpoints.beside = beside(told.ends, told.worth)
        if doubtful:  # a preparation at rest, say: its measures have their errors all the same
            return None
        self.estimate = remarked(self.case, told.estimate)
        self.directory.log(self.estimate.line)
        if self.choice is not None:
            self.caution(missed(self.case.device.mesh, self.choice, self.estimate))
        return told.of_pulses

    def stop(self, state: State, message: str) -> None:
        """Write the provenance and close the directory in a state."""
        case, wall, time = self.case, self.teller.wall, self.simulation.state.time
        spent = statistics(self.simulation, self.ranks, self.observers, self.estimate, self.choice)
        self.directory.write_provenance(sys.argv, spent, wall)
        for observer in self.observers:
            self.caution(observer.warnings())
            for line in observer.summary():
                self.directory.log(line)
        reached = f"{state} at t = {time:.6g} s after {wall:.1f} s"
        self.directory.log(f"{reached}: {message}" if message else reached)
        after = self.pictures if self.after is not None and state != "interrupted" else None
        self.directory.end(state, time, message, title=case.title, source=case.source, merge=self.merge, after=after)

    def pictures(self) -> None:
        """Do what follows the run."""
        assert self.after is not None
        with self.request.at_once():
            self.after()
