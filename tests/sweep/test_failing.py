"""A run of a sweep that fails costs nobody else anything, and a sweep that is stopped goes on."""

import signal
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import eisfv.sweeping.listing
import eisfv.sweeping.tasks
from eisfv.case.case import Case
from eisfv.result import ResultError
from eisfv.result.shards import ShardWriter
from eisfv.result.sweep_table import Sweep, read_sweep
from eisfv.sweeping.definition import definition_of
from eisfv.sweeping.driver import Sweeping, run_sweep
from eisfv.sweeping.ledger import Ledger
from eisfv.sweeping.locking import locked
from eisfv.sweeping.store import Store, failed
from support.small_sweep import CHANGE, Made, records, small_plan, thick


def status(sweep: Sweep) -> list[str]:
    return list(sweep.table["status"])


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
    assert said[-1].endswith("points finished")  # of 4, or of as many as were looked up until then
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
