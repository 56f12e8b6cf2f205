"""The meshes of a fit: one a case for all of its runs, whose derivatives would see every change of it.

They are chosen at the start of the parameters, and kept beside the outcomes of the runs: a fit that was stopped goes on
with the same ones. How far they are off where the fit ends is told by its last run, which has companions.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from eisfv.calibration.journal import key_of
from eisfv.calibration.plan import Plan
from eisfv.case import load
from eisfv.case.case import Case
from eisfv.result.atomic import write_atomic
from eisfv.result.checksums import sealed, unsealed
from eisfv.result.errors import clear_errors
from eisfv.running.choice import Choice, by_solution, choice_of, written
from eisfv.running.meshing import BY_LENGTHS
from eisfv.running.notices import above
from eisfv.running.pilots import chosen_together
from eisfv.versions import package_version

FOLDER = "meshes"


def meshes_at(plan: Plan, values: Sequence[float], kept: Path, say: Callable[[str], None]) -> dict[Path, Choice]:
    """Return the meshes of the cases at these values of the parameters, of those that pilots choose.

    kept  directory in which they lie, or will
    say   takes a line on a mesh, and on one that is not what is asked for
    Raises ResultError.
    """
    found = {}
    for place in plan.entries:
        overrides = plan.overrides(place, values)
        case = load(place, overrides)
        if not by_solution(case):
            continue
        choice = mesh_of(case, kept / f"{key_of(package_version('eisfv'), load(place).digest, overrides)}.json")
        if choice is None:
            say(f"warning: {place.name}: {BY_LENGTHS}")
            continue
        say(f"{place.name}: {choice.line}")
        for line in above(case.device.mesh, choice):
            say(f"warning: {place.name}: {line}")
        found[place] = choice
    return found


def mesh_of(case: Case, file: Path) -> Choice | None:
    """Return the mesh that a file keeps, else what pilots choose, and keep it; None where they find none."""
    if file.is_file():
        return choice_of(unsealed(file), file)
    choice = chosen_together([case])
    if choice is not None:
        with clear_errors(file):
            file.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(file, sealed(written(choice), indent=None))
    return choice
