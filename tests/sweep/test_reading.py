"""A sweep file becomes the points that it says, and a point is a case."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.reading import read_plan
from eisfv.sweeping.sampling import Sample
from support.sweep_file import CHANGE, CURRENT, DRAWN, HEAD, THICKNESS, sweep_file


def plan_of(directory: Path, *parts: str) -> Plan:
    """Return the plan of a sweep file with these tables."""
    return read_plan(sweep_file(directory, "".join((HEAD, *parts))))


def test_a_grid_counts_and_its_points_load_to_different_cases(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, THICKNESS, CURRENT, CHANGE)
    points = list(plan.points())
    assert plan.count == len(points) == 9
    assert [point.number for point in points] == list(range(9))
    assert points[5].values == {"thickness": 2.0, "exchange_current": 1.0}
    assert len({load(plan.case, point.overrides).digest for point in points}) == 9
    assert [axis.header for axis in plan.axes] == ["thickness_um", "exchange_current_uA_per_cm2"]


def test_both_keys_of_an_axis_take_the_value(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, CURRENT)
    case = load(plan.case, next(plan.points()).overrides)
    found = [joint["ion"]["exchange_current"] for joint in case.resolved["device"]["interface"]]
    assert found == ["0.01 uA/cm^2"] * 2


def test_the_same_value_is_the_same_case_however_it_was_written(tmp_path: Path) -> None:
    key = '[[axis]]\nkey = "device.region.electrolyte.thickness"\n'
    one = plan_of(tmp_path, key + 'values = ["1 um", "0.01 mm"]\n')
    two = plan_of(tmp_path, key + 'from = "1 um"\nto = "0.1 mm"\npoints = 3\nscale = "log"\n')
    listed, ranged = ({load(plan.case, point.overrides).digest for point in plan.points()} for plan in (one, two))
    assert listed < ranged
    assert load(one.case).digest in listed  # as the base case has it


def test_constraints_take_axes_in_si(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, THICKNESS, CURRENT, '[[constraint]]\nkeep = "thickness <= 2.5e-6"\n')
    assert plan.count == len(list(plan.points())) == 6
    assert {point.values["thickness"] for point in plan.points()} == {1.0, 2.0}


def test_words_and_whole_numbers_are_varied_too(tmp_path: Path) -> None:
    laws = '[[axis]]\nname = "law"\nkey = "device.interface[0].electron.law"\nvalues = ["continuous", "blocking"]\n'
    cells = '[[axis]]\nname = "cells"\nkey = "mesh.cells.channel"\nfrom = 5\nto = 10\npoints = 3\nwhole = true\n'
    plan = plan_of(tmp_path, laws, cells)
    assert [tuple(point.values.values()) for point in plan.points()][2:4] == [("continuous", 10.0), ("blocking", 5.0)]
    cases = [load(plan.case, point.overrides).resolved for point in plan.points()]
    assert [case["mesh"]["cells"]["channel"] for case in cases] == [5, 8, 10] * 2


@pytest.mark.parametrize("method, count", [("latin_hypercube", 16), ("sobol", 16), ("saltelli", 16 * 4)])
def test_a_sample_lies_between_the_ends_of_its_axes(tmp_path: Path, method: str, count: int) -> None:
    plan = plan_of(tmp_path, DRAWN, f'[sample]\nmethod = "{method}"\npoints = 16\n')
    assert isinstance(plan.sampling, Sample)
    assert plan.count == len(list(plan.points())) == count
    thickness = np.array([float(point.values["thickness"]) for point in plan.points()])
    assert (thickness > 1.0).all()
    assert (thickness < 100.0).all()
    assert 0.3 < np.mean(thickness < 10.0) < 0.7


def test_settings_for_all_runs_come_before_those_of_the_point(tmp_path: Path) -> None:
    file = sweep_file(tmp_path, HEAD + 'set = ["device.temperature=320 K"]\n' + THICKNESS)
    plan = read_plan(file)
    assert next(plan.points()).overrides == ("device.temperature=320 K", 'device.region.electrolyte.thickness="1 um"')


def test_where_it_runs_and_what_is_kept(tmp_path: Path) -> None:
    slurm = (
        '[executor]\nkind = "slurm"\nnodes = 2\ncores_per_node = 8\nwalltime = "90 min"\npartition = "short"\n'
        'preamble = ["module load python", "export X=1"]\nkeep = "failed"\ntask = "2 min"\n'
    )
    plan = plan_of(tmp_path, THICKNESS, '[traces]\ncolumns = ["conductance_S"]\nscale = "log"\n', slurm)
    assert plan.traces is not None
    assert (plan.traces.columns, plan.traces.samples, plan.traces.scale) == (("conductance_S",), 200, "log")
    assert plan.executor.slurm is not None
    assert plan.executor.slurm.preamble == "module load python\nexport X=1"
    assert (plan.executor.workers, plan.executor.task, plan.executor.slurm.walltime) == (16, 120.0, 5400.0)
    assert plan.out == tmp_path / "runs" / "sweep"


def test_a_directory_stands_for_its_sweep_file(tmp_path: Path) -> None:
    file = sweep_file(tmp_path)
    assert read_plan(tmp_path).file == file
    assert read_plan(file).executor.kind == "local"


def test_a_hundred_thousand_points_are_not_held(tmp_path: Path) -> None:
    drawn = DRAWN.replace('"100 um"', '"90 um"')
    plan = plan_of(tmp_path, drawn, '[sample]\nmethod = "latin_hypercube"\npoints = 100_000\n')
    points = plan.points()
    assert next(points).number == 0
    assert plan.count == 100_000


def test_quantities_are_those_of_an_expected_file(tmp_path: Path) -> None:
    retention = (
        '[[quantity]]\nname = "retention"\nfrom = "terminals"\ncolumn = "conductance_S"\nselect = "from 1 s to 2 s"\n'
        'reduce = "time_to_share"\nshare = 0.5\ntoward = "end"\n'
    )
    ratio = CHANGE.replace('"dG"', '"per charge"').replace('"dG_S"', '"dG_S / charge_C"') + 'unit = "S C^-1"\n'
    plan = plan_of(tmp_path, THICKNESS, CHANGE, retention, ratio)
    assert [(entry.name, entry.unit, entry.label) for entry in plan.quantities] == [
        ("dG", "S", ""),
        ("retention", "s", ""),
        ("per charge", "", "S C^-1"),
    ]
