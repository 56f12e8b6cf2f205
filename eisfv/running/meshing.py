"""The mesh of a run: by the case's lengths, chosen by pilots, or as a run that is resumed had it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from eisfv.case.case import Case
from eisfv.device.stack import sizes_of
from eisfv.device.tables import Floats
from eisfv.result import MemoryDirectory, RunDirectory
from eisfv.running.null_directory import Directory, NullDirectory
from eisfv.running.pilots import Choice, PilotError, Pilots, by_solution
from eisfv.running.start import sizes_in, start_of
from eisfv.solve.ranks import Ranks

Sizes = tuple[Floats, ...]


def chosen(
    case: Case, series: bool, directory: Directory, ranks: Ranks, tell: Callable[[str], None]
) -> tuple[Case, Sizes | None, Choice | None]:
    """Return the case with the tolerance of its time steps, the cell sizes (m) of a stack's regions, and what pilots
    have chosen, if they have. The first process runs them, and keeps what they say before the run begins.

    series  one of many runs, whose meshes are alike unless the case asks for "solution"; tell: takes a warning
    """
    if case.device.section is not None:
        return case, None, None
    started = start_of(case) if by_solution(case.device) else None
    if started is not None:  # where the case cuts its cells itself, they are held against those of the state
        return case, sizes_in(started), None
    if not by_solution(case.device) or (series and case.device.mesh.grading is None):
        return case, tuple(sizes_of(case.device)), None
    choice: Choice | None = None
    reason = ""
    if not isinstance(directory, NullDirectory):
        if isinstance(directory, RunDirectory) and directory.saved is not None:
            choice = read_choice(directory)
        else:
            try:
                choice = Pilots(case, lambda: None).choose()
            except PilotError as error:
                reason = str(error)
                choice = Choice(tuple(sizes_of(case.device)), case.solver.tolerance, 0, float("inf"), 0.0)
            write_choice(directory, choice)
    choice, reason = ranks.told((choice, reason))
    assert choice is not None
    if reason:
        tell(f'no pilot run chose the mesh, it is that of mesh.grading = "lengths": {reason}')
    if choice.pilots == 0:
        return case, choice.sizes, None
    return replace(case, solver=replace(case.solver, tolerance=choice.tolerance)), choice.sizes, choice


def write_choice(directory: RunDirectory | MemoryDirectory, choice: Choice) -> None:
    """Keep a choice: numbers as the shortest decimals that read back as the same doubles."""
    directory.write_mesh(
        {
            "sizes_m": [size.tolist() for size in choice.sizes],
            "tolerance": choice.tolerance,
            "pilots": choice.pilots,
            "expected_error": choice.expected if choice.pilots else None,
            "wall_time_s": choice.wall,
        }
    )


def read_choice(directory: RunDirectory) -> Choice:
    """Return the choice of a run that is resumed."""
    kept = directory.mesh()
    expected = float("inf") if kept["expected_error"] is None else float(kept["expected_error"])
    sizes = tuple(np.array(size, float) for size in kept["sizes_m"])
    return Choice(sizes, float(kept["tolerance"]), int(kept["pilots"]), expected, float(kept["wall_time_s"]))
