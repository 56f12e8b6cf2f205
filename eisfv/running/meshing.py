"""The mesh of a run: by the case's lengths, chosen by pilots, or as a run that is resumed had it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from eisfv.case.case import Case
from eisfv.device.stack import sizes_of
from eisfv.device.tables import Floats
from eisfv.result import MemoryDirectory, RunDirectory, file_names
from eisfv.running.choice import Choice, by_lengths, by_solution, choice_of, fitted, leaves_cells, options_for, written
from eisfv.running.extents import Extent
from eisfv.running.kept_mesh import kept_mesh
from eisfv.running.null_directory import Directory
from eisfv.running.pilots import PilotError, Pilots
from eisfv.running.start import options_in, sizes_in, start_of
from eisfv.running.tape import Tape
from eisfv.solve.ranks import Ranks

Sizes = tuple[Floats, ...]
BY_LENGTHS = 'no pilot run chose the mesh, it is that of mesh.grading = "lengths"'


@dataclass(frozen=True)
class Series:
    """Many runs that are compared. choice: the mesh of this run's shape, None: by the case's lengths, alike in all;
    companion: how far it is followed where the case does not say; tape: what records its steps, or plays them."""

    choice: Choice | None = None
    companion: Extent = "none"
    tape: Tape | None = None


def chosen(
    case: Case,
    series: Series | None,
    directory: Directory,
    ranks: Ranks,
    tell: Callable[[str], None],
) -> tuple[Case, Sizes | None, Choice | None]:
    """Return the case with the options of its time steps, the cell sizes (m), `Choice.sizes`, None of a section by its
    case's lengths, and what pilots have chosen, if they have. The first process runs them, and keeps what they say
    before the run begins.

    tell  takes a warning
    """
    shared = series.choice if series is not None else None
    own = replace(case, solver=case.solver.completed())
    started = start_of(case)
    if started is not None and leaves_cells(case.device):
        # Where the case cuts its cells itself, they are held against those of the state.
        return replace(case, solver=options_in(started, case.solver)), sizes_in(started), None
    if not by_solution(case) or (series is not None and shared is None):
        if by_solution(case):
            tell(f"{BY_LENGTHS}, as in all runs of this series")
        return own, None if case.device.section is not None else tuple(sizes_of(case.device)), None
    options = options_for(case, ranks.size)
    choice: Choice | None = shared
    reason = ""
    if isinstance(directory, RunDirectory | MemoryDirectory):
        if isinstance(directory, RunDirectory) and directory.has_mesh:
            choice = choice_of(directory.mesh(), directory.path / file_names.CHOSEN_MESH)
        else:
            if choice is None:
                choice = kept_mesh(case, options, for_run=True)
            if choice is None:
                try:
                    choice = Pilots([case], options).choose()
                except PilotError as error:
                    reason = str(error)
                    choice = by_lengths(case)
            directory.write_mesh(written(choice))
    choice, reason = ranks.told((choice, reason))
    assert choice is not None
    if shared is not None:
        choice = fitted(choice, case)
    if reason:
        tell(f"{BY_LENGTHS}: {reason}")
    if choice.pilots == 0:
        # Every second line of a section by lengths is one between two marks, not one of all.
        return own, None if choice.section else choice.sizes, None
    return replace(case, solver=replace(options, tolerance=choice.tolerance)), choice.sizes, choice
