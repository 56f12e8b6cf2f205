"""Companions of a run: the same protocol on every second and fourth face, and on the coarsest at a tighter tolerance.

They tell its error (`eisfv.running.numerical_error`). Where pilots have chosen the mesh and have driven the protocol to
its end, they are theirs, and none is driven again. Of a long protocol the mesh of every fourth face and the tighter
tolerance see the beginning. A companion that finds no solution, takes many more steps than the run, or whose steps wait
for what the run's do and end by something else, leaves it without an estimate. Those of a run that starts where another
has ended start where the other's have.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

import numpy as np

from eisfv.case.case import Case
from eisfv.device.meshing import coarser_mesh, mesh_of
from eisfv.device.stack import stack_of
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from eisfv.model.impedance import Impedance
from eisfv.model.protocol import Block, Protocol
from eisfv.observers.observer import Value
from eisfv.observers.reported import CHARGE, CONDUCTANCE, SMALL, Reported
from eisfv.result import Column
from eisfv.result.streams import Table
from eisfv.running.following import Followed, Follower, TooManyStepsError, parted
from eisfv.running.numerical_error import TIGHTER, Estimate, Runs, share_of, time_share
from eisfv.simulation import SolverError
from eisfv.solve.errors import EquilibriumError, SetupError
from eisfv.stepping.state import State

FAILURES = (SolverError, SetupError, EquilibriumError, TooManyStepsError)
Extent = Literal["whole", "short", "none"]
Rows = Sequence[Sequence[Value]]
Errors = Callable[[Table], Rows]
"""What gives the errors of the pulses (rows of `ERROR_COLUMNS`) from pulses.csv."""

MOST_STEPS = 6  # times those of the run, and
STEPS_FREE = 500  # some, before a companion is given up
HALF, TIGHT, QUARTER = range(3)  # places of companions: every second face, the tighter tolerance, every fourth face
LONG = 60  # protocol steps
NONE_KEPT = "the run that it starts from had no companions to its end"
BESIDE = 1.0  # cost of all companions over that of the run: half the cells, a quarter, and these in shorter time steps
ERROR_COLUMNS = (
    Column("mesh_error", "", "numerical error of dG, of charge without a read-out, by the mesh, relative"),
    Column("time_error", "", "the same by the time steps"),
)


@dataclass(frozen=True)
class Told:
    """What companions tell: the errors of the run, what gives those of its pulses where they went as far as it, and the
    states in which they have ended there."""

    estimate: Estimate
    of_pulses: Errors | None = None
    ends: Sequence[State] = ()


def beginning(protocol: Protocol) -> int:
    """Return how many protocol steps there are before one is driven a second time."""
    count = 0
    for entry in protocol.entries:
        if isinstance(entry, Impedance):
            continue
        if isinstance(entry, Block):
            inner = Protocol(entry.steps)
            count += beginning(inner)
            if entry.repeat > 1 or beginning(inner) < len(inner):
                return count
        else:
            count += 1
    return count


def expected_cost(protocol: Protocol, extent: Extent, known: bool) -> float:
    """Return what the companions of a run will cost, over its own cost. known: pilots have driven them."""
    if extent == "none" or known:
        return 0.0
    return BESIDE * (1.0 if extent == "whole" else beginning(protocol) / len(protocol))


def unlike(run: Reported, beside: Followed) -> str | None:
    """Return why a companion is not to be compared: another quantity, or none, has ended one of its steps."""
    k = parted(run.endings, beside.endings)
    if k is None:
        return None
    return f"step {k + 1} is ended by {run.endings[k]}, in a run beside it by {beside.endings[k]}"


def estimated(
    case: Case,
    own: Sequence[Floats] | None,
    extent: Extent,
    reported: Reported,
    follower: Follower,
    known: tuple[Followed, Followed, Followed] | None,
    starts: Sequence[State] | None,
) -> Told:
    """Return the errors of a run.

    own     the cell sizes (m) of a stack's regions
    known   what they have said, where pilots have driven the whole protocol
    starts  of the companions, as `Told.ends`, where the run does not start from rest
    """
    if starts is not None and len(starts) <= TIGHT:
        return Told(Estimate(reason=NONE_KEPT))
    tolerance = case.solver.step_tolerance
    count = len(case.protocol) if extent == "whole" else beginning(case.protocol)
    far = min(count, LONG)

    def followed(mesh: Mesh, tolerance: float, place: int, count: int = far) -> Followed:
        protocol = case.protocol if count == len(case.protocol) else Protocol(tuple(islice(case.protocol, count)))
        start = starts[place] if starts is not None else None
        return follower.follow(mesh, replace(case.solver, tolerance=tolerance), protocol, start=start)[0]

    quarter: Followed | None = None
    try:
        try:
            mesh = coarser_mesh(case.device, own, 1)
        except ValueError as error:
            # Of the time steps alone, on the run's own mesh.
            own_mesh = mesh_of(case.device) if own is None else stack_of(case.device, own)
            tight = followed(own_mesh, tolerance / TIGHTER, TIGHT)
            if (reason := unlike(reported, tight)) is not None:
                return Told(Estimate(reason=reason))
            rows = reported.rows[: far + 1]
            return Told(replace(Runs(reported, rows, None, (rows, tight.rows)).estimate(), mesh=(), reason=str(error)))
        half = known[0] if known is not None else followed(mesh, tolerance, HALF, count)
        if (reason := unlike(reported, half)) is not None:
            return Told(Estimate(reason=reason))
        if starts is None or len(starts) > QUARTER:
            with suppress(*FAILURES, ValueError):
                coarsest = coarser_mesh(case.device, own, 2)
                quarter = known[1] if known is not None else followed(coarsest, tolerance, QUARTER)
                mesh = coarsest
        tight = known[2] if known is not None else followed(mesh, tolerance / TIGHTER, TIGHT)
    except FAILURES:
        return Told(Estimate(reason="a run beside it found no solution in reasonable time"))
    loose = half if quarter is None else quarter
    if (reason := unlike(reported, loose) or unlike(reported, tight)) is not None:
        return Told(Estimate(reason=reason))
    runs = Runs(reported, half.rows, quarter.rows if quarter is not None else None, (loose.rows, tight.rows))
    found = runs.estimate()
    if count < len(case.protocol):
        return Told(found)
    ends = [half.end, tight.end, *([quarter.end] if quarter is not None else [])] if far == count else []
    name = CONDUCTANCE if reported.reads else CHARGE
    part = share_of(runs.ratios()[reported.names.index(name)])

    def of_pulses(table: Table) -> Rows:
        own = table["dG_S" if reported.reads else "charge_C"]
        scale = np.maximum(np.abs(own), SMALL * np.abs(own).max(initial=0.0))
        scale[scale == 0.0] = np.inf
        mesh = part * np.abs(own - half.pulses) / scale
        seen = min(len(loose.pulses), len(tight.pulses))
        time = time_share(TIGHTER) * np.abs(loose.pulses[:seen] - tight.pulses[:seen]) / scale[:seen]
        # Of pulses behind what the companions have seen, the largest of those before.
        time = np.append(time, np.full(len(own) - seen, time.max(initial=0.0)))
        return list(zip(mesh.tolist(), time.tolist(), strict=True))

    return Told(found, of_pulses, ends)
