"""Gathering: the table and the traces hold what the runs gave, whole runs only, in few files."""

import shutil
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray
from pyarrow import parquet

from eisfv.case import load
from eisfv.result import ResultError, read, sweep_file_names
from eisfv.result.shards import ShardWriter
from eisfv.result.sweep_table import read_sweep
from eisfv.running import run_case
from eisfv.sweeping.definition import definition_of
from eisfv.sweeping.driver import run_sweep
from eisfv.sweeping.gather import gather
from eisfv.sweeping.heading import heading
from eisfv.sweeping.locking import locked
from eisfv.sweeping.plan import Plan, Traces
from eisfv.sweeping.points import Outcome
from eisfv.sweeping.tasks import run_text
from eisfv.sweeping.traces import sample_times
from support.small_case import silent
from support.small_sweep import CHANGE, Made, listed, shards, small_plan, with_axes


def written(plan: Plan, count: int, pulses: Callable[[int], int] = lambda number: 3, files: int = 4) -> None:
    """Write the shards and the points of a sweep of runs that nobody has made."""
    wanted = definition_of(plan)
    writers = [ShardWriter(plan.out / sweep_file_names.SHARDS / f"vm-{n}-0.shard", sync=False) for n in range(files)]
    for writer in writers:
        writer.append({"kind": "task", "task": "t", "quantities": wanted.quantities, "traces": wanted.traces})
    with ShardWriter(plan.out / sweep_file_names.POINTS, sync=False) as points:
        points.append(heading(replace(plan, count=count), wanted))
        for number in range(count):
            key, values = f"{number:064x}", {"thickness": 1.0 + number, "height": 0.5}
            point = {"kind": "point", "number": number, "key": key, "values": values, "reason": ""}
            points.append({**point, "make": True, "overrides": []})
            outcome = Outcome(key, "finished", values, {"dG": 1e-9 * number}, {}, "", 1.0, "vm")
            arrays = {name: np.arange(20) + float(number) for name in ("time", "conductance", "voltage")}
            arrays |= {f"pulse_{name}": np.full(pulses(number), float(number)) for name in PULSE_NAMES}
            writers[number % files].append(run_text(outcome, "t", ()), arrays)
        points.append({"kind": "end", "count": count})
    for writer in writers:
        writer.close()


PULSE_NAMES = ("t_start", "t_end", "amplitude", "G_before", "G_after", "dG", "charge", "energy", "x_channel")


def test_the_table_holds_what_a_run_by_hand_gives(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path, thicknesses=(0.5,), volts=(0.3, 0.6))
    run_sweep(plan)
    sweep = read_sweep(plan.out)
    assert sweep.traces is not None
    for number, point in enumerate(plan.points()):
        out = tmp_path / f"by hand {number}"
        run_case(load(plan.case, point.overrides), out, silent)
        run = read(out)
        assert sweep.table["dG_S"][number] == run.pulses["dG_S"][-1]
        times = np.linspace(0.0, run.terminals["time_s"][-1], 20)
        np.testing.assert_array_equal(sweep.traces["time"][number], times)
        voltage = np.interp(times, run.terminals["time_s"], run.terminals["voltage_V"])
        np.testing.assert_array_equal(sweep.traces["voltage"][number], voltage)
        np.testing.assert_array_equal(sweep.traces["pulse_charge"][number], run.pulses["charge_C"])


