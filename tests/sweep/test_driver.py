"""What a sweep runs: every case once, nothing twice, and one that fails costs nobody else anything."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import eisfv.sweeping.listing
import eisfv.sweeping.tasks
from eisfv.case import load
from eisfv.case.case import Case
from eisfv.result import ResultError, sweep_file_names
from eisfv.result.shards import ShardWriter
from eisfv.result.sweep_table import Sweep, read_sweep
from eisfv.sweeping.definition import definition_of
from eisfv.sweeping.driver import Sweeping, run_sweep
from eisfv.sweeping.ledger import Ledger
from eisfv.sweeping.locking import locked
from eisfv.sweeping.plan import Traces
from eisfv.sweeping.store import Store, failed, finished
from support.small_sweep import CHANGE, TRACES, Made, here, listed, quantity, records, small_plan, with_axes

CHARGE = {"name": "charge", "from": "pulses", "column": "charge_C", "select": "all", "reduce": "last"}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with here(monkeypatch) as runs:
        yield runs


def thick(case: Case) -> float:
    """Return the electrolyte's thickness in um."""
    return round(float(case.resolved["device"]["region"][1]["thickness"].split()[0]), 6)


def status(sweep: Sweep) -> list[str]:
    return list(sweep.table["status"])


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


def test_a_run_that_fails_is_told_with_its_reason_and_stops_no_other(tmp_path: Path, made: Made) -> None:
    made.fails = lambda case: thick(case) == 0.5
    plan = small_plan(tmp_path)
    summary = run_sweep(plan)
    assert (summary.finished, summary.failed) == (2, 2)
    sweep = read_sweep(plan.out)
    assert status(sweep) == ["failed", "failed", "finished", "finished"]
    assert list(sweep.table["reason"]) == ["it moves and moves"] * 2 + [""] * 2
    np.testing.assert_array_equal(np.isnan(sweep.table["dG_S"]), [True, True, False, False])
    assert set(failed(plan.out).values()) == {"it moves and moves"}


def test_what_failed_is_run_again_only_when_asked(tmp_path: Path, made: Made) -> None:
    made.fails = lambda case: thick(case) == 0.5
    plan = small_plan(tmp_path)
    run_sweep(plan)
    run_sweep(plan)
    assert made.count == 4
    made.fails = lambda case: False
    summary = run_sweep(plan, retry_failed=True)
    assert (made.count, summary.found, summary.finished, summary.failed) == (6, 2, 4, 0)
    assert failed(plan.out) == {}
    assert status(read_sweep(plan.out)) == ["finished"] * 4


def test_an_error_that_nobody_foresaw_is_a_failed_run_too(tmp_path: Path, made: Made) -> None:
    def wrong(case: Case) -> bool:
        raise IndexError("list index out of range")

    made.fails = wrong
    plan = small_plan(tmp_path, thicknesses=(1.0,))
    assert run_sweep(plan).failed == 2
    assert set(read_sweep(plan.out).table["reason"]) == {"IndexError: list index out of range"}


def test_a_point_that_is_no_case_is_a_failed_one(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path, thicknesses=(1.0, -1.0))
    summary = run_sweep(plan)
    assert (made.count, summary.finished, summary.failed, summary.refused) == (2, 2, 2, 2)
    sweep = read_sweep(plan.out)
    assert status(sweep) == ["finished"] * 2 + ["failed"] * 2
    assert all("thickness" in reason for reason in sweep.table["reason"][2:])
    assert run_sweep(plan).finished == 2


def test_a_quantity_that_a_run_does_not_give_is_nan_with_the_reason(tmp_path: Path, made: Made) -> None:
    entry = {**CHANGE, "name": "late", "select": "rows 7 to 7"}
    plan = small_plan(tmp_path, quantities=(CHANGE, entry))
    run_sweep(plan)
    table = read_sweep(plan.out).table
    assert np.isnan(table["late_S"]).all()
    assert np.isfinite(table["dG_S"]).all()
    assert set(table["status"]) == {"finished"}
    assert all("late" in reason for reason in table["reason"])


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


def test_a_second_driver_is_refused(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    with locked(plan.out, "busy"), pytest.raises(ResultError, match="a sweep is running there"):
        run_sweep(plan)
    assert made.count == 0
    run_sweep(plan)
    assert made.count == 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_sweep_and_the_same_call_goes_on(tmp_path: Path, made: Made, number: signal.Signals) -> None:
    plan, said = small_plan(tmp_path), list[str]()
    made.fails = lambda case: made.count == 2 and signal.raise_signal(number) is not None
    with pytest.raises(KeyboardInterrupt):
        run_sweep(plan, say=said.append)
    assert said[-1].endswith("of 4 points finished")
    before = len(records(plan.out))
    assert 1 <= before < 4
    assert run_sweep(plan).finished == 4
    assert len(records(plan.out)) == 4
    assert len({record["key"] for record in records(plan.out)}) == 4


@pytest.mark.parametrize("module", [eisfv.sweeping.listing, eisfv.sweeping.tasks])
def test_a_disk_that_is_full_stops_the_sweep_with_one_line(
    tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    class FullDisk(ShardWriter):
        def append(self, *args: Any, **kwargs: Any) -> None:
            raise ResultError("cannot write: the disk is full")

    monkeypatch.setattr(module, "ShardWriter", FullDisk)
    with pytest.raises(ResultError, match="the disk is full"):
        run_sweep(small_plan(tmp_path))


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


def test_a_stopped_sweep_counts_what_it_has_looked_up(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    sweep = Sweeping(plan, False, lambda *numbers: None, lambda line: None)
    sweep.listing.add(next(sweep.listing.points))
    assert sweep.standing() == "1 of the first 1 points finished"
    sweep.listing.go_on(10.0)
    assert sweep.standing() == "4 of 4 points finished"
    sweep.listing.close()


def test_a_run_without_a_quantity_is_told_once_while_the_others_are_made(tmp_path: Path, made: Made) -> None:
    whole, part = small_plan(tmp_path), small_plan(tmp_path, quantities=({**CHANGE, "select": "rows 2 to 3"},))
    said: list[str] = []
    for plan, notes in ((whole, 0), (part, 1), (part, 1)):
        ledger = Ledger(Store(plan.out, definition_of(plan)), False, said.append)
        run_sweep(plan)
        ledger.look()
        ledger.look()
        assert len(said) == notes
    assert said[0].startswith("a run finished without all quantities: ")
    assert 'select = "rows 2 to 3" asks for more' in said[0]
