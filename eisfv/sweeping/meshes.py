"""One mesh for all runs of a sweep that share a shape, chosen by pilots at the ends and in the middle of its axes.

A mesh of its own for every run would put a step into a curve wherever the number of cells changes. A worker that finds
no mesh for a shape chooses it, from the plan alone, so that it does not matter which run asks first; what lies there is
used, also by a sweep that goes on with other points.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from eisfv.case import CaseError, load
from eisfv.case.case import Case
from eisfv.result import sweep_file_names
from eisfv.result.atomic import write_atomic
from eisfv.result.checksums import sealed, unsealed
from eisfv.running import Series
from eisfv.running.choice import by_lengths, by_solution, choice_of, written
from eisfv.running.extents import Extent
from eisfv.running.pilots import chosen_together
from eisfv.sweeping.axes import Axis
from eisfv.sweeping.plan import Plan

COMPANION: Extent = "short"
DIGITS = 10  # of a thickness that tells shapes apart


@dataclass(frozen=True)
class Meshes:
    """The meshes of a sweep.

    folder  where they lie, a file a shape
    case    of the sweep
    ends    what `--set` says for the axes that leave the shape as it is: all at their first values, in the middle, last
    """

    folder: Path
    case: Path
    ends: tuple[tuple[str, ...], ...]

    def series(self, case: Case, overrides: Sequence[str]) -> Series:
        """Return how a run of the sweep is made, its mesh chosen where it is the first of its shape.

        Raises ResultError.
        """
        if not by_solution(case):
            return Series(None, COMPANION)
        path = self.folder / f"{shape_of(case)}.json"
        if not path.is_file():
            choice = chosen_together(self.variants(case, overrides)) or by_lengths(case)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, sealed(written(choice), indent=None))
        choice = choice_of(unsealed(path), path)
        return Series(choice if choice.pilots else None, COMPANION)

    def variants(self, case: Case, overrides: Sequence[str]) -> list[Case]:
        """Return the cases of a shape whose pilots choose; those that are no case are left out, and the run's own
        stands in for all of them."""
        found = []
        for end in self.ends:
            with suppress(CaseError):
                other = load(self.case, (*overrides, *end))
                if shape_of(other) == shape_of(case):
                    found.append(other)
        return found or [case]


def meshes_of(plan: Plan) -> Meshes:
    """Return the meshes of a plan. Raises ResultError where one that lies there cannot be used."""
    folder = plan.out.resolve() / sweep_file_names.MESHES
    for file in sorted(folder.glob("*.json")):
        choice_of(unsealed(file), file)
    still = [axis for axis in plan.axes if not shapes(plan, axis)]
    ends = (tuple(text for axis in still for text in axis.overrides(axis.at(share))) for share in (0.0, 0.5, 1.0))
    return Meshes(folder, plan.case.resolve(), tuple(dict.fromkeys(ends)))


def shapes(plan: Plan, axis: Axis) -> bool:
    """Return whether an axis changes the shape; one whose ends are no cases may."""
    try:
        ends = {shape_of(load(plan.case, (*plan.overrides, *axis.overrides(axis.at(share))))) for share in (0.0, 1.0)}
    except CaseError:
        return True
    return len(ends) > 1


def shape_of(case: Case) -> str:
    """Return what the cells of a device depend on beside the solution: its shape and the options."""
    device = case.device
    regions = [(region.name, f"{region.height:.{DIGITS}g}") for region in device.regions]
    text = repr((regions, device.mesh, case.solver, device.section))
    return sha256(text.encode()).hexdigest()[:16]