def test_any_reader_of_parquet_and_zarr_finds_names_and_units(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    schema = parquet.read_schema(plan.out / sweep_file_names.TABLE)
    outer = ["number", "thickness_um", "height_V", "dG_S", "dG_numerical_error_S", "status", "reason", "wall_s", "host"]
    assert schema.names == [*outer, "key"]
    assert schema.field("thickness_um").metadata == {b"units": b"um"}
    assert schema.field("dG_S").metadata == {b"units": b"S"}
    with xarray.open_zarr(plan.out / sweep_file_names.TRACES, consolidated=False, chunks=None) as traces:
        assert traces.sizes == {"run": 4, "sample": 20, "pulse": 1}
        assert (traces["time"].dims, traces["time"].units) == (("run", "sample"), "s")
        assert (traces["conductance"].units, traces["pulse_dG"].units) == ("S", "S")
        assert (traces["thickness_um"].units, list(traces["height_V"].values)) == ("um", [0.3, 0.6, 0.3, 0.6])
        assert list(traces["n_pulses"].values) == [1, 1, 1, 1]


def test_the_traces_are_opened_without_a_word(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with xarray.open_zarr(plan.out / sweep_file_names.TRACES) as traces:
            assert traces.sizes == {"run": 4, "sample": 20, "pulse": 1}


def test_finished_rows_without_a_value_are_counted(tmp_path: Path, made: Made) -> None:
    most = {**CHANGE, "name": "third", "select": "rows 3 to 3"}
    made.fails = lambda case: case.resolved["protocol"][1]["value"] == "0.6 V"
    plan = small_plan(tmp_path, quantities=(CHANGE, most))
    summary = run_sweep(plan)
    assert (summary.finished, summary.failed, summary.gaps) == (2, 2, {"third": 2})
    assert run_sweep(small_plan(tmp_path)).gaps == {}


def test_what_plotting_needs_is_in_the_table(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    head = read_sweep(plan.out).head
    assert (head.title, head.method) == ("A small sweep", "grid")
    assert [(axis.column, axis.unit, axis.values) for axis in head.axes] == [
        ("thickness_um", "um", (0.5, 1.0)),
        ("height_V", "V", (0.3, 0.6)),
    ]
    assert [(quantity.name, quantity.column, quantity.unit) for quantity in head.quantities] == [("dG", "dG_S", "S")]


def test_words_are_text_in_the_table_and_codes_in_the_traces(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    law = listed("law", "", "device.interface[0].ion.law", ("continuous", "butler_volmer"))
    run_sweep(with_axes(plan, (law, plan.axes[1])))
    sweep = read_sweep(plan.out)
    assert list(sweep.table["law"]) == ["continuous"] * 2 + ["butler_volmer"] * 2
    assert sweep.traces is not None
    assert list(sweep.traces["law"].values) == [0.0, 0.0, 1.0, 1.0]
    assert sweep.traces["law"].flag_meanings == "continuous butler_volmer"


def test_runs_that_failed_or_were_not_made_are_rows_without_values(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path, thicknesses=(1.0, -1.0))
    run_sweep(plan)
    (shard,) = shards(plan.out)
    shard.write_bytes(shard.read_bytes()[:-1])
    gather(plan.out)
    sweep = read_sweep(plan.out)
    assert list(sweep.table["status"]) == ["finished", "missing", "failed", "failed"]
    np.testing.assert_array_equal(np.isnan(sweep.table["dG_S"]), [False, True, True, True])
    assert sweep.traces is not None
    np.testing.assert_array_equal(np.isnan(sweep.traces["conductance"]).all("sample"), [False, True, True, True])
    assert list(sweep.traces["n_pulses"].values) == [1, 0, 0, 0]
    assert run_sweep(plan).finished == 2
    assert made.count == 3


def test_a_run_cut_off_at_any_byte_is_never_gathered(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path, thicknesses=(1.0,), volts=(0.3,))
    run_sweep(plan)
    (shard,) = shards(plan.out)
    whole = shard.read_bytes()
    for length in range(len(whole) - 1, 0, -max(1, len(whole) // 7)):
        shard.write_bytes(whole[:length])
        gather(plan.out)
        assert list(read_sweep(plan.out).table["status"]) == ["missing"], length
    shard.write_bytes(whole)
    gather(plan.out)
    assert list(read_sweep(plan.out).table["status"]) == ["finished"]


def test_runs_of_unlike_numbers_of_pulses_end_in_nan(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    written(plan, 3, pulses=lambda number: number)
    gather(plan.out)
    traces = read_sweep(plan.out).traces
    assert traces is not None
    assert list(traces["n_pulses"].values) == [0, 1, 2]
    nan = np.nan
    np.testing.assert_array_equal(traces["pulse_dG"], [[nan, nan], [1.0, nan], [2.0, 2.0]])


def test_a_reader_sees_the_old_data_or_the_new_and_never_parts_of_both(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    shutil.copytree(plan.out / sweep_file_names.TRACES, tmp_path / "old.zarr")
    gather(plan.out)
    assert read_sweep(plan.out).traces is not None
    shutil.rmtree(plan.out / sweep_file_names.TRACES)
    shutil.copytree(tmp_path / "old.zarr", plan.out / sweep_file_names.TRACES)
    with pytest.raises(ResultError, match="not of the same gathering"):
        _ = read_sweep(plan.out).traces


def test_what_a_killed_gathering_left_is_in_nobodys_way(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    (plan.out / f".{sweep_file_names.TABLE}.tmp").write_bytes(b"PAR1 half")
    (plan.out / f".{sweep_file_names.TRACES}.tmp" / "time").mkdir(parents=True)
    gather(plan.out)
    assert read_sweep(plan.out).finished.all()
    assert not list(plan.out.glob(".*"))


def test_two_gatherings_at_once_are_refused(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path)
    run_sweep(plan)
    with locked(plan.out / sweep_file_names.SHARDS, "busy"), pytest.raises(ResultError, match="are being gathered"):
        gather(plan.out)


@pytest.mark.parametrize(
    "name, words",
    [
        ("nothing", "holds no sweep"),
        (".points.shard.tmp", "not all listed yet"),
        (sweep_file_names.TABLE, "is not the table of a sweep"),
    ],
)
def test_a_place_without_a_sweep_is_told_in_one_line(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(ResultError, match="holds no gathered sweep"):
        read_sweep(tmp_path)
    (tmp_path / name).write_text("nothing")
    with pytest.raises(ResultError, match=words):
        read_sweep(tmp_path) if name == sweep_file_names.TABLE else gather(tmp_path)


def test_ten_thousand_runs_leave_few_files(tmp_path: Path) -> None:
    plan = small_plan(tmp_path)
    written(plan, 10_000)
    gather(plan.out)
    assert len([path for path in plan.out.rglob("*") if path.is_file()]) < 2000
    sweep = read_sweep(plan.out)
    assert sweep.finished.sum() == 10_000
    np.testing.assert_allclose(sweep.table["dG_S"], 1e-9 * np.arange(10_000), rtol=1e-15)
    assert sweep.traces is not None
    np.testing.assert_array_equal(sweep.traces["voltage"][9_999], 9_999.0 + np.arange(20))


def test_samples_lie_between_the_first_and_the_last_time() -> None:
    times = np.array([0.0, 1e-6, 0.5, 100.0])
    linear = sample_times(times, Traces((), 5, "linear"))
    np.testing.assert_allclose(linear, [0.0, 25.0, 50.0, 75.0, 100.0], rtol=1e-15)
    log = sample_times(times, Traces((), 9, "log"))
    np.testing.assert_allclose(log, [0.0, *np.geomspace(1e-6, 100.0, 8)], rtol=1e-12)


def test_a_ratio_is_gathered_as_a_plain_number(tmp_path: Path, made: Made) -> None:
    ratio = {**CHANGE, "name": "height_of_change", "column": "dG_S / amplitude", "unit": "S/V"}
    plan = small_plan(tmp_path, thicknesses=(1.0,), volts=(0.5,), quantities=(CHANGE, ratio))
    run_sweep(plan)
    table = read_sweep(plan.out).table
    np.testing.assert_allclose(table["height_of_change"], table["dG_S"] / 0.5, rtol=1e-12)
