"""What the manual shows of Python can be pasted."""

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
    (tmp_path / "cases").symlink_to(ROOT / "cases")
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "cases" / "mg_wo3_pulses").iterdir()}
    _, script, _ = section().split("```")
    names: dict[str, object] = {}
    exec(script.removeprefix("python"), names)
    said = capsys.readouterr().out
    for word in ("open-circuit voltage", "dG_S", "units:      V", "W/m2", '"80 nn" has the unknown unit "nn"'):
        assert word in said
    assert said.rstrip().endswith('write for example "30 nm"')
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases", "pulses.png"]
    assert {path: path.stat().st_mtime_ns for path in (ROOT / "cases" / "mg_wo3_pulses").iterdir()} == before


def test_the_section_is_short() -> None:
    assert len(section().splitlines()) <= LONGEST
