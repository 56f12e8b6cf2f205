"""A sweep's directory is its own: what lies elsewhere is neither replaced nor added to."""

from dataclasses import replace
from pathlib import Path

import pytest

from eisfv.result import ResultError, sweep_file_names
from eisfv.sweeping.directory import is_sweep
from eisfv.sweeping.driver import run_sweep
from eisfv.sweeping.dry_run import dry_run
from eisfv.sweeping.gather import gather
from support.small_sweep import Made, small_plan


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a directory with what is in it, and the directories."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}


@pytest.mark.parametrize(
    "name",
    ["result.nc", sweep_file_names.TABLE, f"{sweep_file_names.TRACES}/zarr.json", f"{sweep_file_names.SHARDS}/0.tar"],
)
def test_what_is_no_sweep_is_not_touched(tmp_path: Path, made: Made, name: str) -> None:
    plan = small_plan(tmp_path)
    (plan.out / name).parent.mkdir(parents=True)
    (plan.out / name).write_text("mine")
    before = contents(plan.out)
    holds = f"out: holds {name.partition('/')[0]}, and no sweep; choose another place with out"
    for call in (lambda: run_sweep(plan), lambda: list(dry_run(plan))):
        with pytest.raises(ResultError, match=holds):
            call()
    with pytest.raises(ResultError, match="holds no sweep"):
        gather(plan.out)
    assert contents(plan.out) == before
    assert made.count == 0


def test_an_empty_directory_is_taken_and_is_the_sweeps_afterwards(tmp_path: Path, made: Made) -> None:
    plan = small_plan(tmp_path, thicknesses=(1.0,), volts=(0.3,))
    plan.out.mkdir()
    (plan.out / ".hidden").write_text("")
    assert not is_sweep(plan.out)
    run_sweep(plan)
    assert is_sweep(plan.out)
    (plan.out / "notes.txt").write_text("mine")
    assert run_sweep(plan).found == 1
    assert (plan.out / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", [sweep_file_names.POINTS, sweep_file_names.SHARDS])
def test_a_sweep_that_has_lost_a_part_is_still_one(tmp_path: Path, made: Made, name: str) -> None:
    plan = small_plan(tmp_path, thicknesses=(1.0,), volts=(0.3,))
    run_sweep(plan)
    (plan.out / name).rename(tmp_path / "away")
    assert run_sweep(replace(plan)).finished == 1


def test_a_directory_that_is_not_there_holds_no_sweep(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="nowhere: holds no sweep"):
        gather(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
