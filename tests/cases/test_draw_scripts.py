"""The scripts that draw a case's pictures find all that they import, and say in one line what must be run first."""

import runpy
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

CASES = Path(__file__).parents[2] / "cases"
SCRIPTS = sorted(CASES.rglob("draw.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.parent.name)
def test_a_script_without_a_run_says_what_to_run(tmp_path: Path, script: Path) -> None:
    case = copytree(script.parent, tmp_path / "case", ignore=ignore_patterns("runs"))
    with pytest.raises(SystemExit, match=r"has not been (run|swept); run it first: eisfv (run|sweep) .*case$"):
        runpy.run_path(str(case / "draw.py"), run_name="__main__")


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) >= 5
