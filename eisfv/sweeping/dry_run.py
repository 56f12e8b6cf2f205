"""What a sweep would do: its points, what is there already, what one run costs and what all of them would."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from eisfv.case import CaseError, load
from eisfv.case.problems import display
from eisfv.errors import one_line
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.result import sweep_file_names
from eisfv.running.branches import left_out
from eisfv.sweeping.axes import Axis, Value, number_text
from eisfv.sweeping.definition import definition_of
from eisfv.sweeping.directory import check_free
from eisfv.sweeping.meshes import meshes_of
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.points import Outcome, Point
from eisfv.sweeping.sampling import Grid
from eisfv.sweeping.store import Store
from eisfv.sweeping.tasks import Task, TaskRun, made

ROWS = 8  # points that are shown
EXACT = 20_000  # points whose keys are looked up one by one; a key takes 2 ms
SPREAD = 2_000  # points that stand for more of them
WARM = 10.0  # s; a first run that is shorter is made again, because it also loads the compiled kernels
REASONS = 3  # that are shown


@dataclass(frozen=True)
class Standing:
    """How the looked-up points of a plan stand; `looked_up` of all, spread evenly.

    refused  combinations that are no case; outdated: finished, but without a quantity that is wanted now
    failed   points by the reason
    """

    looked_up: int
    finished: int = 0
    outdated: int = 0
    refused: int = 0
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def to_run(self) -> int:
        """Return how many are still to be run; those that failed wait for --retry-failed."""
        return self.looked_up - self.finished - self.refused - self.failed.total()


def dry_run(plan: Plan) -> Iterator[str]:
    """Give the lines. Where no run tells the cost one is made, in a temporary directory. Raises ResultError."""
    check_free(plan.out)
    yield from point_lines(plan)
    yield from left_out(load(plan.case, plan.overrides))
    yield ""
    store = Store(plan.out, definition_of(plan))
    found = standing(plan, store)
    yield from standing_lines(plan, found)
    if not found.to_run:
        return
    wall = store.mean_wall
    if wall is None:
        outcome = timed(plan)
        yield from outcome_lines(plan, outcome)
        if outcome.state == "failed":
            return
        wall = outcome.wall
    else:
        yield f"a run takes {time_text(wall)}, the mean of those that are there"
    yield cost_line(plan, found.to_run * plan.count / found.looked_up, wall)


def point_lines(plan: Plan) -> Iterator[str]:
    """Give what is varied, and the first points as a table."""
    left_out = plan.sampling.total - plan.count
    note = f"; {left_out} of {plan.sampling.total} left out by constraints" if left_out else ""
    yield f"{plan.title}: {plan.count} points, {sampling_text(plan)}{note}"
    yield ""
    heads = ["point", *(f"{axis.name} ({axis.unit})" if axis.unit else axis.name for axis in plan.axes)]
    rows = [
        [str(point.number), *(cell(axis, point.values[axis.name]) for axis in plan.axes)]
        for point in islice(plan.points(), ROWS)
    ]
    widths = [max(len(row[k]) for row in [heads, *rows]) for k in range(len(heads))]
    for row in [heads, *rows]:
        yield "  ".join(f"{text:>{width}}" for text, width in zip(row, widths, strict=True))
    if plan.count > ROWS:
        yield f"  ... {plan.count - ROWS} more"


def sampling_text(plan: Plan) -> str:
    """Return how the axes make up the points."""
    if isinstance(plan.sampling, Grid):
        groups = plan.sampling.groups
        return " x ".join(f"{len(group[0].values)} {' with '.join(a.name for a in group)}" for group in groups)
    sampling = plan.sampling
    blocks = f" in {sampling.size} blocks of {sampling.block}" if sampling.block > 1 else ""
    return f"{sampling.method} over {', '.join(a.name for a in plan.axes)}{blocks}, seed {sampling.seed}"


def cell(axis: Axis, value: Value) -> str:
    """Return a value as the table shows it."""
    return value if isinstance(value, str) else number_text(float(f"{value:.6g}"))


def standing(plan: Plan, store: Store) -> Standing:
    """Return how the points stand: all of them up to EXACT, else SPREAD that stand for all."""
    if not (store.finished or store.failed or store.outdated):
        return Standing(plan.count)
    counts: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for point in spread(plan):
        try:
            key = bytes.fromhex(load(plan.case, point.overrides).digest)
        except CaseError:
            counts["refused"] += 1
            continue
        if key in store.failed and key not in store.finished:
            failed[store.failed[key]] += 1
        else:
            counts["finished" if key in store.finished else "outdated" if key in store.outdated else "new"] += 1
    looked_up = counts.total() + failed.total()
    return Standing(looked_up, counts["finished"], counts["outdated"], counts["refused"], failed)


def spread(plan: Plan) -> Iterator[Point]:
    """Give the points that are looked up: all of few, else one of every stretch, anywhere in it, so that none of the
    axes is in step with them."""
    if plan.count <= EXACT:
        yield from plan.points()
        return
    stretch = plan.count // SPREAD
    starts = np.arange(0, plan.count, stretch)
    chosen = set((starts + np.random.default_rng(0).integers(0, stretch, starts.size)).tolist())
    yield from (point for point in plan.points() if point.number in chosen)


def standing_lines(plan: Plan, found: Standing) -> Iterator[str]:
    """Give what is there, what failed and why, what would be run."""
    whole = found.looked_up == plan.count
    of_all = "" if whole else f", of {found.looked_up} points spread over the plan (looking up all takes too long)"
    there = [f"{found.finished} finished"]
    there += [f"{found.failed.total()} failed"] if found.failed else []
    there += [f"{found.refused} no case"] if found.refused else []
    yield f"{display(plan.out)}: {', '.join(there)}, {found.to_run} to run{of_all}"
    if found.outdated:
        yield f"  {found.outdated} of them finished before, without a quantity or trace that is asked for now"
    for reason, count in found.failed.most_common(REASONS):
        yield f"  {count} failed: {reason}"
    if found.failed:
        yield "  --retry-failed runs those again"


def timed(plan: Plan) -> Outcome:
    """Run the first point in a temporary directory."""
    point = next(plan.points())
    with TemporaryDirectory(prefix="eisfv-sweep-") as place:
        try:
            key = load(plan.case, point.overrides).digest
        except CaseError as error:
            return Outcome("", "failed", point.values, {}, {}, one_line(error), 0.0, "")
        meshes = replace(meshes_of(plan), folder=Path(place) / sweep_file_names.MESHES)
        run = TaskRun(key, point.values, point.overrides)
        task = Task("dry run", plan.file, plan.case, Path(place), (run,), plan.quantities, None, "none", meshes)
        outcome, _ = made(run, task)
        # Again: compiled, and the mesh chosen.
        if outcome.state == "finished" and (outcome.wall < WARM or meshes.folder.exists()):
            outcome, _ = made(run, task)
    return outcome


def outcome_lines(plan: Plan, outcome: Outcome) -> Iterator[str]:
    """Give what a run gave."""
    if outcome.state == "failed":
        yield f"the first point fails, so nothing tells the cost: {outcome.reason}"
        return
    yield f"the first point takes {time_text(outcome.wall)}"
    for entry in plan.quantities:
        value = outcome.outputs[entry.name]
        yield f"  {entry.name} = {quantity(value, entry.unit)} {entry.label}".rstrip()
    if outcome.reason:
        yield f"  {outcome.reason}"


def cost_line(plan: Plan, runs: float, wall: float) -> str:
    """Return what the runs would take."""
    each = f"{runs:.0f} runs of {time_text(wall)}"
    workers = plan.executor.workers
    if not workers:
        where = display(plan.executor.config or plan.file)
        return f"{each}: about {time_text(runs * wall)} of one worker; {where} says how many there are"
    return f"{each} on {workers} worker{'s' * (workers > 1)}: about {time_text(runs * wall / min(workers, runs))}"


def time_text(seconds: float) -> str:
    """Return a time for people: 0.67 s, 12 min, 3.4 h, 2.1 days."""
    for limit, unit, name in ((120.0, 1.0, "s"), (7200.0, 60.0, "min"), (172800.0, 3600.0, "h")):
        if seconds < limit:
            return f"{seconds / unit:.2g} {name}" if seconds < 100.0 * unit else f"{seconds / unit:.0f} {name}"
    return f"{seconds / 86400.0:.2g} days" if seconds < 8.64e6 else f"{seconds / 86400.0:.0f} days"
