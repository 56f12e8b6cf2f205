"""A case driven beside its run, for what it reports: pilots before it, companions behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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
from eisfv.stepping.state import State

Bends = Indicator | SectionIndicator


class TooManyStepsError(EisfvError):
    """It takes too long."""

    exit_code = FAILED


@dataclass(frozen=True)
class Followed:
    """What a run has said: the rows and endings of `Reported`, and dG (S) of its pulses, their charge (C) without a
    read-out; the state in which it has ended."""

    rows: Floats
    pulses: Floats
    endings: Sequence[str]
    end: State

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
    ) -> tuple[Followed, Reported, Bends | None]:
        """Drive a protocol; indicated: see where the solution bends, too; start: not from rest.

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
        for step in protocol:
            driven = simulation.begun(step)
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
        followed = Followed(reported.rows, changes, reported.endings, simulation.state)
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
