"""To open somebody's case is to execute nothing: a .geo file is a program, and Gmsh gets it with trust alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from eisfv.case import CaseError, load
from eisfv.cli import app
from eisfv.sweeping.reading import read_plan
from support.drawn_case import DRAWN, PLANAR_FOLDER, drawn_case
from support.gmsh import needs_gmsh
from support.section_case import write_section

WORDS = "would execute with your rights; name the .msh made of it (gmsh -2 -format msh41 drawing.geo), or read it and"
SWEEP = """
[sweep]
title = "somebody's"
case = "case"
[[axis]]
key = "device.temperature"
values = ["300 K", "310 K"]
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a case whose drawing makes the file `executed` beside it."""
    place = write_section(tmp_path / "case", {**DRAWN, "device.section.mesh": "drawing.geo"})
    text = (PLANAR_FOLDER / "li_planar_selfgate.geo").read_text()
    (place / "drawing.geo").write_text(f'SystemCall "touch {place / "executed"}";\n{text}')
    return place


def invoked(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_drawing_is_not_executed_by_who_loads_it(case: Path) -> None:
    with pytest.raises(CaseError) as caught:
        load(case)
    (line,) = caught.value.lines
    assert line.startswith(f'{case / "case.toml"}: device.section.mesh = "drawing.geo" is a program')
    assert WORDS in line
    assert not (case / "executed").exists()


@pytest.mark.parametrize("words", [["check"], ["check", "--refine"], ["run"], ["calibrate"]])
def test_no_command_executes_a_drawing_unasked(case: Path, words: list[str]) -> None:
    done = invoked(words[0], case, *words[1:])
    assert done.exit_code == 2
    assert not (case / "executed").exists()
    assert not (case / "runs").exists()


def test_a_sweep_does_not_execute_the_drawing_of_its_case(case: Path) -> None:
    (case.parent / "sweep.toml").write_text(SWEEP)
    with pytest.raises(CaseError, match="is a program"):
        read_plan(case.parent)
    assert not (case / "executed").exists()


@needs_gmsh
def test_with_trust_it_is_executed_and_meshed(case: Path) -> None:
    """The control: the drawing does what the others must not let it do."""
    done = invoked("check", case, "--trust")
    assert done.exit_code == 0, done.stderr
    assert (case / "executed").exists()


@pytest.mark.parametrize("first", ["", "import eisfv; "])
def test_the_directory_does_not_name_the_cache_of_kernels(tmp_path: Path, first: str) -> None:
    """A cache holds pickles. The control: by itself numba takes it from the working directory."""
    pytest.importorskip("yaml")
    (tmp_path / ".numba_config.yaml").write_text("cache_dir: from_here\n")
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    command = [sys.executable, "-c", f"{first}from numba import config; print(config.CACHE_DIR)"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ("" if first else "from_here")


def test_a_mesh_needs_no_trust(tmp_path: Path) -> None:
    assert drawn_case(tmp_path).device.section is not None
