"""What a sweep runs: every case once, nothing twice."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.case import load
from eisfv.result import sweep_file_names
from eisfv.result.sweep_table import read_sweep
from eisfv.sweeping.definition import definition_of
from eisfv.sweeping.driver import Sweeping, run_sweep
from eisfv.sweeping.plan import Traces
from eisfv.sweeping.store import finished
from support.small_sweep import CHANGE, TRACES, Made, listed, quantity, records, small_plan, thick, with_axes

CHARGE = {"name": "charge", "from": "pulses", "column": "charge_C", "select": "all", "reduce": "last"}


def test_every_point_is_run_once_and_stands_in_the_order_of_the_plan(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    summary = run_sweep(plan)
    assert (summary.total, summary.finished, summary.failed, summary.found, made.count) == (4, 4, 0, 0, 4)
    table = read_sweep(plan.out).table
    np.testing.assert_array_equal(table["number"], range(4))
    np.testing.assert_array_equal(table["thickness_um"], [0.5, 0.5, 1.0, 1.0])
    np.testing.assert_array_equal(table["height_V"], [0.3, 0.6, 0.3, 0.6])
    assert np.all(np.diff(table["dG_S"].reshape(2, 2), axis=1) > 0.0)  # a higher pulse does more
    assert np.all(table["wall_s"] > 0.0)


def test_a_run_is_known_by_the_digest_of_its_case_alone(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    digests = [load(plan.case, point.overrides).digest for point in plan.points()]
    assert list(read_sweep(plan.out).table["key"]) == digests
    assert finished(plan.out) == set(digests)


def test_a_finished_sweep_runs_nothing(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    summary = run_sweep(plan)
    assert (made.count, summary.found, summary.finished) == (4, 4, 4)


def test_a_changed_axis_runs_only_what_is_new(tmp_path: Path, made: Made) -> None:
    run_sweep(small_plan(tmp_path, thicknesses=(0.5, 1.0)))
    summary = run_sweep(small_plan(tmp_path, thicknesses=(0.25, 0.5, 1.0)))
    assert (made.count, summary.found, summary.finished) == (4 + 2, 4, 6)
    assert {thick(case) for case in made.cases[4:]} == {0.25}


def test_points_that_are_no_longer_in_the_plan_are_not_gathered(tmp_path: Path, made: Made) -> None:
    run_sweep(small_plan(tmp_path))
    run_sweep(small_plan(tmp_path, thicknesses=(1.0,)))
    plan = small_plan(tmp_path)
    np.testing.assert_array_equal(read_sweep(plan.out).table["thickness_um"], [1.0, 1.0])
    assert made.count == len(records(plan.out)) == 4


def test_a_case_that_another_axis_leads_to_is_not_run_again(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    other = (listed("volts", "V", plan.axes[1].keys[0], (0.6, 0.3)), replace(plan.axes[0], name="width"))
    summary = run_sweep(with_axes(plan, other))
    assert (made.count, summary.found) == (4, 4)
    table = read_sweep(plan.out).table
    np.testing.assert_array_equal(table["volts_V"], [0.6, 0.6, 0.3, 0.3])
    np.testing.assert_array_equal(table["width_um"], [0.5, 1.0, 0.5, 1.0])


def test_two_points_of_one_case_share_its_run(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path, thicknesses=(1.0, 1.0), volts=(0.3,))
    summary = run_sweep(plan)
    assert (made.count, summary.total, summary.finished) == (1, 2, 2)
    table = read_sweep(plan.out).table
    assert table["dG_S"][0] == table["dG_S"][1] > 0.0


def test_other_quantities_or_traces_need_other_runs_and_the_user_is_told(tmp_path: Path, made: Made) -> None:
    said: list[str] = []
    run_sweep(small_plan(tmp_path), say=said.append)
    assert said == []
    run_sweep(small_plan(tmp_path, quantities=(CHANGE, CHARGE)), say=said.append)
    assert made.count == 8
    run_sweep(small_plan(tmp_path, quantities=(CHARGE,), traces=Traces(("voltage_V",), 5, "log")), say=said.append)
    assert made.count == 12
    assert len(said) == 2
    assert all("made again" in line for line in said)


def test_fewer_or_renamed_words_of_quantities_need_no_other_runs(tmp_path: Path, made: Made) -> None:
    run_sweep(small_plan(tmp_path, quantities=(CHANGE, CHARGE)))
    summary = run_sweep(small_plan(tmp_path, quantities=({**CHARGE, "note": "for the report"},), traces=None))
    assert (made.count, summary.found) == (4, 4)
    sweep = read_sweep(tmp_path / "out")
    assert "dG_S" not in sweep.table
    assert np.isfinite(sweep.table["charge_C"]).all()
    assert sweep.traces is None


def test_a_definition_changes_with_what_a_value_depends_on() -> None:
    plan = small_plan_of(CHANGE)
    for key, value in (("column", "charge_C"), ("select", "first 1"), ("reduce", "mean")):
        assert not definition_of(plan).covers(definition_of(small_plan_of({**CHANGE, key: value}))), key
    assert definition_of(plan).covers(definition_of(small_plan_of({**CHANGE, "note": "x"})))


def small_plan_of(entry: dict[str, Any]) -> Any:
    class Bare:
        quantities = (quantity(entry),)
        traces = TRACES

    return Bare()


def test_run_directories_are_kept_where_they_are_wanted(tmp_path: Path, made: Made) -> None:
    made.fails = lambda case: thick(case) == 0.5
    for keep, kept in (("none", 0), ("failed", 2), ("all", 4)):
        plan = small_plan(tmp_path)
        plan = replace(plan, executor=replace(plan.executor, keep=keep), out=tmp_path / keep)
        run_sweep(plan)
        folder = plan.out / sweep_file_names.KEPT
        assert len(list(folder.glob("*/terminals.csv"))) == kept
        keys = read_sweep(plan.out).table["key"]
        assert {path.name for path in folder.glob("*")} <= set(keys)


def test_the_progress_ends_where_all_is_done(tmp_path: Path, made: Made) -> None:
    told: list[tuple[int, int, int, float, float]] = []
    made.fails = lambda case: thick(case) == 0.5
    run_sweep(small_plan(tmp_path), report=lambda *numbers: told.append(numbers))
    assert told[-1][:3] == (2, 2, 4)
    assert told[-1][3] > 0.0
    assert told[-1][4] == 0.0


def test_tasks_are_short_at_first_as_long_as_asked_for_and_short_at_the_end(tmp_path: Path) -> None:
    plan = replace(small_plan(tmp_path), count=10_000)
    sweep = Sweeping(plan, False, lambda *numbers: None, lambda line: None)
    assert sweep.size(2) == 1  # nothing is known of how long a run takes
    sweep.store.walls, sweep.store.count = 10.0, 10  # s, runs
    assert sweep.size(2) == 1
    sweep.ledger.made = 10
    assert sweep.size(2) == 10
    sweep.ledger.made = 1000
    assert sweep.size(2) == 60  # a minute of runs of a second
    sweep.listing.listed = 9_980
    assert sweep.size(2) == 5
    sweep.listing.close()
