"""Companions of a run: the same protocol on every second and fourth face, and at a looser tolerance.

They tell its error (`eisfv.running.numerical_error`). Where pilots have chosen the mesh and have driven the protocol to
its end, those at the looser tolerance are theirs, and one more remains: half the cost of the run. A companion that
finds no solution, takes many more steps than the run, or whose steps wait for what the run's do and end by something
else, leaves it without an estimate.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Literal

import numpy as np

from eisfv.case.case import Case
from eisfv.device.meshing import coarser_mesh, mesh_of
from eisfv.device.stack import stack_of
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from eisfv.model.protocol import Block, Protocol
from eisfv.observers.observer import Value
from eisfv.observers.reported import CHARGE, CONDUCTANCE, SMALL, Reported
from eisfv.result import Column
from eisfv.result.streams import Table
from eisfv.running.following import Followed, Follower, TooManyStepsError, parted
from eisfv.running.numerical_error import Estimate, Runs, loosened, share_of, time_share
from eisfv.simulation import SolverError
from eisfv.solve.equilibrium import EquilibriumError
from eisfv.solve.errors import SetupError

FAILURES = (SolverError, SetupError, EquilibriumError, TooManyStepsError)
Extent = Literal["whole", "short", "none"]
Rows = Sequence[Sequence[Value]]
Errors = Callable[[Table], Rows]
"""What gives the errors of the pulses (rows of `ERROR_COLUMNS`) from pulses.csv."""

MOST_STEPS = 6  # times those of the run, and
STEPS_FREE = 500  # some, before a companion is given up
LONG = 60  # protocol steps
# Cost of all companions, and of the one that pilots leave, over that of the run: half the cells, or longer steps.
ALL_BESIDE, BESIDE_PILOTS = 1.0, 0.5
ERROR_COLUMNS = (
    Column("mesh_error", "", "numerical error of dG, of charge without a read-out, by the mesh, relative"),
    Column("time_error", "", "the same by the time steps"),
)


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


def expected_cost(protocol: Protocol, extent: Extent, known: bool) -> float:
    """Return what the companions of a run will cost, over its own cost."""
    if extent == "none":
        return 0.0
    share = 1.0 if extent == "whole" else beginning(protocol) / len(protocol)
    return share * (BESIDE_PILOTS if known else ALL_BESIDE)


def unlike(run: Reported, beside: Followed) -> str | None:
    """Return why a companion is not to be compared: another quantity, or none, has ended one of its steps."""
    k = parted(run.endings, beside.endings)
    if k is None:
        return None
    return f"step {k + 1} is ended by {run.endings[k]}, in a run beside it by {beside.endings[k]}"


def as_far(run: Reported, beside: Followed) -> Floats:
    """Return the rows of a companion as long as the same ends its steps."""
    k = parted(run.endings, beside.endings)
    return beside.rows if k is None else beside.rows[: k + 1]


def estimated(
    case: Case,
    own: Sequence[Floats] | None,
    extent: Extent,
    reported: Reported,
    follower: Follower,
    known: tuple[Followed, Followed] | None,
) -> tuple[Estimate, Errors | None]:
    """Return the errors of a run, and what gives those of its pulses where its companions went as far as the run.

    own    the cell sizes (m) of a stack's regions
    known  what companions on every second and fourth face have said at the looser tolerance of the whole protocol
    """
    tolerance = case.solver.step_tolerance
    loose = loosened(tolerance)
    share = time_share(loose / tolerance)
    short = beginning(case.protocol)
    count = len(case.protocol) if extent == "whole" else short

    def followed(mesh: Mesh, tolerance: float, count: int = count) -> Followed:
        protocol = case.protocol if count == len(case.protocol) else Protocol(tuple(islice(case.protocol, count)))
        return follower.follow(mesh, replace(case.solver, tolerance=tolerance), protocol)[0]

    quarter: Floats | None = None
    try:
        try:
            mesh = coarser_mesh(case.device, own, 1)
        except ValueError as error:
            # Of the time steps alone, on the run's own mesh.
            own_mesh = mesh_of(case.device) if own is None else stack_of(case.device, own)
            beside = followed(own_mesh, loose, short)
            if (reason := unlike(reported, beside)) is not None:
                return Estimate(reason=reason), None
            runs = Runs(reported, reported.rows[: short + 1], beside.rows, None)
            return replace(runs.estimate(share), mesh=(), reason=str(error)), None
        half = followed(mesh, tolerance)
        half_loose = known[0] if known is not None else followed(mesh, loose)
        reason = unlike(reported, half) or unlike(reported, half_loose)
        if reason is not None:
            return Estimate(reason=reason), None
        if known is not None:
            quarter = as_far(reported, known[1])[: count + 1]
        else:
            with suppress(*FAILURES, ValueError):
                # The order is seen where no block repeats: a long run is not followed a third time for it.
                coarse = coarser_mesh(case.device, own, 2)
                quarter = as_far(reported, followed(coarse, loose, count if count <= LONG else short))
    except FAILURES:
        return Estimate(reason="a run beside it found no solution in reasonable time"), None
    runs = Runs(reported, half.rows, half_loose.rows[: count + 1], quarter)
    found = runs.estimate(share)
    if count < len(case.protocol):
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
