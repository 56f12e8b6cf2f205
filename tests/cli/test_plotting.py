"""`plot`: pictures of runs, chosen columns, animated sections."""

import subprocess
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.postprocess.fields.vtu import write_fields
from eisfv.result import read
from support.small_case import write_case
from support.synthetic_run import finished
from support.synthetic_section import STEP, section_run

Invoke = Callable[..., Result]
Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.pictures
def test_plot_draws_the_pictures_again(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case")
    assert invoke("run", case, "--quiet").exit_code == 0
    pictures = sorted((case / "runs" / "latest" / "plots").iterdir())
    for picture in pictures:
        picture.unlink()
    result = invoke("plot", case)
    assert result.exit_code == 0
    assert sorted(Path(line) for line in result.stdout.splitlines()) == pictures
    assert all(picture.is_file() for picture in pictures)


def test_plot_draws_chosen_columns_of_several_runs(tmp_path: Path, invoke: Invoke) -> None:
    runs = [finished(tmp_path / name) for name in ("one", "two")]
    out = tmp_path / "both.svg"
    options = ("--y", "voltage_V", "--log", "x", "--from", "1 s")
    assert invoke("plot", *runs, *options, "--out", out).stdout.split() == [str(out)]
    assert invoke("plot", runs[0], *options, "--format", "pdf").stdout.split() == [
        str(runs[0] / "plots" / "chosen.pdf")
    ]


@pytest.mark.parametrize(
    "options, words",
    [
        (("--log", "z"), "not one of x, y, both"),
        (("--format", "gif"), "not one of png, pdf, svg"),
        (("--out", "a.png"), "choose its columns with --y"),
        (("--y", "voltage_V", "--out", "a.gif"), "does not end with one of .png, .pdf, .svg"),
        (("--y", "voltage_V", "--animate"), "leave out what chooses columns"),
        (("--y", "volts"), "no column"),
    ],
)
def test_plot_options_that_do_not_go_are_one_line(
    tmp_path: Path, invoke: Invoke, options: tuple[str, ...], words: str
) -> None:
    result = invoke("plot", finished(tmp_path / "run"), *options)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert words in line


@pytest.mark.long
def test_plot_animates_a_section_when_asked(tmp_path: Path, invoke: Invoke) -> None:
    run = section_run(tmp_path / "run", STEP)
    assert "section_potential.gif" not in invoke("plot", run).stdout
    result = invoke("plot", run, "--animate", "--quantity", "potential")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == str(run / "plots" / "section_potential.gif")


def test_plot_tells_what_cannot_be_animated(tmp_path: Path, invoke: Invoke) -> None:
    for run, words in (
        (finished(tmp_path / "stack"), ("--animate",)),
        (section_run(tmp_path / "section", STEP), ("--animate", "--quantity", "colour")),
        (tmp_path / "section", ("--quantity", "potential")),
    ):
        result = invoke("plot", run, *words)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(find_library("OSMesa") is not None, reason="VTK can draw with OSMesa here")
def test_plot_survives_a_crash_of_vtk_in_one_line(tmp_path: Path, typed: Typed) -> None:
    run = section_run(tmp_path / "run", STEP)
    write_fields(read(run))
    done = typed("plot", run, "--pyvista", VTK_DEFAULT_OPENGL_WINDOW="vtkOSOpenGLRenderWindow")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "apt-get install" in line
    assert str(run / "plots" / "section_potential.png") in done.stdout.splitlines()
    assert not list((run / "plots").glob("view_*"))


def test_plot_tells_that_pyvista_is_for_sections(tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("plot", finished(tmp_path / "stack"), "--pyvista")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "not a section" in line
