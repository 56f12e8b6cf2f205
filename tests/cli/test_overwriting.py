"""What lies in a run directory is not lost unasked."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.observers.terminals import Terminals
from support.signals import signalled
from support.small_case import write_case

Invoke = Callable[..., Result]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return write_case(tmp_path / "case")


@pytest.fixture
def interrupted(case: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a case whose run stopped in its middle."""
    with monkeypatch.context() as patch:
        patch.setattr(Terminals, "accept", signalled(Terminals.accept, 30))
        assert invoke("run", case, "--quiet").exit_code == 1
    return case


def refused(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return str(line)


def content(case: Path) -> dict[str, bytes]:
    out = case / "runs" / "latest"
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_a_finished_run_is_kept_unless_forced(case: Path, invoke: Invoke) -> None:
    assert invoke("run", case, "--quiet").exit_code == 0
    (case / "runs" / "latest" / "notes.txt").write_text("my own")
    before = content(case)
    line = refused(invoke("run", case))
    assert all(words in line for words in (str(case / "runs" / "latest"), "finished run", "--force", "--out"))
    assert content(case) == before
    assert invoke("run", case, "--force", "--quiet").exit_code == 0
    after = content(case)
    assert after["pulses.csv"] == before["pulses.csv"]
    assert after["notes.txt"] == b"my own"
    assert after["provenance.json"] != before["provenance.json"]


def test_an_unfinished_run_asks_for_resume_or_force(interrupted: Path, invoke: Invoke) -> None:
    before = content(interrupted)
    line = refused(invoke("run", interrupted))
    assert all(words in line for words in ("unfinished run", "interrupted at t = ", "--resume", "--force", "--out"))
    assert content(interrupted) == before
    assert invoke("run", interrupted, "--resume", "--quiet").exit_code == 0
    assert b'"finished"' in content(interrupted)["status.json"]


def test_an_unfinished_run_can_be_thrown_away(interrupted: Path, invoke: Invoke) -> None:
    assert invoke("run", interrupted, "--force", "--quiet").exit_code == 0
    assert b'"finished"' in content(interrupted)["status.json"]


def test_a_finished_run_is_not_resumed(case: Path, invoke: Invoke) -> None:
    assert invoke("run", case, "--quiet").exit_code == 0
    before = content(case)
    assert "finished, nothing to resume" in refused(invoke("run", case, "--resume"))
    assert content(case) == before


def test_what_never_began_is_not_resumed(case: Path, invoke: Invoke) -> None:
    assert "no run to resume; start it without --resume" in refused(invoke("run", case, "--resume"))
    assert not (case / "runs").exists()


def test_another_case_does_not_resume_a_run(interrupted: Path, invoke: Invoke) -> None:
    before = content(interrupted)
    line = refused(invoke("run", interrupted, "--resume", "--set", 'device.temperature="350 K"'))
    assert all(words in line for words in ('"298.15 K"', '"350 K"', "restore the case", "--force")), line
    assert content(interrupted) == before
    assert invoke("run", interrupted, "--resume", "--quiet").exit_code == 0


def test_another_case_does_not_throw_away_a_run_without_a_checkpoint(interrupted: Path, invoke: Invoke) -> None:
    (interrupted / "runs" / "latest" / "checkpoint.h5").unlink()
    before = content(interrupted)
    refused(invoke("run", interrupted, "--resume", "--set", 'device.temperature="350 K"'))
    assert content(interrupted) == before


def test_an_interrupted_run_says_how_to_go_on_and_that_works(
    case: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Terminals, "accept", signalled(Terminals.accept, 30))
        result = invoke("run", case, "--set", "protocol[1].repeat=1")
    assert result.exit_code == 1
    (line,) = (line for line in result.stderr.splitlines() if not line.startswith("warning: "))
    advice = line.partition("go on with: eisfv ")[2]
    assert invoke(*advice.split(), "--quiet").exit_code == 0
    assert len(content(case)["pulses.csv"].splitlines()) == 3


def test_resume_and_force_exclude_each_other(case: Path, invoke: Invoke) -> None:
    assert "take one of them" in refused(invoke("run", case, "--resume", "--force"))
