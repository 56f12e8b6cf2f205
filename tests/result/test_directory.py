"""A run directory holds what was written, survives being cut off, and is never overwritten unasked."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from eisfv.result import ResultError, RunDirectory, read
from eisfv.result.checkpoint import read_checkpoint, write_checkpoint
from support.without_checksums import without_checksums
from support.written_run import CASE, CELLS, TERMINALS, open_streams, profile, pulse_row, written


def test_result_nc_is_labelled_and_every_variable_has_a_unit(tmp_path: Path) -> None:
    with xr.open_dataset(written(tmp_path / "run") / "result.nc") as run:
        assert dict(run.sizes) == {"time": 4, "pulse": 4, "profile_time": 4, "cell": 7}
        for name, variable in run.variables.items():
            if variable.dtype.kind == "f":
                assert "units" in variable.attrs, name
        assert run["region"].attrs["flag_meanings"] == "electrolyte channel"
        assert run.attrs["title"] == "a written run"
        np.testing.assert_array_equal(run["potential"][2], profile(2.0)["potential"])


def test_an_unfinished_run_reads_as_the_finished_one(tmp_path: Path) -> None:
    whole, cut = read(written(tmp_path / "whole")), read(written(tmp_path / "cut", end=False))
    assert (whole.status.state, cut.status.state) == ("finished", "running")
    for name in whole.pulses:
        np.testing.assert_array_equal(whole.pulses[name], cut.pulses[name])
    for name in whole.terminals:
        np.testing.assert_array_equal(whole.terminals[name], cut.terminals[name])
    np.testing.assert_array_equal(whole.profiles("potential"), cut.profiles("potential"))


def test_profiles_have_the_step_and_the_time_in_it_finished_or_not(tmp_path: Path) -> None:
    """A nanosecond after thirty years, where the absolute time holds nothing of it."""
    late = [(1e9, 1, 1e9), (1e9 + 1e-9, 2, 1e-9), (1e9 + 3e-9, 3, 2e-9)]
    for path, end in ((tmp_path / "whole", True), (tmp_path / "cut", False)):
        with RunDirectory.open_new(path) as directory:
            _, _, profiles = open_streams(directory)
            for time, step, since in late:
                profiles.append(time, step, since, profile(0.0))
            directory.checkpoint({"time": 1e9}, 1e9)
            if end:
                directory.end("finished", 1e9)
        run = read(path)
        assert np.unique(run.profile_times).size == 1
        np.testing.assert_array_equal(run.profile_steps, [1, 2, 3])
        np.testing.assert_array_equal(run.profile_step_times, [1e9, 1e-9, 2e-9])
    with xr.open_dataset(tmp_path / "whole" / "result.nc") as found:
        assert {"profile_step", "profile_step_time"} <= set(found["potential"].coords)
        assert found["profile_step_time"].attrs["units"] == "s"


def test_a_result_of_a_version_without_steps_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "run")
    without_checksums(path)
    with h5py.File(path / "result.nc", "r+") as file:
        del file["profile_step"], file["profile_step_time"]
    run = read(path)
    assert run.profile_steps is None
    assert run.profile_step_times is None
    np.testing.assert_array_equal(run.profile_is_field, [True, False, False, True])
    np.testing.assert_array_equal(run.profiles("potential")[2], profile(2.0)["potential"])


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a"), written(tmp_path / "b")
    for name in ("terminals.csv", "pulses.csv", "case.resolved.toml", "checkpoint.h5"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@pytest.mark.parametrize("name", ["terminals.csv", "pulses.csv", "profiles.journal"])
def test_a_record_cut_off_by_a_crash_is_left_out(tmp_path: Path, name: str) -> None:
    run = written(tmp_path / "run", end=False)
    (run / "checkpoint.h5").unlink()  # what it has of a table was on the disk before it
    (run / name).write_bytes((run / name).read_bytes()[:-5])
    again = read(run)
    counts = len(again.terminals["time_s"]), len(again.pulses["dG_S"]), len(again.profile_times)
    assert counts == tuple(3 if name == other else 4 for other in ("terminals.csv", "pulses.csv", "profiles.journal"))


def crashed(run: Path) -> None:
    """Write a run that stops after its checkpoint, without an end."""
    with RunDirectory.open_new(run) as directory:
        terminals, pulses, profiles = open_streams(directory)
        terminals.append((0.0, 0.0, 0.0, 5e-6, 0.01))
        directory.checkpoint({"time": 0.0}, 0.0)
        terminals.append((99.0, 0.0, 0.0, 5e-6, 0.01))
        pulses.append(pulse_row(1))
        profiles.append(99.0, 1, 99.0, profile(99.0))
        raise RuntimeError("the power fails")


def test_a_resumed_run_forgets_what_came_after_its_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(RuntimeError, match="power"):
        crashed(run)
    with RunDirectory.open_resume(run, CASE) as directory:
        assert directory.saved is not None
        assert directory.saved["time"] == 0.0
        terminals, _, _ = open_streams(directory)
        terminals.append((1.0, 0.1, 0.0, 5e-6, 0.01))
        directory.end("finished", 1.0)
    again = read(run)
    np.testing.assert_array_equal(again.terminals["time_s"], [0.0, 1.0])
    assert len(again.pulses["dG_S"]) == 0


def test_a_finished_run_is_kept_and_so_are_the_files_of_others(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    (run / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match="force = True"):
        RunDirectory.open_new(run)
    with pytest.raises(ResultError, match="finished"):
        RunDirectory.open_resume(run, CASE)
    with RunDirectory.open_new(run, force=True):
        assert not (run / "pulses.csv").exists()
    assert (run / "notes.txt").read_text() == "mine"


def test_a_resume_with_another_case_changes_nothing(tmp_path: Path) -> None:
    run = written(tmp_path / "run", end=False)
    before = {file.name: file.read_bytes() for file in run.iterdir() if file.is_file()}
    with pytest.raises(ResultError, match="another case"):
        RunDirectory.open_resume(run, CASE.replace("written", "other"))
    assert {file.name: file.read_bytes() for file in run.iterdir() if file.is_file()} == before


def test_two_runs_do_not_write_to_one_directory(tmp_path: Path) -> None:
    with (
        RunDirectory.open_new(tmp_path / "run"),
        pytest.raises(ResultError, match="another run"),
    ):
        RunDirectory.open_new(tmp_path / "run", force=True)


def test_a_checkpoint_comes_back_with_its_types(tmp_path: Path) -> None:
    entries = {"u": np.arange(6.0).reshape(2, 3), "t": 1e-9, "n": 7, "word": "A"}
    write_checkpoint(tmp_path / "c.h5", entries)
    again = read_checkpoint(tmp_path / "c.h5")
    np.testing.assert_array_equal(again.pop("u"), entries.pop("u"))
    assert again == entries
    assert [type(again[k]) for k in ("t", "n", "word")] == [float, int, str]


def test_a_crash_while_a_checkpoint_is_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "c.h5"
    write_checkpoint(place, {"t": 1.0})
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ResultError, match="disk is full"):
        write_checkpoint(place, {"t": 2.0})
    monkeypatch.undo()
    assert read_checkpoint(place)["t"] == 1.0


def test_a_file_that_is_no_checkpoint_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.h5").write_bytes(b"nonsense")
    with pytest.raises(ResultError, match="not a checkpoint"):
        read_checkpoint(tmp_path / "c.h5")


def test_a_row_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with RunDirectory.open_new(tmp_path / "run") as directory:
        directory.write_case(CASE)
        terminals = directory.table("terminals", TERMINALS)
        with pytest.raises(ValueError, match="5 columns"):
            terminals.append((1.0, 2.0))


def test_cells_of_a_region_include_its_surface_node() -> None:
    np.testing.assert_array_equal(CELLS.of("channel"), [4, 5, 6])
