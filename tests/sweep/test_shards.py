"""Shards: a record is there whole or not at all, wherever its writing stopped."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from eisfv.result import ResultError
from eisfv.result.shards import ShardReader, ShardWriter, record_at


def written(path: Path, count: int) -> list[int]:
    """Write some records and return the length of the file after each."""
    lengths = []
    with ShardWriter(path, sync=False) as shard:
        for number in range(count):
            arrays = {"g": np.arange(5.0) + number, "table": np.full((2, 3), 0.1 * number)}
            shard.append({"number": number, "words": "Öl, 5 µS"}, arrays)
            lengths.append(path.stat().st_size)
    return lengths


def numbers(path: Path) -> list[int]:
    return [text["number"] for _, text in ShardReader(path).texts()]


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    written(tmp_path / "a.shard", 3)
    found = list(ShardReader(tmp_path / "a.shard").texts())
    assert [text["words"] for _, text in found] == ["Öl, 5 µS"] * 3
    text, arrays = record_at(tmp_path / "a.shard", found[2][0])
    assert text["number"] == 2
    np.testing.assert_array_equal(arrays["g"], np.arange(5.0) + 2)
    np.testing.assert_array_equal(arrays["table"], np.full((2, 3), 0.2))


def test_a_number_that_is_not_finite_is_null_in_the_text_and_itself_in_an_array(tmp_path: Path) -> None:
    with ShardWriter(tmp_path / "a.shard") as shard:
        shard.append({"outputs": {"dG": float("nan"), "list": [float("inf"), 1.0]}}, {"g": np.array([np.nan, 1.0])})
    ((offset, text),) = ShardReader(tmp_path / "a.shard").texts()
    assert text["outputs"] == {"dG": None, "list": [None, 1.0]}
    np.testing.assert_array_equal(record_at(tmp_path / "a.shard", offset)[1]["g"], [np.nan, 1.0])


def test_a_file_cut_at_any_byte_gives_the_records_that_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.shard"
    lengths = written(path, 3)
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        assert numbers(path) == [n for n in range(3) if lengths[n] <= length], length


def test_a_record_with_any_byte_changed_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "a.shard"
    lengths = written(path, 2)
    whole = path.read_bytes()
    for at in range(lengths[0], lengths[1]):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        assert numbers(path) == [0], at


def test_reading_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.shard"
    reader = ShardReader(path)
    with ShardWriter(path) as shard:
        assert list(reader.texts()) == []
        for number in range(3):
            shard.append({"number": number})
            assert [text["number"] for _, text in reader.texts()] == [number]
    with ShardWriter(path) as shard:
        shard.append({"number": 3})
    assert [text["number"] for _, text in reader.texts()] == [3]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.shard").write_text("number,dG\n1,2\n")
    with pytest.raises(ResultError, match=r"a\.shard: is not a shard"):
        numbers(tmp_path / "a.shard")


def test_a_place_without_a_whole_record_is_refused(tmp_path: Path) -> None:
    length = written(tmp_path / "a.shard", 1)[0]
    with pytest.raises(ResultError, match="no whole record"):
        record_at(tmp_path / "a.shard", length)


def test_a_record_that_could_not_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.shard"
    with ShardWriter(path) as shard:
        shard.append({"number": 0})
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(ResultError, match="the disk is full"):
                shard.append({"number": 1})
        shard.append({"number": 2})
    assert numbers(path) == [0, 2]


def full(handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
