"""Checksums tell a damaged file from a whole one, and the files of the version before from both."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from eisfv.result import ResultError, RunDirectory, read
from eisfv.result.checkpoint import read_checkpoint, stream_marks
from eisfv.result.checksums import Mark, file_mark, sealed, unsealed, verify
from eisfv.result.status import Status, write_status
from eisfv.result.verifying import findings
from support.without_checksums import without_checksums
from support.written_run import VARIABLES, open_streams, written

ENTRIES = {"sizes_m": [[1e-9, 2.5e-9], [3e-8]], "pilots": 3, "expected_error": None, "word": "\u00b5"}


def test_the_checksum_is_that_of_zlib_and_of_the_first_bytes_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"123456789")
    assert file_mark(file) == Mark(9, 0xCBF43926)  # the check value by which CRC-32 is defined
    file.write_bytes(b"123456789 and more")
    verify(file, Mark(9, 0xCBF43926), whole=False)
    with pytest.raises(ResultError, match="18 bytes, written were 9"):
        verify(file, Mark(9, 0xCBF43926))


@pytest.mark.parametrize("indent", [2, None])
def test_every_flip_of_a_sealed_file_is_told_or_changes_no_entry(tmp_path: Path, indent: int | None) -> None:
    file = tmp_path / "mesh.json"
    content = sealed(ENTRIES, indent)
    told = 0
    for place in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        file.write_bytes(flipped)
        try:
            entries = unsealed(file)
        except ResultError as error:
            assert "mesh.json: is damaged" in str(error)  # noqa: PT017
            told += 1
        else:
            assert {name: entries[name] for name in ENTRIES} == ENTRIES
    assert told > 0.7 * 8 * len(content)


def test_entries_without_a_checksum_are_read(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text('{"state": "running"}')
    assert unsealed(tmp_path / "status.json") == {"state": "running"}


def test_a_checkpoint_of_the_version_before_is_refused_in_one_line(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "checkpoint.h5", "w") as file:
        file.attrs["eisfv_checkpoint"] = 4
    with pytest.raises(ResultError, match=r"earlier version of eisfv .*force = True"):
        read_checkpoint(tmp_path / "checkpoint.h5")
    assert stream_marks(tmp_path / "checkpoint.h5") == {}


def test_a_finished_run_of_the_version_before_is_not_damaged_by_its_old_checkpoint(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    without_checksums(run)
    with h5py.File(run / "checkpoint.h5", "w") as file:
        file.attrs["eisfv_checkpoint"] = 4
    (found,) = (finding for finding in findings(run) if finding.name == "checkpoint.h5")
    assert (found.fault, found.checked) == ("", False)
    write_status(run, Status("interrupted"))
    (found,) = (finding for finding in findings(run) if finding.name == "checkpoint.h5")
    assert "earlier version" in found.fault, "that run needs it"


def test_a_checkpoint_is_a_plain_hdf5_file(tmp_path: Path) -> None:
    with h5py.File(written(tmp_path / "run") / "checkpoint.h5") as file:
        np.testing.assert_array_equal(file["u"], np.arange(6.0).reshape(2, 3))


def test_a_journal_of_the_version_before_is_read(tmp_path: Path) -> None:
    run, whole = written(tmp_path / "run", end=False), read(written(tmp_path / "whole", end=False))
    journal = run / "profiles.journal"
    content = journal.read_bytes()
    start = 24 + int.from_bytes(content[8:16], "little")
    records = np.frombuffer(content[start:]).reshape(whole.profile_times.size, -1)
    journal.write_bytes(b"EISFVPJ2" + content[24:start] + np.delete(records, [0, 3, 4], axis=1).tobytes())
    before = read(run)
    np.testing.assert_array_equal(before.profile_times, whole.profile_times)
    np.testing.assert_array_equal(before.profile_is_field, whole.profile_is_field)
    assert before.profile_steps is None
    assert before.profile_step_times is None
    for variable in VARIABLES:
        np.testing.assert_array_equal(before.profiles(variable.name), whole.profiles(variable.name))


def test_a_run_of_the_version_before_is_read_and_its_damage_is_not_seen(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    (run / "result.nc").unlink()
    table = (run / "terminals.csv").read_bytes()
    (run / "terminals.csv").write_bytes(table.replace(b"5e-06", b"5e-07"))
    with pytest.raises(ResultError, match=r"terminals\.csv: is damaged"):
        _ = read(run).terminals
    without_checksums(run)
    assert read(run).terminals["conductance_S"][0] == pytest.approx(5e-7, rel=1e-12)


def test_a_table_damaged_while_the_run_goes_on_is_told_at_its_end(tmp_path: Path) -> None:
    with RunDirectory.open_new(tmp_path / "run") as directory:
        terminals, _, _ = open_streams(directory)
        terminals.append((0.0, 0.0, 0.0, 5e-6, 0.01))
        terminals.flush()
        file = tmp_path / "run" / "terminals.csv"
        content = file.read_bytes().replace(b"5e-06", b"7e-06")
        with file.open("r+b") as damaged:
            damaged.write(content)
        with pytest.raises(ResultError, match=r"terminals\.csv: is damaged"):
            directory.end("finished", 0.0)
    assert read(tmp_path / "run").status.state == "failed"
