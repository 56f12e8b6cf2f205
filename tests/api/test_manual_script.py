"""What the manual shows of Python can be pasted."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 35  # lines


def section() -> str:
    """Return the page of the manual on Python."""
    return (ROOT / "eisfv" / "docs" / "python.md").read_text()


def test_the_script_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    case = tmp_path / "cases" / "mg_wo3_pulses"
    shutil.copytree(ROOT / "cases" / "mg_wo3_pulses", case, ignore=shutil.ignore_patterns("runs"))
    before = {path: path.read_bytes() for path in case.iterdir()}
    _, script, _ = section().split("```")
    names: dict[str, object] = {}
    exec(script.removeprefix("python"), names)
    said = capsys.readouterr().out
    for word in ("open-circuit voltage", "dG_S", "units:      V", "W/m2", '"80 nn" has the unknown unit "nn"'):
        assert word in said
    assert said.rstrip().endswith('write for example "30 nm"')
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases", "pulses.png"]
    assert {path: path.read_bytes() for path in case.iterdir() if path.name != "runs"} == before
    made = sorted(str(path.relative_to(case)) for path in case.glob("runs/**/*.*"))
    assert made == ["runs/check/mesh.json", "runs/check/mesh.png"]


def test_the_section_is_short() -> None:
    assert len(section().splitlines()) <= LONGEST
