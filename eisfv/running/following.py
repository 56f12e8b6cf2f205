"""A case driven beside its run, for what it reports: pilots before it, companions behind it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from eisfv.case.case import Case
from eisfv.device.meshing import mesh_on
from eisfv.device.tables import Floats
from eisfv.errors import FAILED, EisfvError
from eisfv.mesh.records import Mesh
from eisfv.model.protocol import Protocol
from eisfv.model.solver_options import SolverOptions
from eisfv.observers.indicator import Indicator
from eisfv.observers.observer import Observer, Value, Watched
from eisfv.observers.pulses import PULSE_COLUMNS, Pulses
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import Reported
from eisfv.observers.section_indicator import SectionIndicator
from eisfv.simulation import Simulation
from eisfv.solve.ranks import Ranks
from eisfv.stepping.compiled import CompiledIntegrator
from eisfv.stepping.path import Path
from eisfv.stepping.state import State

Bends = Indicator | SectionIndicator
Paths = Callable[[int], Path | None]
NO_JUMPS: Mapping[int, State] = {}


class TooManyStepsError(EisfvError):
    """It takes too long."""

    exit_code = FAILED


@dataclass(frozen=True)
class Followed:
    """What a run has said: the rows and endings of `Reported`, and dG (S) of its pulses, their charge (C) without a
    read-out; the state in which it has ended, and those in which protocol steps have begun that were to be kept."""

    rows: Floats
    pulses: Floats
    endings: Sequence[str]
    end: State
    kept: Mapping[int, State] = field(default_factory=dict)

    def then(self, later: "Followed") -> "Followed":
        """Return it with the steps of a run that goes on from its end; its pulses stay, one is read beyond it."""
        rows = np.vstack((self.rows, self.rows[-1] + (later.rows[1:] - later.rows[0])))
        return replace(self, rows=rows, endings=[*self.endings, *later.endings], end=later.end)


@dataclass(frozen=True)
class Follower:
    """Drives a case on other meshes and with other options.

    most  accepted, refused and cut steps before it is given up
    stopped  raises KeyboardInterrupt when the user asks to stop
    """

    case: Case
    ranks: Ranks
    most: int
    stopped: Callable[[], None] = lambda: None

    def follow(
        self,
        mesh: Mesh,
        options: SolverOptions,
        protocol: Protocol,
        indicated: bool = False,
        start: State | None = None,
        paths: Paths | None = None,
        keep: Collection[int] = (),
        jumps: Mapping[int, State] = NO_JUMPS,
    ) -> tuple[Followed, Reported, Bends | None]:
        """Drive a protocol; indicated: see where the solution bends, too; start: not from rest.

        paths  the time steps to take in every protocol step (from 0)
        keep   the protocol steps whose first states are kept
        jumps  states from which protocol steps start, not from where the one before has ended

        Raises SolverError, EquilibriumError, SetupError, TooManyStepsError.
        """
        case = self.case
        simulation = Simulation(case.device, options, mesh, self.ranks)
        if start is not None:
            simulation.state = start
        channel = ChannelReadout(simulation.built)
        reported = Reported(simulation.built, channel, simulation.state)
        indicator = indicator_of(simulation, channel) if indicated else None
        pulses: list[Sequence[Value]] = []
        watched = Watched(
            simulation.built, protocol, case.output, channel, lambda name, columns: pulses.append, unwanted
        )
        observers: list[Observer] = [reported, Pulses(watched), *([indicator] if indicator is not None else [])]
        kept: dict[int, State] = {}
        jumped: list[int] = []
        for number, step in enumerate(protocol):
            if number in keep:
                kept[number] = simulation.state
            if number in jumps:
                simulation.state = jumps[number]
                jumped.append(len(reported.rows) - 1)
                reported.note(simulation.state)
            driven = simulation.begun(step)
            if paths is not None and isinstance(simulation.integrator, CompiledIntegrator):
                simulation.integrator.path = paths(number)
            for observer in observers:
                observer.begin(driven, simulation.state.begun())
            for accepted in simulation.drive(driven):
                self.stopped()
                counts = simulation.integrator.counts
                if counts.accepted + counts.rejected + counts.cut > self.most:
                    raise TooManyStepsError(
                        f"more than {counts.accepted} time steps on {simulation.built.mesh.cells} cells"
                    )
                for observer in observers:
                    observer.accept(accepted)
            for observer in observers:
                observer.end(driven, simulation.state)
        for observer in observers:
            observer.close(simulation.state)
        changes = pulse_changes(pulses, reported.reads)
        rows = along(np.delete(np.diff(reported.rows, axis=0), jumped, axis=0), reported.rows[0])
        followed = Followed(rows, changes, reported.endings, simulation.state, kept)
        return followed, reported, indicator

    def on(
        self, sizes: Sequence[Floats], options: SolverOptions, protocol: Protocol, indicated: bool = False
    ) -> tuple[Followed, Reported, Bends | None]:
        """Drive a case on cells of these sizes (m)."""
        return self.follow(mesh_on(self.case.device, sizes), options, protocol, indicated)


def indicator_of(simulation: Simulation, channel: ChannelReadout) -> Bends:
    """Return what sees where the solution of a stack or a section bends."""
    if simulation.device.section is None:
        return Indicator(simulation.built, channel, simulation.state)
    return SectionIndicator(simulation.built, channel, simulation.state)


def along(changes: Floats, start: Floats) -> Floats:
    """Return the rows, from this one, that change so."""
    return np.asarray(np.vstack((start, start + np.cumsum(changes, axis=0))))


def parted(some: Sequence[str], others: Sequence[str]) -> int | None:
    """Return the first step (from 0) that something else has ended in another run, as far as both go; None where there
    is none. What follows it is not compared."""
    return next((k for k, (one, other) in enumerate(zip(some, others, strict=False)) if one != other), None)


def unwanted(variables: object) -> Callable[..., None]:
    """Return what takes profiles and keeps none."""
    return lambda *_: None


def pulse_changes(rows: Sequence[Sequence[Value]], reads: bool) -> Floats:
    """Return dG (S) of every pulse, its charge (C) without a read-out."""
    names = [column.name for column in PULSE_COLUMNS]
    place = names.index("dG" if reads else "charge")
    return np.array([float(row[place]) for row in rows])
