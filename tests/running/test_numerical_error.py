"""A run tells how far its numbers are from those of a finer mesh and of smaller steps, and is right."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.device.meshing import coarser_mesh, mesh_of
from eisfv.device.stack import sizes_of, stack_of
from eisfv.device.tables import Floats
from eisfv.model.protocol import Protocol
from eisfv.observers.flatness import Flatness
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import Reported
from eisfv.result import file_names, read
from eisfv.running import following, run_case
from eisfv.running.extents import beginning, first
from eisfv.running.following import TooManyStepsError, parted
from eisfv.running.notices import remarked
from eisfv.running.numerical_error import Estimate, Figure, Runs, difference
from eisfv.simulation import Simulation
from eisfv.solve.ranks import ALONE
from support.error_cases import CASES
from support.section_case import section_case
from support.small_case import DEVICE, PULSE_BETWEEN_READS, PULSES, STEP_BY_STEP, silent, small_case

CELLS = "cells = { reservoir = 10, electrolyte = 20, channel = 10 }"
FINE = DEVICE.replace(CELLS, "first = 0.25\ngrowth = 1.15\nhost_growth = 1.08")


def reported(case: Case, split: int = 1, tighter: float = 1.0) -> Reported:
    """Return what a case reports on split cells and at a tighter tolerance."""
    options = replace(case.solver, tolerance=case.solver.step_tolerance / tighter)
    simulation = Simulation(case.device, options, stack_of(case.device, sizes_of(case.device, split)))
    out = Reported(simulation.built, ChannelReadout(simulation.built), simulation.state)
    for step in case.protocol:
        for accepted in simulation.drive(step):
            out.accept(accepted)
        out.end(step, simulation.state)
    return out


def told(out: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Return what the provenance of a run says of its error."""
    entries: dict[str, dict[str, dict[str, float]]] = json.loads((out / file_names.PROVENANCE).read_text())["solver"][
        "numerical_error"
    ]
    return entries


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path, str]:
    """Return a case, its run and the line that told its error."""
    place = tmp_path_factory.mktemp("error")
    case = small_case(place / "case", PULSE_BETWEEN_READS, device=FINE + STEP_BY_STEP)
    return case, place / "run", run_case(case, place / "run", silent)


@pytest.mark.parametrize("what, split, tighter", [("mesh", 4, 1.0), ("time", 1, 30.0)])
def test_the_told_error_is_the_error_within_a_factor_of_three(
    run: tuple[Case, Path, str], what: str, split: int, tighter: float
) -> None:
    case, out, _ = run
    own, better = reported(case), reported(case, split, tighter)
    true = difference(own.rows, better.rows, own.scale).max(axis=0)
    entries = told(out)[what]
    figures = {name: entry for name, entry in entries.items() if entry["relative"] > 1e-5}
    assert figures
    largest = max(figures, key=lambda name: figures[name]["relative"])
    found = true[own.names.index(largest)]
    assert found / 3.0 < figures[largest]["relative"] < 3.0 * found


def test_the_error_of_the_time_that_a_step_waits_is_told(tmp_path: Path, run: tuple[Case, Path, str]) -> None:
    waiting = PULSE_BETWEEN_READS.replace(
        'duration = "100 ms"', 'duration = "10 s"\nuntil = { conductance = "above 5.5 uS" }'
    )
    case = small_case(tmp_path / "case", waiting, device=FINE)
    run_case(case, tmp_path / "run", silent)
    own = reported(case)
    place = own.names.index("duration")
    for what, split, tighter in (("mesh", 4, 1.0), ("time", 1, 30.0)):
        better = reported(case, split, tighter)
        true = abs(own.rows[-1, place] / better.rows[-1, place] - 1.0)
        entry = told(tmp_path / "run")[what]["duration"]
        assert entry["unit"] == "s"
        assert entry["step"] == 2
        assert true / 3.0 < entry["relative"] < 3.0 * true
    assert "duration" not in told(run[1])["mesh"]  # nothing waits


@pytest.mark.parametrize(
    "size, keys, words",
    [
        (2e-3, "", "above mesh.error = 0.001"),
        (2e-3, "first = 0.3", "above mesh.error = 0.001, by which no cells are chosen where [mesh] sets them"),
        (2e-3, "error = 0.01", ""),
        (5e-4, "first = 0.3", ""),
    ],
)
def test_an_error_above_what_is_asked_for_is_said_to_be(tmp_path: Path, size: float, keys: str, words: str) -> None:
    case = small_case(tmp_path / "case", device=DEVICE.replace(CELLS, keys))
    figure = Figure("charge", "C", size, 1, 0.0, 4.0)
    line = remarked(case, Estimate([figure], [figure])).line
    assert line.endswith(words)
    assert ("above" in line) == bool(words)


def test_the_line_names_both_errors_and_stands_in_the_log(run: tuple[Case, Path, str]) -> None:
    _, out, line = run
    assert line.startswith("numerical error: mesh ")
    assert "; time steps " in line
    assert line in (out / file_names.LOG).read_text()


def test_every_pulse_has_its_errors(run: tuple[Case, Path, str]) -> None:
    _, out, _ = run
    pulses = read(out).pulses
    for name in ("mesh_error", "time_error"):
        assert (pulses[name] > 0.0).all()
        assert (pulses[name] < 0.1).all()


