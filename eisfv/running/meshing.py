"""The mesh of a run: by the case's lengths, chosen by pilots, or as a run that is resumed had it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eisfv.case.case import Case
from eisfv.device.stack import sizes_of
from eisfv.device.tables import Floats
from eisfv.result import RunDirectory
from eisfv.running.companion import Extent
from eisfv.running.following import Followed
from eisfv.running.null_directory import NullDirectory
from eisfv.running.pilots import Choice, PilotError, Pilots, by_solution
from eisfv.solve.ranks import Ranks

Sizes = tuple[Floats, ...]


@dataclass(frozen=True)
class Series:
    """Many runs that are compared. choice: the mesh of this run's shape, None: by the case's lengths, alike in all;
    companion: how far it is followed where the case does not say."""

    choice: Choice | None = None
    companion: Extent = "none"


def chosen(
    case: Case,
    series: Series | None,
    directory: RunDirectory | NullDirectory,
    ranks: Ranks,
    tell: Callable[[str], None],
) -> tuple[Case, Sizes | None, Choice | None]:
    """Return the case with the options of its time steps, the cell sizes (m) of a stack's regions, and what pilots have
    chosen, if they have. The first process runs them, and keeps what they say before the run begins.

    tell  takes a warning
    """
    shared = series.choice if series is not None else None
    if case.device.section is not None:
        return case, None, None
    if not by_solution(case.device) or (series is not None and shared is None):
        return case, tuple(sizes_of(case.device)), None
    options = case.solver.left_to_pilots(ranks.size)
    choice: Choice | None = shared
    reason = ""
    if isinstance(directory, RunDirectory):
        if directory.saved is not None:
            choice = choice_of(directory.mesh())
        else:
            if choice is None:
                try:
                    choice = Pilots([case], options, lambda: None).choose()
                except PilotError as error:
                    reason = str(error)
                    choice = by_lengths(case)
            directory.write_mesh(written(choice))
    choice, reason = ranks.told((choice, reason))
    assert choice is not None
    if shared is not None:
        choice = fitted(choice, case)
    if reason:
        tell(f'no pilot run chose the mesh, it is that of mesh.grading = "lengths": {reason}')
    if choice.pilots == 0:
        return case, choice.sizes, None
    return replace(case, solver=replace(options, tolerance=choice.tolerance)), choice.sizes, choice


def fitted(choice: Choice, case: Case) -> Choice:
    """Return a choice for the thicknesses of a case, the cells stretched alike where they differ."""
    pairs = zip(choice.sizes, case.device.regions, strict=True)
    return replace(choice, sizes=tuple(size * (region.height / size.sum()) for size, region in pairs), companions=None)


def by_lengths(case: Case) -> Choice:
    """Return the mesh by the case's lengths where pilots find none."""
    return Choice(tuple(sizes_of(case.device)), case.solver.step_tolerance, 0, float("inf"), 0.0)


def written(choice: Choice) -> dict[str, Any]:
    """Return what a file keeps of a choice: numbers as the shortest decimals that read back as the same doubles."""
    return {
        "sizes_m": [size.tolist() for size in choice.sizes],
        "tolerance": choice.tolerance,
        "pilots": choice.pilots,
        "expected_error": choice.expected if choice.pilots else None,
        "wall_time_s": choice.wall,
        "companions": [
            {"rows": each.rows.tolist(), "pulses": each.pulses.tolist()} for each in choice.companions or ()
        ],
    }


def choice_of(kept: Mapping[str, Any]) -> Choice:
    """Return the choice that a file keeps."""
    expected = float("inf") if kept["expected_error"] is None else float(kept["expected_error"])
    sizes = tuple(np.array(size, float) for size in kept["sizes_m"])
    followed = [Followed(np.array(each["rows"], float), np.array(each["pulses"], float)) for each in kept["companions"]]
    companions = (followed[0], followed[1]) if followed else None
    numbers = float(kept["tolerance"]), int(kept["pilots"]), expected, float(kept["wall_time_s"])
    return Choice(sizes, *numbers, companions)
