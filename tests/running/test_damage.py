"""A flipped bit in any file of a run is refused in one line or changes nothing: no other number, no traceback.

The flips are drawn once for all (seeded), many in every file, the first and the last byte among them.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.commands.extract import extract_command
from eisfv.commands.info import info_command
from eisfv.commands.run import run_command
from eisfv.errors import EisfvError
from eisfv.remedies import COMMAND_LINE, told_to
from eisfv.result import ResultError, Run, atomic, checksums, file_names, journal, read, streams
from eisfv.result import checkpoint as checkpoint_file
from eisfv.running import checkpoint, run_case
from eisfv.running.checkpoint import Checkpoints
from support.kills import Kills, SteadyClock, tables
from support.small_case import COARSE, OUTPUT, PULSE_BETWEEN_READS, STEP_BY_STEP, silent, small_case
from support.small_case import PULSES as PROTOCOL

FLIPS = 24  # of each file
CASE, STATUS, PROVENANCE = file_names.CASE, file_names.STATUS, file_names.PROVENANCE
TERMINALS, PULSES, JOURNAL = file_names.TERMINALS, file_names.PULSES, file_names.JOURNAL
CHECKPOINT, RESULT = file_names.CHECKPOINT, file_names.RESULT
KILLED_FILES = (CASE, STATUS, TERMINALS, PULSES, JOURNAL, CHECKPOINT)
ENDED_FILES = (CASE, STATUS, TERMINALS, PULSES, CHECKPOINT, RESULT, PROVENANCE)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a run that ended and the same, killed behind its first pulse and a checkpoint."""
    place = tmp_path_factory.mktemp("damage")
    case = small_case(place / "case", PROTOCOL, OUTPUT, COARSE + STEP_BY_STEP)
    kills = Kills(place / "run", every=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint, "clock", SteadyClock())
        patch.setattr(Checkpoints, "pause", kills.wrap(Checkpoints.pause, "killed"))
        run_case(case, place / "run", silent)
    return place / "run", next(copy for copy in kills.copies if rows_in_checkpoint(copy) >= 2)


def rows_in_checkpoint(run: Path) -> int:
    """Return how many pulses a run had written by its checkpoint."""
    marks = checkpoint_file.stream_marks(run / CHECKPOINT)
    return (run / PULSES).read_bytes()[: marks[PULSES].length].count(b"\n") - 1 if marks else -1


def flips(file: Path, count: int = FLIPS, limit: int | None = None) -> Iterator[bytes]:
    """Give a file's content with one bit flipped, in many places of its first `limit` bytes."""
    content = file.read_bytes()
    size = len(content) if limit is None else limit
    draw = random.Random(file.name)
    for place in (0, size - 1, *(draw.randrange(size) for _ in range(count - 2))):
        flipped = bytearray(content)
        flipped[place] ^= 1 << draw.randrange(8)
        yield bytes(flipped)


def one_line(error: EisfvError, name: str) -> bool:
    """Return whether a refusal names a file on one line that holds a remedy."""
    words = str(error)
    return "\n" not in words and name in words


def spoilt(run: Path, place: Path, name: str, limit: int | None = None, count: int = FLIPS) -> Iterator[Path]:
    """Give copies of a run in which a bit of one file is flipped, one after the other in one place."""
    for content in flips(run / name, count, limit):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(run, place)
        (place / name).write_bytes(content)
        yield place