def test_without_companions_a_run_tells_nothing(tmp_path: Path) -> None:
    case = small_case(
        tmp_path / "case", PULSE_BETWEEN_READS, device=DEVICE.replace("[mesh]", '[mesh]\ncompanion = "none"')
    )
    assert run_case(case, tmp_path / "run", silent) == ""
    assert "mesh_error" not in read(tmp_path / "run").pulses


def test_a_companion_that_fails_leaves_the_run_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = small_case(tmp_path / "case", PULSE_BETWEEN_READS)

    def give_up(*_: object, **__: object) -> None:
        raise TooManyStepsError

    monkeypatch.setattr(following.Follower, "follow", give_up)
    assert "no estimate" in run_case(case, tmp_path / "run", silent)
    assert read(tmp_path / "run").status.state == "finished"


def test_a_run_whose_current_is_not_one_has_no_estimate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Flatness, "relative", property(lambda self: 0.5))
    case = small_case(tmp_path / "case", PULSE_BETWEEN_READS)
    line = run_case(case, tmp_path / "run", silent)
    assert "no estimate: the current differs between the regions by 5.0e-01 of the largest one" in line
    assert line.endswith(f"; take a smaller solver.newton than {case.solver.newton_tolerance:g}")


def test_what_follows_a_step_that_something_else_has_ended_is_not_compared() -> None:
    ends = ["its time", "voltage", "current"]
    assert parted(ends, ["its time", "current", "current"]) == 1
    assert parted(ends, ends[:2]) is None


def test_too_few_cells_have_no_estimate(tmp_path: Path) -> None:
    few = DEVICE.replace("reservoir = 10", "reservoir = 6")
    line = run_case(small_case(tmp_path / "case", PULSE_BETWEEN_READS, device=few), tmp_path / "run", silent)
    assert line.startswith("numerical error: time steps ")
    assert "mesh: no estimate: 6 cells leave no coarser mesh" in line


def test_a_sheet_of_one_cell_keeps_it_on_coarser_meshes_and_another_layer_has_none() -> None:
    device = load(CASES / "gated_graphene").device
    fine, half = mesh_of(device), coarser_mesh(device, None, 1)
    assert len(sizes_of(device)[1]) == 1
    assert (half.region == 1).sum() == (fine.region == 1).sum()
    assert (half.region == 0).sum() < 0.7 * (fine.region == 0).sum()  # its wall may have a cell of no volume
    salt = replace(device, mesh=replace(device.mesh, cells={"insulator": 1, "graphene": 1}))
    with pytest.raises(ValueError, match="1 cells leave no coarser mesh"):
        coarser_mesh(salt, None, 1)


def test_a_section_tells_both_errors(tmp_path: Path) -> None:
    case = section_case(tmp_path / "case", {"solver": {"linear": "superlu"}})
    line = run_case(case, tmp_path / "run", silent)
    assert line.startswith("numerical error: mesh ")
    entries = told(tmp_path / "run")
    assert entries["mesh"]["conductance"]["relative"] > 0.0
    assert entries["time"]["conductance"]["relative"] > 0.0


def test_every_second_line_of_a_section_is_one_of_its_lines(tmp_path: Path) -> None:
    device = section_case(tmp_path / "case", {}).device
    fine, half = mesh_of(device), coarser_mesh(device, None, 1)
    assert fine.outline is not None
    assert half.outline is not None
    assert half.cells < 0.3 * fine.cells
    places = [{*map(tuple, np.round(mesh.outline.points * 1e12).tolist())} for mesh in (half, fine) if mesh.outline]
    assert places[0] < places[1]


def test_a_value_that_is_written_out_counts_as_set(tmp_path: Path) -> None:
    plain = small_case(tmp_path / "plain", device=FINE).solver
    said = small_case(tmp_path / "said", device=FINE + "\n[solver]\ntolerance = 2e-3\n").solver
    assert plain.tolerance is None
    assert said.tolerance == said.left_to_pilots(1).tolerance == 2e-3
    assert plain.step_tolerance == plain.completed().tolerance == 2e-3
    assert plain.completed().newton == 1e-4
    assert plain.left_to_pilots(1).newton == 1e-8
    assert plain.left_to_pilots(1).tolerance is None
    assert plain.left_to_pilots(1).method == "bdf"
    assert plain.left_to_pilots(2).method == "tr_bdf2"  # on several processes


def test_the_beginning_ends_where_a_block_repeats(tmp_path: Path) -> None:
    assert beginning(small_case(tmp_path / "case", PULSES).protocol) == 5


def test_a_companion_that_goes_on_says_what_it_does_at_once(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", PULSES)
    mesh = coarser_mesh(case.device, None, 1)
    follower = following.Follower(case, ALONE, 10**6)
    at_once, _, _ = follower.follow(mesh, case.solver, case.protocol)
    begun = follower.follow(mesh, case.solver, first(case.protocol, 2))[0]
    rest = Protocol(tuple(case.protocol)[2:])
    both = begun.then(follower.follow(mesh, case.solver, rest, start=begun.end)[0])
    np.testing.assert_allclose(both.rows, at_once.rows, rtol=1e-12, atol=1e-15 * np.abs(at_once.rows).max())
    assert both.endings == at_once.endings


def test_rows_of_unequal_length_are_compared_as_far_as_both_go(run: tuple[Case, Path, str]) -> None:
    own = reported(run[0])
    rows: Floats = own.rows
    near = Runs(own, rows[:2], None, (rows[:2], rows[:2])).estimate()
    assert not near.mesh  # the same numbers: nothing to measure
