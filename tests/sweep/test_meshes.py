"""Runs of a sweep that share a shape share a mesh, and what the mesh leaves open is told."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.device.section import gaps_of
from eisfv.device.section_geometry import BoxSection
from eisfv.device.stack import sizes_of
from eisfv.result import ResultError
from eisfv.result.atomic import write_atomic
from eisfv.result.checksums import sealed
from eisfv.result.sweep_table import Sweep, SweepHead, SweepQuantity, read_sweep
from eisfv.running.choice import Choice, fitted
from eisfv.running.pilots import Pilots
from eisfv.sweeping import meshes
from eisfv.sweeping.driver import run_sweep
from eisfv.sweeping.meshes import meshes_of, shape_of
from support.section_case import PLANAR, write_section
from support.small_case import COARSE, write_case
from support.small_sweep import PULSE, here, small_plan

SOLVED = COARSE.partition("[mesh]")[0] + "[mesh]\ncells = { reservoir = 16, electrolyte = 16 }\nerror = 0.05\n"


def test_the_thickness_shapes_and_the_voltage_does_not(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    points = list(plan.points())
    shapes = {(p.values["thickness"], shape_of(load(plan.case, p.overrides))) for p in points}
    assert len(points) == 4
    assert len(shapes) == len({shape for _, shape in shapes}) == 2
    ends = [text for end in meshes_of(plan).ends for text in end]
    assert ends == ['protocol[1].value="0.3 V"', 'protocol[1].value="0.6 V"']


def test_a_mesh_is_chosen_once_for_every_shape_and_used_by_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_case(tmp_path / "case", PULSE, "", SOLVED)
    plan = small_plan(tmp_path)
    seen: list[list[float]] = []

    def short(self: Pilots) -> Choice:
        seen.append([case.device.regions[1].height for case in self.cases])
        return Choice(tuple(sizes_of(self.device)), 1e-3, 1, 1e-3, 0.0)

    monkeypatch.setattr(Pilots, "choose", short)
    with here(monkeypatch):
        run_sweep(plan)
    # Both voltages of a thickness together, each thickness once.
    np.testing.assert_allclose(sorted(seen), [[0.5e-6] * 2, [1e-6] * 2], rtol=1e-12)
    assert len(list((plan.out / "meshes").iterdir())) == 2
    errors = read_sweep(plan.out).table["dG_numerical_error_S"]
    assert (errors > 0.0).all()


def test_a_variant_whose_pilots_fail_leaves_the_others_their_mesh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from eisfv.running.pilots import PilotError, chosen_together

    write_case(tmp_path / "case", PULSE, "", SOLVED)
    cases = [load(tmp_path / "case", [f'protocol[1].value="{volts} V"']) for volts in (0.3, 9.0, 0.6)]

    def fails(self: Pilots) -> Choice:
        for case in self.cases:
            if case is cases[1]:
                raise PilotError("no solution", case)
        return Choice(tuple(sizes_of(self.device)), 1e-3, len(self.cases), 1e-3, 0.0)

    monkeypatch.setattr(Pilots, "choose", fails)
    choice = chosen_together(cases)
    assert choice is not None
    assert choice.pilots == 2
    assert chosen_together([cases[1]]) is None


def test_a_mesh_is_stretched_to_the_thickness_of_a_variant(tmp_path: Path) -> None:
    write_case(tmp_path / "case", PULSE, "", COARSE)
    case = load(tmp_path / "case")
    double = [2.0 * size for size in sizes_of(case.device)]
    back = fitted(Choice(tuple(double), 1e-3, 1, 1e-3, 0.0), case)
    for size, expected in zip(back.sizes, sizes_of(case.device), strict=True):
        np.testing.assert_allclose(size, expected, rtol=1e-12)


@pytest.mark.parametrize(
    "values, errors, told",
    [
        ([1.0, 2.0, 3.0], [0.1, 0.1, 0.1], False),
        ([1.0, 1.001, 1.002], [0.01, 0.001, 0.001], True),
        ([1.0, 2.0, 3.0], [0.1, np.inf, 0.1], True),
        ([1.0, 1.001, 1.002], [np.nan] * 3, False),
    ],
)
def test_a_quantity_whose_error_exceeds_its_spread_is_told(
    values: list[float], errors: list[float], told: bool, tmp_path: Path
) -> None:
    quantity = SweepQuantity("dG", "S", "", "dG_S")
    head = SweepHead("", "grid", 0, 0, (), (quantity,), False, "")
    table = {"status": np.array(["finished"] * 3), "dG_S": np.array(values), quantity.error_column: np.array(errors)}
    assert set(Sweep(tmp_path, head, table).blurred) == ({"dG"} if told else set())


def test_a_sweep_says_that_measures_are_not_made_and_why_a_step_waited_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = PULSE.replace("pulse = true", 'pulse = true\nuntil = { x = "above 0.9" }')
    measure = '\n[[measure]]\nsteps = [{ drive = "open_circuit", duration = "1 ms" }]\n'
    write_case(tmp_path / "case", waiting + measure, "", COARSE)
    plan, said = small_plan(tmp_path), list[str]()
    with here(monkeypatch):
        run_sweep(plan, say=said.append)
    assert "the [[measure]] of A small synapse are not made: of every run its protocol alone is driven" in said
    table = read_sweep(plan.out).table
    assert set(table["status"]) == {"failed"}
    assert all("step 2 of the protocol ends after 0.1 s without x above 0.9" in reason for reason in table["reason"])


def test_the_voltage_leaves_the_shape_of_a_section_and_where_a_film_ends_does_not(tmp_path: Path) -> None:
    place = write_section(tmp_path / "case", {**PLANAR, "mesh": {}})
    changes = ("protocol[0].value='0.3 V'", "device.region.reservoir.x=['0 um', '7 um']")
    own, volts, film = (load(place, change) for change in ((), *((each,) for each in changes)))
    assert shape_of(own) == shape_of(volts) != shape_of(film)
    assert isinstance(own.device.section, BoxSection)
    lines = Choice(tuple(gaps_of(own.device, own.device.section)), 1e-3, 1, 1e-3, 0.0, section=True)
    for size, expected in zip(fitted(lines, volts).sizes, lines.sizes, strict=True):
        np.testing.assert_array_equal(size, expected)


def test_meshes_lie_in_the_sweep(tmp_path: Path) -> None:
    assert meshes_of(small_plan(tmp_path)).folder.is_relative_to(tmp_path.resolve())
    assert meshes.COMPANION == "short"


def test_a_mesh_of_an_earlier_version_refuses_the_sweep_before_anything_is_run(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    file = plan.out / "meshes" / "a.json"
    file.parent.mkdir(parents=True)
    write_atomic(file, sealed({"sizes_m": [[1e-9]], "tolerance": 1e-3}, indent=None))
    with pytest.raises(ResultError, match=r"a\.json: is not a mesh of this version of eisfv; start over, with .* out$"):
        meshes_of(plan)