def resume_differs(runs: tuple[Path, Path], place: Path, name: str) -> list[str]:
    """Resume copies of the killed run, a file of which is damaged; return what went on to other tables."""
    ended, killed = runs
    wrong = []
    for copy in spoilt(killed, place, name):
        try:
            run_command(copy, None, [], resume=True, force=False, quiet=True, trust=False)
        except EisfvError as error:
            wrong += [] if one_line(error, name) else [str(error)]
            continue
        if tables(copy) != tables(ended):
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("name", KILLED_FILES)
def test_a_resumed_run_ends_as_the_whole_one_or_is_refused(runs: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    assert resume_differs(runs, tmp_path / "run", name) == []


def profiles(run: Run) -> dict[str, np.ndarray]:
    """Return every profile of a run."""
    return {variable.name: run.profiles(variable.name) for variable in run.profile_variables}


def reads_differently(run: Path, place: Path, name: str, limit: int | None) -> list[str]:
    """Read copies of a run, a file of which is damaged, as the commands do; return what is read as other numbers."""
    whole = read(run)
    wrong = []
    for copy in spoilt(run, place, name, limit):
        try:
            again = read(copy)
            parts = [(again.terminals, whole.terminals), (again.pulses, whole.pulses)]
            parts.append((profiles(again), profiles(whole)))
            title = again.title
        except ResultError as error:
            wrong += [] if one_line(error, name) else [str(error)]
            continue
        equal = title == whole.title
        for found, expected in parts:
            equal &= list(found) == list(expected)
            equal &= all(np.array_equal(found[k], expected[k], equal_nan=found[k].dtype.kind == "f") for k in found)
        wrong += [] if equal else [name]
    return wrong


@pytest.mark.parametrize("name", ENDED_FILES)
def test_a_run_that_ended_is_read_as_it_was_written_or_refused(
    runs: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    assert reads_differently(runs[0], tmp_path / "run", name, None) == []


@pytest.mark.parametrize("name", KILLED_FILES)
def test_a_killed_run_is_read_as_it_was_written_or_refused(runs: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    killed = runs[1]
    marks = checkpoint_file.stream_marks(killed / CHECKPOINT)
    limit = marks[name].length if name in (TERMINALS, PULSES) else None
    assert reads_differently(killed, tmp_path / "run", name, limit) == []


@pytest.mark.parametrize(
    "name", [pytest.param(TERMINALS, marks=pytest.mark.long), PULSES, pytest.param(JOURNAL, marks=pytest.mark.long)]
)
def test_without_the_comparison_of_checksums_a_flip_passes_for_the_run(
    runs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in (checksums, checkpoint_file, journal, streams):
        monkeypatch.setattr(module, "differs", lambda found, expected: False)
    ended, killed = runs
    passed = 0
    for copy in spoilt(killed, tmp_path / "run", name):
        try:
            run_case(load(copy / CASE), copy, silent, resume=True)
        except Exception:  # what is wrong inside may end anyhow
            continue
        same = tables(copy) == tables(ended) and (copy / RESULT).read_bytes() == (ended / RESULT).read_bytes()
        passed += not same
    assert passed > 0


@pytest.mark.parametrize("name", ENDED_FILES)
def test_info_names_the_damaged_file_and_what_is_whole(
    runs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    for copy in spoilt(runs[0], tmp_path / "run", name):
        code = info_command(copy)
        told = capsys.readouterr().out
        lines = [line for line in told.splitlines() if line.startswith("  damaged")]
        if name == STATUS and not lines:  # a blank between two entries
            assert code == 0
            continue
        assert code == 1
        assert len(lines) == 1
        assert f"{name}: is damaged" in told
        (whole,) = (line for line in told.splitlines() if line.startswith("  whole"))
        assert name not in whole
        assert file_names.PROVENANCE in whole or name == PROVENANCE


def test_info_of_a_run_that_is_whole_is_content(runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    for run in runs:
        assert info_command(run) == 0
        told = capsys.readouterr().out
        assert "damaged" not in told
        assert f"{CASE}, " in told


def test_info_tells_whether_a_damaged_killed_run_goes_on(
    runs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = next(spoilt(runs[1], tmp_path / "run", CHECKPOINT))
    with told_to(COMMAND_LINE):
        assert info_command(copy) == 1
    assert "start over with --force" in capsys.readouterr().out
    copy = next(spoilt(runs[1], tmp_path / "run", file_names.LOG))
    assert info_command(copy) == 0  # the log of a run that goes on is still written to


@pytest.mark.parametrize("name", [RESULT, CASE])
def test_extract_refuses_a_damaged_file_of_the_run(runs: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    for copy in spoilt(runs[0], tmp_path / "run", name, count=4):
        with pytest.raises(ResultError, match=f"{name}: is damaged"):
            extract_command([copy], [], tmp_path / "out", None, force=True)


@pytest.mark.parametrize("compared", [True, False])
def test_a_flip_in_a_saved_state_is_another_run_unless_it_is_refused(
    runs: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compared: bool
) -> None:
    ended, killed = runs
    copy = tmp_path / "run"
    shutil.copytree(killed, copy)
    content = bytearray((copy / CHECKPOINT).read_bytes())
    state = np.asarray(checkpoint_file.read_checkpoint(copy / CHECKPOINT)["u"]).tobytes()
    content[content.index(state) + 6] ^= 1  # of the first potential, a bit worth a sixteenth of it
    (copy / CHECKPOINT).write_bytes(content)
    if compared:
        with pytest.raises(ResultError, match=r"checkpoint\.h5: is damaged .*force = True"):
            run_case(load(copy / CASE), copy, silent, resume=True)
        return
    monkeypatch.setattr(checkpoint_file, "differs", lambda found, expected: False)
    run_case(load(copy / CASE), copy, silent, resume=True)
    assert read(copy).status.state == "finished"
    assert tables(copy) != tables(ended)


def test_a_kill_at_any_moment_leaves_files_that_are_found_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = small_case(tmp_path / "case", PULSE_BETWEEN_READS, OUTPUT, COARSE)
    kills = Kills(tmp_path / "run", every=1)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "clock", SteadyClock())
        patch.setattr(atomic, "synchronise", kills.wrap(atomic.synchronise, "while writing"))
        run_case(case, tmp_path / "run", silent)
    started = [copy for copy in kills.copies if (copy / STATUS).exists()]
    assert len(started) > 10
    for copy in started:
        assert info_command(copy) == 0, capsys.readouterr().out
        assert len(read(copy).pulses.get("dG_S", [])) <= 1
