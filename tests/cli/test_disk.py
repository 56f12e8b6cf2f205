"""A place that cannot be written, or that fills up: one clear line and no traceback."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from support.small_case import OUTPUT, PULSES, write_case

Invoke = Callable[..., Result]
OFTEN = OUTPUT.replace("100 ms", "2 ms")  # ten kilobytes of profiles for every 10 ms


def mounted(at: Path, *options: str) -> bool:
    """Mount memory at a directory; False where that is not allowed."""
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(at)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of 500 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mounted(disk, "size=500k"):
        pytest.skip("only root may mount a small file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """Return a directory that cannot be written to."""
    place = tmp_path / "read only"
    place.mkdir()
    if mounted(place, "ro"):
        yield place
        subprocess.run(["umount", "--lazy", str(place)], check=True)
    elif os.geteuid() == 0:
        pytest.skip("root writes everywhere and may not mount here")
    else:
        place.chmod(0o500)
        yield place
        place.chmod(0o700)


def the_line(result: Result, code: int) -> str:
    assert result.exit_code == code, result.stderr
    assert result.stdout == ""
    (line,) = (line for line in result.stderr.splitlines() if not line.startswith("warning: "))
    return str(line)


def test_a_read_only_place_is_told(read_only: Path, tmp_path: Path, invoke: Invoke) -> None:
    line = the_line(invoke("run", write_case(tmp_path / "case"), "--out", read_only / "run"), 2)
    assert str(read_only / "run") in line
    assert "read-only" in line or "no permission" in line
    assert "--out" in line


def test_a_new_case_in_a_read_only_place_is_told(read_only: Path, invoke: Invoke) -> None:
    assert "cannot be written" in the_line(invoke("new", read_only / "mine"), 2)


def test_a_file_in_the_way_is_told(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "file").write_text("")
    line = the_line(invoke("run", write_case(tmp_path / "case"), "--out", tmp_path / "file" / "run"), 2)
    assert str(tmp_path / "file") in line
    assert "--out" in line
    line = the_line(invoke("run", write_case(tmp_path / "case"), "--out", tmp_path / "file"), 2)
    assert str(tmp_path / "file") in line


def test_a_disk_that_is_full_from_the_start_is_told(tmp_path: Path, invoke: Invoke) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "terminals.csv").symlink_to("/dev/full")
    line = the_line(invoke("run", write_case(tmp_path / "case"), "--out", out), 2)
    assert "terminals.csv" in line
    assert "disk is full" in line


@pytest.mark.long
def test_a_disk_that_fills_up_stops_the_run_which_goes_on_when_there_is_room(
    small_disk: Path, tmp_path: Path, invoke: Invoke
) -> None:
    case = write_case(tmp_path / "case", PULSES, OFTEN)
    line = the_line(invoke("run", case, "--out", small_disk / "run"), 1)
    assert "disk is full" in line
    assert "--resume" in line
    assert "stopped at t = " in line
    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    assert invoke("run", case, "--out", small_disk / "run", "--resume", "--quiet").exit_code == 0
    assert invoke("run", case, "--quiet").exit_code == 0
    for name in ("terminals.csv", "pulses.csv"):
        assert (small_disk / "run" / name).read_bytes() == (case / "runs" / "latest" / name).read_bytes()


def test_a_disk_with_room_for_the_run_but_not_for_its_fields_is_told(
    tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = write_case(tmp_path / "case")
    out = tmp_path / "run"
    (out / "fields").mkdir(parents=True)
    (out / "fields" / ".fields.pvd.tmp").symlink_to("/dev/full")
    line = the_line(invoke("run", case, "--out", out), 1)
    assert "disk is full" in line
