"""Companions of a run: its protocol on every fourth face, and as much as it takes to know what that tells.

They tell its error (`eisfv.running.numerical_error`); how far each goes says `eisfv.running.extents`. What pilots have
driven of them is not driven again. A companion that finds no solution, takes many more steps than the run, or whose
steps wait for what the run's do and end by something else, leaves it without an estimate. That on every second face
goes on where its first steps do not show the largest error. Those of a run that starts where another has ended start
where the other's have. Behind a long run only that on every fourth face has gone to the end: it alone goes on, and what
its difference is worth is what it was there.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from eisfv.case.case import Case
from eisfv.device.meshing import coarser_mesh, mesh_on
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from eisfv.model.protocol import Protocol
from eisfv.observers.observer import Value
from eisfv.observers.reported import CHARGE, CONDUCTANCE, SMALL, Reported
from eisfv.result import Column
from eisfv.result.streams import Table
from eisfv.running.choice import Companions
from eisfv.running.extents import LONG, Extent, extents_of, first
from eisfv.running.following import Followed, Follower, TooManyStepsError, parted
from eisfv.running.numerical_error import TIGHTER, Estimate, Runs, time_share
from eisfv.running.pilot_protocol import places
from eisfv.simulation import SolverError
from eisfv.solve.errors import EquilibriumError, SetupError
from eisfv.stepping.state import State

FAILURES = (SolverError, SetupError, EquilibriumError, TooManyStepsError)
Rows = Sequence[Sequence[Value]]
Errors = Callable[[Table], Rows]
"""What gives the errors of the pulses (rows of `ERROR_COLUMNS`) from pulses.csv."""

MOST_STEPS = 6  # times those of the run, and
STEPS_FREE = 500  # some, before a companion is given up
HALF, TIGHT, QUARTER = range(3)  # places of companions: every second face, the tighter tolerance, every fourth face
NONE_KEPT = "the run that it starts from had no companions to its end"
ERROR_COLUMNS = (
    Column("mesh_error", "", "numerical error of dG, of charge without a read-out, by the mesh, relative"),
    Column("time_error", "", "the same by the time steps"),
)


@dataclass(frozen=True)
class Told:
    """What companions tell: the errors of the run, what gives those of its pulses where they went as far as it, and the
    states in which they have ended there, with what differences from every fourth face are worth, by quantity."""

    estimate: Estimate
    of_pulses: Errors | None = None
    ends: Sequence[State] = ()
    worth: Mapping[str, float] = field(default_factory=dict)


def unlike(endings: Sequence[str], beside: Followed) -> str | None:
    """Return why a companion is not to be compared: another quantity, or none, has ended one of its steps."""
    k = parted(endings, beside.endings)
    if k is None:
        return None
    return f"step {k + 1} is ended by {endings[k]}, in a run beside it by {beside.endings[k]}"


def estimated(
    case: Case,
    own: Sequence[Floats] | None,
    extent: Extent,
    reported: Reported,
    follower: Follower,
    known: Companions | None,
    starts: Sequence[State] | None,
    worth: Mapping[str, float] | None = None,
) -> Told:
    """Return the errors of a run.

    own     the cell sizes (m), `eisfv.running.choice.Choice.sizes`; None: by the case's lengths
    known   what pilots have driven of it
    starts, worth   as `Told.ends` and `Told.worth` of the run from whose end this one starts; None: from rest
    """
    if starts is not None and not starts:
        return Told(Estimate(reason=NONE_KEPT))
    alone = starts is not None and len(starts) == 1  # that on every fourth face
    tolerance, whole = case.solver.step_tolerance, case.protocol
    extents = extents_of(case, extent)
    count, timed = extents.coarse, extents.timed

    def followed(mesh: Mesh, tolerance: float, place: int, protocol: Protocol) -> Followed:
        start = None if starts is None else starts[0 if alone else place]
        return follower.follow(mesh, replace(case.solver, tolerance=tolerance), protocol, start=start)[0]

    driven = known if known is not None and known.protocol == whole else None
    times = known if known is not None and known.protocol == timed else None
    quarter: Followed | None = None
    try:
        try:
            mesh = coarser_mesh(case.device, own, 1)
        except ValueError as error:
            # Of the time steps alone, on the run's own mesh.
            own_mesh = mesh_on(case.device, own)
            tight = followed(own_mesh, tolerance / TIGHTER, TIGHT, first(whole, min(count, LONG)))
            if (reason := unlike(reported.endings, tight)) is not None:
                return Told(Estimate(reason=reason))
            rows = reported.rows[: len(tight.rows)]
            return Told(replace(Runs(reported, rows, None, (rows, tight.rows)).estimate(), mesh=(), reason=str(error)))
        if alone:
            mesh = coarser_mesh(case.device, own, 2)
        elif starts is None or len(starts) > QUARTER:
            with suppress(*FAILURES, ValueError):
                coarsest = coarser_mesh(case.device, own, 2)
                quarter = driven.coarse if driven else followed(coarsest, tolerance, QUARTER, first(whole, count))
                mesh, coarsest = coarsest, mesh
        if quarter is None:
            timed, times = first(whole, min(count, LONG)), None
            half = loose = followed(mesh, tolerance, HALF, first(whole, count))
        else:
            half = driven.fine if driven else followed(coarsest, tolerance, HALF, first(whole, extents.fine))
            loose = quarter
            if extents.blocks_shortened:
                loose = times.coarse if times else followed(mesh, tolerance, QUARTER, timed)
        tight = times.tight if times else followed(mesh, tolerance / TIGHTER, TIGHT, timed)
        where = places(timed, whole)
        given = [worth.get(name, 1.0) for name in reported.names] if alone and worth else None
        runs = Runs(reported, half.rows, quarter.rows if quarter else None, (loose.rows, tight.rows), where, given)
        if quarter is not None and (more := runs.lacking(LONG)):
            with suppress(*FAILURES):
                later = Protocol(tuple(islice(whole, len(half.endings), more)))
                options = replace(case.solver, tolerance=tolerance)
                half = half.then(follower.follow(coarsest, options, later, start=half.end)[0])
                runs = replace(runs, half=half.rows)
    except FAILURES:
        return Told(Estimate(reason="a run beside it found no solution in reasonable time"))
    for endings, beside in ((reported.endings, half), (reported.endings, quarter or half), (loose.endings, tight)):
        if (reason := unlike(endings, beside)) is not None:
            return Told(Estimate(reason=reason))
    found = runs.estimate()
    if count < len(whole):
        return Told(found)
    if alone or not extents.to_the_end:
        ends = [half.end] if alone else [quarter.end] if quarter else []
    else:
        ends = [half.end, tight.end, *([quarter.end] if quarter else [])]
    name = CONDUCTANCE if reported.reads else CHARGE
    shares = dict(zip(reported.names, runs.shares(), strict=True))
    part = shares[name]
    seen = [k for k, step in enumerate(timed) if step.pulse]
    coarse = half if quarter is None else quarter

    def of_pulses(table: Table) -> Rows:
        own = table["dG_S" if reported.reads else "charge_C"]
        scale = np.maximum(np.abs(own), SMALL * np.abs(own).max(initial=0.0))
        scale[scale == 0.0] = np.inf
        mesh = part * np.abs(own - coarse.pulses) / scale
        numbers = {step: number for number, step in enumerate(k for k, step in enumerate(whole) if step.pulse)}
        at = np.array([numbers[where[k]] for k in seen], int)
        apart = time_share(TIGHTER) * np.abs(loose.pulses[: len(at)] - tight.pulses) / scale[at]
        # Of pulses that were not driven again, the largest of those that were.
        time = np.full(len(own), apart.max(initial=0.0))
        time[at] = apart
        return list(zip(mesh.tolist(), time.tolist(), strict=True))

    return Told(found, of_pulses, ends, shares)
