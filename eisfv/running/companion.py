"""Companions of a run: the same protocol on every second and fourth face, and at a looser tolerance.

They cost about as much as the run itself, and tell its error (`eisfv.running.numerical_error`). A companion that finds
no solution, or takes many more steps than the run, leaves it without an estimate.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

import numpy as np

from eisfv.case.case import Case
from eisfv.device.stack import stack_of
from eisfv.device.tables import Floats
from eisfv.errors import FAILED, EisfvError
from eisfv.mesh.grading import joined
from eisfv.model.protocol import Block, Protocol
from eisfv.observers.observer import Value, Watched
from eisfv.observers.pulses import PULSE_COLUMNS, Pulses
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import CHARGE, CONDUCTANCE, SMALL, Reported
from eisfv.result import Column
from eisfv.result.streams import Table
from eisfv.running.numerical_error import LOOSER, Estimate, Runs, share_of, time_share
from eisfv.simulation import Simulation, SolverError
from eisfv.solve.equilibrium import EquilibriumError
from eisfv.solve.ranks import Ranks

Extent = Literal["whole", "short", "none"]
Rows = Sequence[Sequence[Value]]

LOOSEST = 0.5
MOST_STEPS = 6  # times those of the run, and
STEPS_FREE = 500  # some, before a companion is given up
ERROR_COLUMNS = (
    Column("mesh_error", "", "numerical error of dG, of charge without a read-out, by the mesh, relative"),
    Column("time_error", "", "the same by the time steps"),
)


class TooManyStepsError(EisfvError):
    """A companion takes too long."""

    exit_code = FAILED


@dataclass(frozen=True)
class Followed:
    """What a companion has seen: the rows of `Reported`, and dG (or the charge) of its pulses."""

    rows: Floats
    pulses: Floats


def beginning(protocol: Protocol) -> int:
    """Return how many protocol steps there are before one is driven a second time."""
    count = 0
    for entry in protocol.entries:
        if isinstance(entry, Block):
            inner = Protocol(entry.steps)
            count += beginning(inner)
            if entry.repeat > 1 or beginning(inner) < len(inner):
                return count
        else:
            count += 1
    return count


class Companions:
    """The companions of one run.

    steps  the accepted steps of the run; stopped: raises KeyboardInterrupt when the user asks to stop
    """

    def __init__(self, case: Case, ranks: Ranks, steps: int, stopped: Callable[[], None]) -> None:
        self.case, self.ranks, self.stopped = case, ranks, stopped
        self.most = MOST_STEPS * steps + STEPS_FREE

    def follow(self, sizes: Sequence[Floats], tolerance: float, count: int) -> Followed:
        """Drive the first protocol steps on a mesh of these cell sizes. Raises SolverError, TooManyStepsError."""
        case = self.case
        options = replace(case.solver, tolerance=tolerance)
        simulation = Simulation(case.device, options, stack_of(case.device, sizes), self.ranks)
        channel = ChannelReadout(simulation.built)
        reported = Reported(simulation.built, channel, simulation.state)
        pulses: list[Sequence[Value]] = []
        watched = Watched(
            simulation.built, case.protocol, case.output, channel, lambda name, columns: pulses.append, unwanted
        )
        observers = (reported, Pulses(watched))
        for step in islice(case.protocol, count):
            for observer in observers:
                observer.begin(step, simulation.state.begun())
            for accepted in simulation.drive(step):
                self.stopped()
                counts = simulation.integrator.counts
                if counts.accepted + counts.rejected + counts.cut > self.most:
                    raise TooManyStepsError
                for observer in observers:
                    observer.accept(accepted)
            for observer in observers:
                observer.end(step, simulation.state)
        for observer in observers:
            observer.close(simulation.state)
        return Followed(reported.rows, pulse_changes(pulses, reported.reads))


def unwanted(variables: object) -> Callable[..., None]:
    """Return what takes profiles and keeps none."""
    return lambda *_: None


def pulse_changes(rows: Sequence[Sequence[Value]], reads: bool) -> Floats:
    """Return dG (S) of every pulse, its charge (C) without a read-out."""
    names = [column.name for column in PULSE_COLUMNS]
    place = names.index("dG" if reads else "charge")
    return np.array([float(row[place]) for row in rows])


def estimated(
    case: Case, own: Sequence[Floats] | None, extent: Extent, reported: Reported, companions: Companions
) -> tuple[Estimate, Callable[[Table], Rows] | None]:
    """Return the errors of a run, and what gives those of its pulses (rows of `ERROR_COLUMNS`) from pulses.csv where
    its companions went as far as the run. own: the cell sizes (m) of a stack's regions."""
    if own is None:
        return Estimate(reason="a section has no companion"), None
    tolerance = case.solver.tolerance
    loose = min(LOOSER * tolerance, max(LOOSEST, tolerance))
    whole, short = len(case.protocol), beginning(case.protocol)
    count = whole if extent == "whole" else short
    try:
        sizes = [joined(size) for size in own]
        half = companions.follow(sizes, tolerance, count)
        half_loose = companions.follow(sizes, loose, count)
    except (SolverError, EquilibriumError, TooManyStepsError):
        return Estimate(reason="the run on every second face found no solution in reasonable time"), None
    except ValueError as error:
        return Estimate(reason=str(error)), None
    quarter = None
    with suppress(SolverError, EquilibriumError, TooManyStepsError, ValueError):
        quarter = companions.follow([joined(size) for size in sizes], loose, short).rows
    runs = Runs(reported, half.rows, half_loose.rows, quarter)
    share = time_share(loose / tolerance)
    found = runs.estimate(share)
    if count < whole:
        return found, None
    name = CONDUCTANCE if reported.reads else CHARGE
    part = share_of(runs.ratios()[reported.names.index(name)])

    def of_pulses(table: Table) -> Rows:
        own = table["dG_S" if reported.reads else "charge_C"]
        scale = np.maximum(np.abs(own), SMALL * np.abs(own).max(initial=0.0))
        scale[scale == 0.0] = np.inf
        mesh = part * np.abs(own - half.pulses) / scale
        time = share * np.abs(half.pulses - half_loose.pulses) / scale
        return list(zip(mesh.tolist(), time.tolist(), strict=True))

    return found, of_pulses
