"""Tables of a run that are damaged, cut or not yet written: never taken as a run that did less."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eisfv.commands.extract import extract_command
from eisfv.postprocess.extract.reading import notes_of, read_sources
from eisfv.result import ResultError
from eisfv.result.file_names import PULSES, RESULT, TERMINALS
from support.made_run import made_run, train
from support.without_checksums import without_checksums

PROTOCOL = train("1 uA", 6)

Damage = Callable[[str], str]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return a finished run of six pulses that has its csv tables only."""
    path = made_run(tmp_path / "run", PROTOCOL)
    (path / RESULT).unlink()
    without_checksums(path)
    return path


def cut(text: str) -> str:
    """Return the first three lines."""
    return "".join(text.splitlines(keepends=True)[:3])


def test_whole_tables_are_read(run: Path) -> None:
    (source,) = read_sources([run])
    assert source.run.pulses["index"].size == 6
    assert not notes_of([source])


@pytest.mark.parametrize(
    ("name", "damage", "words"),
    [
        (PULSES, lambda text: text.replace(",", ";"), "has no column index"),
        (PULSES, cut, "has 2 rows, and the run drove 6 pulses"),
        (TERMINALS, lambda text: text.replace("conductance_S", "G"), "has no column conductance_S"),
        (TERMINALS, lambda text: cut(text) + "a,b,c,d,e,f,g\n", "has text where a number belongs"),
    ],
)
def test_a_damaged_table_is_refused_by_its_name(run: Path, name: str, damage: Damage, words: str) -> None:
    (run / name).write_text(damage((run / name).read_text()))
    with pytest.raises(ResultError, match=words) as caught:
        read_sources([run])
    assert str(caught.value).startswith(str(run / name))
    assert "run the case again" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "column"), [(TERMINALS, "step_time_s"), (PULSES, "width_s")])
def test_tables_of_the_version_before_are_refused_in_one_line(run: Path, name: str, column: str) -> None:
    rows = [line.split(",") for line in (run / name).read_text().splitlines()]
    place = rows[0].index(column)
    (run / name).write_text("".join(",".join(row[:place] + row[place + 1 :]) + "\n" for row in rows))
    with pytest.raises(ResultError, match=f"no column {column}; it is of another version of eisfv") as caught:
        read_sources([run])
    assert "\n" not in str(caught.value)


def test_pulses_of_a_killed_run_that_were_not_yet_written_are_counted(tmp_path: Path) -> None:
    path = made_run(tmp_path / "run", PROTOCOL, state="interrupted")
    without_checksums(path)
    (path / PULSES).write_text(cut((path / PULSES).read_text()))
    (note,) = notes_of(read_sources([path]))
    assert "lacks 4 pulses" in note
    assert "resume = True" in note


def test_a_case_that_was_never_run_is_told_to_be_run(tmp_path: Path) -> None:
    (tmp_path / "case.toml").touch()
    with pytest.raises(ResultError) as refusal:
        extract_command([tmp_path], [], None, None, force=False)
    assert refusal.value.exit_code == 2
    assert str(refusal.value).endswith(f'the case was not run yet; first: eisfv.run("{tmp_path}", out=...)')
