"""Companions of a run: its protocol on every fourth face, and as much as it takes to know what that tells.

They tell its error (`eisfv.running.numerical_error`); how far each goes says `eisfv.running.extents`. What pilots have
driven of them is not driven again, but that on every fourth face takes the time steps of the run
(`eisfv.stepping.path`) where they are backward differences: what it differs by from a tighter tolerance on its mesh is
what they leave. At the tighter tolerance steps from all of a long protocol are driven, from where that on every fourth
face has begun them.

A companion that finds no solution, takes many more steps than the run, or whose
steps wait for what the run's do and end by something else, leaves it without an estimate. That on every second face
goes on where its first steps do not show the largest error. Those of a run that starts where another has ended start
where the other's have. Behind a long run only that on every fourth face has gone to the end: it alone goes on, and what
its difference is worth is what it was there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
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
from eisfv.result.table_reading import Table
from eisfv.running.choice import Companions
from eisfv.running.extents import LONG, Extent, extents_of, first
from eisfv.running.following import Followed, Follower, Paths, TooManyStepsError, along, parted
from eisfv.running.numerical_error import TIGHTER, Estimate, Runs, time_share
from eisfv.simulation import SolverError
from eisfv.solve.errors import EquilibriumError, SetupError
from eisfv.stepping.path import Path
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


def shifted(paths: Paths, begun: int, number: int) -> Path | None:
    """Return the time steps of a protocol step that is counted from one further on."""
    return paths(begun + number)


def pulse_ends(protocol: Protocol) -> dict[int, int]:
    """Return by the step (from 0) of every pulse the one at whose end its conductance after stands: the next that
    reads, or the last before the next pulse."""
    found: dict[int, int] = {}
    begun: int | None = None
    last = 0
    for last, step in enumerate(protocol):
        if step.pulse:
            if begun is not None:
                found[begun] = last - 1
            begun = last
        if step.read is not None and begun is not None:
            found[begun], begun = last, None
    if begun is not None:
        found[begun] = last
    return found


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
    paths: Paths | None = None if reported.staged else reported.path

    def followed(mesh: Mesh, place: int, count: int, keep: Collection[int] = ()) -> Followed:
        start = None if starts is None else starts[0 if alone else place]
        options = replace(case.solver, tolerance=tolerance)
        return follower.follow(mesh, options, first(whole, count), start=start, paths=paths, keep=keep)[0]

    def tightened(mesh: Mesh, jumps: Mapping[int, State], timed: Sequence[int]) -> Followed:
        start = None if starts is None else starts[0 if alone else TIGHT]
        steps = list(islice(whole, timed[-1] + 1))
        protocol = Protocol(tuple(steps[k] for k in timed))
        begun = {at: jumps[k] for at, k in enumerate(timed) if k in jumps}
        options = replace(case.solver, tolerance=tolerance / TIGHTER)
        return follower.follow(mesh, options, protocol, start=start, jumps=begun)[0]

    driven = known if known is not None and known.protocol == whole else None
    quarter: Followed | None = None
    try:
        try:
            mesh = coarser_mesh(case.device, own, 1)
        except ValueError as error:
            # Of the time steps alone, on the run's own mesh.
            tight = tightened(mesh_on(case.device, own), {}, range(min(count, LONG)))
            if (reason := unlike(reported.endings, tight)) is not None:
                return Told(Estimate(reason=reason))
            rows = reported.rows[: len(tight.rows)]
            return Told(replace(Runs(reported, rows, None, (rows, tight.rows)).estimate(), mesh=(), reason=str(error)))
        if alone:
            mesh = coarser_mesh(case.device, own, 2)
        breaks = [k for k in timed if k and k - 1 not in timed] if driven is None else []
        if not alone and (starts is None or len(starts) > QUARTER):
            with suppress(*FAILURES, ValueError):
                coarsest = coarser_mesh(case.device, own, 2)
                seen = driven.coarse if driven is not None and paths is None else None
                quarter = seen or followed(coarsest, QUARTER, count, breaks)
                mesh, coarsest = coarsest, mesh
        if quarter is None:
            half = loose = followed(mesh, HALF, count, breaks)
        else:
            half = driven.fine if driven is not None else followed(coarsest, HALF, extents.fine)
            loose = quarter
        if driven is not None and quarter is not None:
            tight, timed = driven.tight, range(len(whole))
        else:
            tight = tightened(mesh, loose.kept, timed)
        given = [worth.get(name, 1.0) for name in reported.names] if alone and worth else None
        changes = np.diff(loose.rows, axis=0)[list(timed)]
        pair = along(changes, tight.rows[0]), tight.rows
        runs = Runs(reported, half.rows, quarter.rows if quarter else None, pair, timed, given)
        if quarter is not None and (more := runs.lacking(LONG)):
            with suppress(*FAILURES):
                begun = len(half.endings)
                later = Protocol(tuple(islice(whole, begun, more)))
                options = replace(case.solver, tolerance=tolerance)
                rest = None if paths is None else partial(shifted, paths, begun)
                half = half.then(follower.follow(coarsest, options, later, start=half.end, paths=rest)[0])
                runs = replace(runs, half=half.rows)
    except FAILURES:
        return Told(Estimate(reason="a run beside it found no solution in reasonable time"))
    looser = [loose.endings[k] for k in timed]
    for endings, beside in ((reported.endings, half), (reported.endings, quarter or half), (looser, tight)):
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
    coarse = half if quarter is None else quarter
    column = reported.names.index(name)
    apart = time_share(TIGHTER) * np.diff(pair[0] - pair[1], axis=0)[:, column]

    def of_pulses(table: Table) -> Rows:
        own = table["dG_S" if reported.reads else "charge_C"]
        scale = np.maximum(np.abs(own), SMALL * np.abs(own).max(initial=0.0))
        scale[scale == 0.0] = np.inf
        mesh = part * np.abs(own - coarse.pulses) / scale
        ends = pulse_ends(whole) if reported.reads else {k: k for k, step in enumerate(whole) if step.pulse}
        errors = dict(zip(timed, apart.tolist(), strict=False))
        time = np.full(len(own), np.nan)
        for number, (begin, end) in enumerate(ends.items()):
            if all(k in errors for k in range(begin, end + 1)):
                time[number] = abs(sum(errors[k] for k in range(begin, end + 1))) / scale[number]
        # Of pulses that were not driven again, the largest of those that were.
        largest = float(np.nanmax(time, initial=0.0))
        return list(zip(mesh.tolist(), np.nan_to_num(time, nan=largest).tolist(), strict=True))

    return Told(found, of_pulses, ends, shares)
