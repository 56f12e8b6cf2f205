"""On a mesh and at a tolerance that pilots choose, what a run reports is right to 1e-3, and its told error is right.

The reference has four times the cells, each a quarter of one, in the same time steps for the mesh, and a sixteenth of
the tolerance on the same cells for the time steps. The first cases are those on which the weights of the indicator were
settled, the others are not.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.device.meshing import coarser_mesh, mesh_of, mesh_on, split_mesh
from eisfv.device.stack import sizes_of
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.protocol import Protocol
from eisfv.observers.reported import Reported
from eisfv.running.choice import Choice, Companions, by_solution, options_for
from eisfv.running.companion import estimated
from eisfv.running.extents import LONG, beginning
from eisfv.running.following import Follower
from eisfv.running.numerical_error import TIGHTER, Estimate, Runs, difference, worst
from eisfv.running.pilot_protocol import all_driven, pilot_protocol
from eisfv.running.pilots import Pilots
from eisfv.solve.ranks import ALONE
from support.error_cases import CASES, KNOWN, NEW, charged_walls, followed, gouy_chapman, injection
from support.section_case import PLANAR, section_case

SHIPPED = {
    file.parent.relative_to(CASES).as_posix(): "[device.section]" in file.read_text(encoding="utf-8")
    for pattern in ("*/case.toml", "table1/*/case.toml")
    for file in CASES.glob(pattern)
}
SECTIONS = sorted(name for name, section in SHIPPED.items() if section)
STACKS = sorted(name for name, section in SHIPPED.items() if not section)

ASKED = 1e-3
FACTOR = 3.0
# A time error below this may be told up to ten times too small: the steps of a smooth drive do not shrink as T^(1/3).
TIME_SMALL = 3e-4

# Of these every one of thousands of steps is driven: their error is not largest where a block begins or ends.
WHOLE = ("mg_vs_h", "mg_vs_h_proton")

# The round that errs the most lies between two that are driven at the tighter tolerance: by chance, and so not strict.
MISSED = {"table1/03_ndnio3_100c": "time steps: told 4.9e-4, true 2.1e-3 in the 34th step"}


def chosen(case: Case) -> Choice:
    """Return what the pilots of a case choose."""
    return Pilots([case], options_for(case, 1)).choose()


def prepared(case: Case) -> tuple[Case, Sequence[Floats], float, Companions | None]:
    """Return a case as it is run, the cells (m) of its regions, the tolerance of its time steps, what pilots say."""
    if not by_solution(case):
        return case, sizes_of(case.device), case.solver.step_tolerance, None
    choice = chosen(case)
    return replace(case, solver=options_for(case, 1)), choice.sizes, choice.tolerance, choice.companions


def told(case: Case) -> tuple[Estimate, float, float, str]:
    """Return the told errors of a case, the true ones of mesh and time steps, and a line of a table."""
    case, sizes, tolerance, known = prepared(case)
    own = followed(case, sizes, tolerance)
    run = replace(case, solver=replace(case.solver, tolerance=tolerance))
    follower = Follower(run, ALONE, 10**7)
    estimate = estimated(run, sizes, "whole", own, follower, known, None).estimate
    # A sheet, of one cell, has no inside.
    quartered = mesh_on(case.device, [np.repeat(size / 4, 4) if len(size) > 1 else size for size in sizes])
    # In the time steps of the run: where others would double theirs is chance, and no matter of the mesh.
    paths = None if own.staged else own.path
    fine = follower.follow(quartered, run.solver, case.protocol, paths=paths)[1]
    tight = followed(case, sizes, tolerance / 16)
    counts = own.scale.max(axis=0) > own.noise
    # A quarter of the cell leaves 1/16 of the error, a sixteenth of the tolerance 16^(-2/3).
    mesh = 16 / 15 * difference(own.rows, fine.rows, own.scale)[:, counts].max(initial=0.0)
    time = 1.19 * difference(own.rows, tight.rows, own.scale)[:, counts].max(initial=0.0)
    cells = sum(map(len, sizes))
    if not estimate.mesh:
        return estimate, float(mesh), float(time), f"{cells:4} cells; {estimate.line}; true {mesh:.1e}, {time:.1e}"
    line = (
        f"{cells:4} cells, T = {tolerance:.1e}; mesh told {worst(estimate.mesh).relative:.1e}, true {mesh:.1e}; "
        f"time told {worst(estimate.time).relative:.1e}, true {time:.1e}"
    )
    return estimate, float(mesh), float(time), line


@pytest.mark.long
@pytest.mark.parametrize("name, make", [*KNOWN.items(), *NEW.items()], ids=[*KNOWN, *NEW])
def test_the_error_is_below_what_is_asked_for_and_told(name: str, make: Callable[[], Case]) -> None:
    estimate, mesh, time, line = told(make())
    print(f"\n{name:30}{line}")
    figure = worst(estimate.mesh)
    assert mesh < 1.1 * ASKED
    assert time < ASKED
    assert figure.relative / FACTOR < mesh < FACTOR * figure.relative or not figure.reached
    assert time < max(FACTOR * worst(estimate.time).relative, TIME_SMALL)


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=MISSED[name], strict=False)) if name in MISSED else name
        for name in STACKS
    ],
)
def test_no_shipped_stack_is_further_from_its_refinement_than_1e_3_or_it_says_so(name: str) -> None:
    """With the measures that drive it the furthest, blocks of a long protocol repeated less often."""
    case = load(CASES / name)
    protocol = all_driven(case) if name in WHOLE else pilot_protocol(all_driven(case), LONG)
    estimate, mesh, time, line = told(replace(case, protocol=protocol, file=replace(case.file, measure=())))
    doubt = ", its order is not seen" if estimate.mesh and not worst(estimate.mesh).reached else ""
    print(f"\n{name:30}{line}{doubt}")
    if not estimate.mesh:
        assert estimate.reason or mesh == time == 0.0
        assert not estimate.time or time < max(FACTOR * worst(estimate.time).relative, TIME_SMALL)
        return
    figure, steps = worst(estimate.mesh), worst(estimate.time)
    assert mesh < 1.1 * ASKED or figure.relative > ASKED or not figure.reached  # "its order is not seen"
    assert time < 1.1 * ASKED or steps.relative > ASKED or not steps.reached
    assert figure.relative / FACTOR < mesh < FACTOR * figure.relative or not figure.reached
    assert time < max(FACTOR * steps.relative, TIME_SMALL) or not steps.reached


@pytest.mark.long
@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_on_every_second_line_tells_how_far_it_is_from_the_whole_one(name: str) -> None:
    """Up to where a block repeats, on the lines that the case sets."""
    case = load(CASES / name)
    tolerance = case.solver.step_tolerance
    protocol = Protocol(tuple(islice(case.protocol, beginning(case.protocol))))
    whole, mesh, half, quarter = mesh_of(case.device), *(coarser_mesh(case.device, None, k) for k in (1, 2, 3))

    def rows(mesh: Mesh, tolerance: float) -> Reported:
        return Follower(case, ALONE, 10**6).follow(mesh, replace(case.solver, tolerance=tolerance), protocol)[1]

    own, coarse, coarsest = (rows(each, tolerance) for each in (mesh, half, quarter))
    steps = coarsest.rows, rows(quarter, tolerance / TIGHTER).rows
    estimate = Runs(own, coarse.rows, coarsest.rows, steps).estimate()
    # Half the cell leaves a quarter of the error, a sixteenth of the tolerance 16^(-2/3).
    true = 4 / 3 * difference(own.rows, rows(whole, tolerance).rows, own.scale).max(axis=0)
    late = 1.19 * difference(coarse.rows, rows(half, tolerance / 16).rows, own.scale).max(axis=0)
    figure, time = worst(estimate.mesh), worst(estimate.time)
    print(
        f"\n{name:30}{mesh.cells:5} cells; mesh told {figure.text}, true {true[own.names.index(figure.name)]:.1e}; "
        f"time told {time.text}, true {late[own.names.index(time.name)]:.1e}"
    )
    found = true[own.names.index(figure.name)]
    assert figure.unresolved or figure.relative / FACTOR < found < FACTOR * figure.relative
    assert late[own.names.index(time.name)] < max(FACTOR * time.relative, TIME_SMALL)


# Shipped sections without the [mesh] that they set, and two of which the indicator was not made.
LINES_ASKED = 1e-2
SECTION_CHANGES: dict[str, dict[str, Any]] = {
    "two films side by side": {**PLANAR, "protocol[0].duration": "10 ms"},
    "half a film under the electrolyte": {"device.region[1].x": ["0 um", "12 um"], "protocol[0].duration": "10 ms"},
}


def section_by_solution(name: str, directory: Path) -> Case:
    """Return a section that leaves its lines to the pilots."""
    if name in SECTION_CHANGES:
        case = section_case(directory, {**SECTION_CHANGES[name], "mesh": {}})
    else:
        case = load(CASES / name)
    mesh = MeshOptions(error=LINES_ASKED)
    return replace(case, device=replace(case.device, mesh=mesh), file=replace(case.file, measure=()))


@pytest.mark.long
@pytest.mark.parametrize("name", ["li_stp_section", "li_wo3_planar_selfgate", *SECTION_CHANGES])
def test_the_lines_of_a_section_reach_what_is_asked_for_and_its_error_is_told(name: str, tmp_path: Path) -> None:
    case = section_by_solution(name, tmp_path / "case")
    choice = chosen(case)
    run = replace(case, solver=replace(options_for(case, 1), tolerance=choice.tolerance))
    follower = Follower(run, ALONE, 10**6)
    own = follower.follow(mesh_on(case.device, choice.sizes), run.solver, case.protocol)[1]
    estimate = estimated(run, choice.sizes, "whole", own, follower, choice.companions, None).estimate
    fine = follower.follow(split_mesh(case.device, choice.sizes, 2), run.solver, case.protocol)[1]
    counts = own.scale.max(axis=0) > own.noise
    true = 4 / 3 * difference(own.rows, fine.rows, own.scale)[:, counts].max()
    figure = worst(estimate.mesh)
    print(f"\n{name:34}{choice.line}; told {figure.text}, true {true:.1e}")
    assert true < LINES_ASKED or figure.relative > LINES_ASKED
    assert figure.relative / FACTOR < true < FACTOR * figure.relative or figure.unresolved


@pytest.mark.parametrize("volts, charge", [((0.1,), 1.05386e-3), ((0.1, 0.4), 2.09819e-2), ((0.1, 0.4, 0.7), 0.141352)])
def test_a_gouy_chapman_cell_takes_the_charge_of_its_closed_form(volts: tuple[float, ...], charge: float) -> None:
    # C/m2 of the half of a closed cell, its salt conserved: 4 lambda c sinh^2(u/4) a wall, u half the voltage
    case = gouy_chapman(*volts)
    choice = chosen(case)
    case = replace(case, solver=options_for(case, 1))
    assert sum(map(len, choice.sizes)) <= 400
    found = followed(case, choice.sizes, choice.tolerance).rows[-1, 0] / case.device.area
    np.testing.assert_allclose(found, charge, rtol=1e-3)


def test_the_default_lengths_miss_the_closed_form() -> None:
    case = gouy_chapman(0.1, 0.4, 0.7)
    found = followed(case, sizes_of(case.device), case.solver.step_tolerance).rows[-1, 0] / case.device.area
    assert abs(found / 0.141352 - 1.0) > 0.1


def test_a_thousandth_of_the_charge_gets_as_many_cells_in_the_same_places() -> None:
    # The scales are the solution's own: no floor in volts or moles lets a small signal have less.
    large, small = (chosen(charged_walls(q)).sizes[0] for q in (1e-11, 1e-14))
    np.testing.assert_allclose(len(small), len(large), rtol=0.05)
    shares = np.linspace(0.0, 1.0, 21)[1:-1]
    places = [
        np.interp(shares, np.linspace(0.0, 1.0, len(s) + 1), np.append(0.0, np.cumsum(s))) for s in (large, small)
    ]
    # A tenth of the way from the wall is less than a cell where they are largest.
    np.testing.assert_allclose(places[1], places[0], rtol=0.1)


@pytest.mark.parametrize("volts, seconds, resolved", [(0.5, 2e-6, True), (2.0, 2e-7, False)])
def test_an_injection_front_that_cells_by_hand_do_not_resolve_is_told_to_be(
    volts: float, seconds: float, resolved: bool
) -> None:
    case = injection(volts, seconds)
    by_hand = MeshOptions(cells={"salt": 16, "film": 48})
    estimate, mesh, _, _ = told(replace(case, device=replace(case.device, mesh=by_hand)))
    figure = worst(estimate.mesh)
    assert ("not resolved" in figure.text) != resolved
    assert mesh > 3.0 * ASKED
    assert mesh / FACTOR < figure.relative < FACTOR * mesh


def test_pilots_resolve_the_front() -> None:
    estimate, mesh, _, _ = told(injection(2.0, 2e-7))
    assert worst(estimate.mesh).reached
    assert mesh < ASKED
