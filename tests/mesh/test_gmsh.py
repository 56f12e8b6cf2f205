"""Gmsh as a program: a .geo becomes a .msh, and what goes wrong is told in one line."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from eisfv.mesh import gmsh
from eisfv.mesh.drawing import read_drawing
from eisfv.mesh.drawing_checks import DrawingError
from eisfv.mesh.drawn import drawn_mesh
from eisfv.mesh.quality import MeshQualityError
from support.gmsh import needs_gmsh
from support.waiting import until

MESHES = Path(__file__).parents[2] / "meshes"
GEO = """
Point(1) = {0, 0, 0}; Point(2) = {3, 0, 0}; Point(3) = {0, 1, 0};
Point(4) = {3, 1, 0}; Point(5) = {0, 2, 0}; Point(6) = {3, 2, 0};
Line(1) = {1, 2}; Line(2) = {3, 4}; Line(3) = {5, 6};
Line(4) = {1, 3}; Line(5) = {2, 4}; Line(6) = {3, 5}; Line(7) = {4, 6};
Curve Loop(1) = {1, 5, -2, -4}; Plane Surface(1) = {1};
Curve Loop(2) = {2, 7, -3, -6}; Plane Surface(2) = {2};
Transfinite Curve {1:7} = 5;
Transfinite Surface {1, 2};
Physical Surface("top") = {1};
Physical Surface("bottom") = {2};
Physical Curve("gate") = {1};
Physical Curve("channel") = {3};
"""
RECTANGLES = "Recombine Surface {1, 2};\n"


def made(directory: Path, text: str) -> Path:
    file = directory / "device.geo"
    file.write_text(GEO + text)
    return gmsh.mesh_file(file, directory / "made")


def test_a_mesh_is_taken_as_it_is(tmp_path: Path) -> None:
    assert gmsh.mesh_file(tmp_path / "a.msh", tmp_path / "made") == tmp_path / "a.msh"
    assert not (tmp_path / "made").exists()


def test_without_gmsh_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gmsh, "find_spec", lambda name: None)
    monkeypatch.setattr(gmsh.shutil, "which", lambda name: None)
    with pytest.raises(
        DrawingError, match=r"needs Gmsh, which is not installed; .* pip install .*gmsh, or give the \.msh file"
    ) as caught:
        made(tmp_path, "")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "told"), [("a.step", "neither a .geo nor a .msh"), ("a.geo", "no such file")])
def test_a_file_that_cannot_be_meshed_is_told(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(DrawingError, match=told):
        gmsh.mesh_file(tmp_path / name, tmp_path)


@needs_gmsh
@pytest.mark.parametrize("name", ["h_ysz_3um", "li_planar_selfgate", "wo3_mesa"])
def test_the_mesh_beside_a_drawing_is_the_one_gmsh_makes_of_it(tmp_path: Path, name: str) -> None:
    kept = read_drawing(MESHES / name / f"{name}.msh")
    fresh = read_drawing(gmsh.mesh_file(MESHES / name / f"{name}.geo", tmp_path))
    assert fresh.regions == kept.regions
    np.testing.assert_allclose(fresh.points, kept.points, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(fresh.corners, kept.corners)


@needs_gmsh
@pytest.mark.parametrize("version", ["2.2", "4.1"])
@pytest.mark.parametrize("binary", [0, 1])
def test_every_format_of_gmsh_is_read(tmp_path: Path, version: str, binary: int) -> None:
    file = made(tmp_path, f"{RECTANGLES} Mesh.MshFileVersion = {version}; Mesh.Binary = {binary};")
    mesh = drawn_mesh(file, 1e-6, ["top", "bottom"], 2e-6, (False, False))
    np.testing.assert_allclose(mesh.volume.sum(), 3e-6 * 2e-6 * 2e-6, rtol=1e-12)


@needs_gmsh
def test_rectangles_cut_into_triangles_are_refused(tmp_path: Path) -> None:
    drawn_mesh(made(tmp_path, RECTANGLES), 1e-6, ["top", "bottom"], 1.0, (False, False))
    with pytest.raises(MeshQualityError, match="degrees off its face's normal"):
        drawn_mesh(made(tmp_path, ""), 1e-6, ["top", "bottom"], 1.0, (False, False))


@needs_gmsh
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mesh.SaveAll = 1;", "some elements are in no physical group"),
        ("Mesh.ElementOrder = 2;", "of higher order"),
        ('Physical Point("origin") = {1};', 'physical point "origin" names nothing'),
        ("Curve{5} In Surface{77};", "Gmsh could not mesh it"),
        ("Rectangle(9) = {", "Gmsh could not mesh it"),
    ],
)
def test_what_gmsh_lets_through_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DrawingError, match=told) as caught:
        read_drawing(made(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_drawing_that_comes_to_no_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(command: list[str]) -> tuple[int, str]:
        raise subprocess.TimeoutExpired(command, gmsh.TIME_LIMIT)

    monkeypatch.setattr(gmsh, "_program", lambda file: ["gmsh"])
    monkeypatch.setattr(gmsh, "ended", endless)
    with pytest.raises(
        DrawingError, match=r"device\.geo: Gmsh has not meshed it in 600 s; draw it coarser, or"
    ) as caught:
        made(tmp_path, "")
    assert "\n" not in str(caught.value)


def test_what_a_drawing_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `SystemCall "sleep 1000 &"` would: the shell's child holds the pipes open."""
    number = tmp_path / "number"

    def out_of_time(process: object, timeout: float) -> None:
        assert timeout == gmsh.TIME_LIMIT
        until(lambda: number.is_file() and number.read_text().endswith("\n"))
        raise subprocess.TimeoutExpired("gmsh", timeout)

    monkeypatch.setattr(gmsh.subprocess.Popen, "communicate", out_of_time)
    with pytest.raises(subprocess.TimeoutExpired):
        gmsh.ended(["sh", "-c", f"sleep 1000 & echo $! > {number}; wait"])
    child = int(number.read_text())
    until(lambda: not running(child))


def running(process: int) -> bool:
    """Return whether a process is there and no zombie, which waits for somebody to ask after it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_program_says_is_handed_on() -> None:
    assert gmsh.ended(["sh", "-c", "echo one; echo two >&2; exit 3"]) == (3, "one\ntwo\n")
