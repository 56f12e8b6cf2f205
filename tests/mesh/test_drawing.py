"""Drawings: what is read is what was drawn, and each mistake is told in one line with its remedy."""

from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest

from eisfv.mesh.drawing import read_drawing
from eisfv.mesh.drawing_checks import DrawingError
from eisfv.mesh.drawn import drawn_angle, drawn_mesh
from eisfv.mesh.records import CHANNEL, GATE

MESHES = Path(__file__).parents[2] / "meshes"
NAMES = {
    (2, 1): "electrolyte",
    (2, 2): "channel",
    (1, 1): "gate",
    (1, 2): "source",
    (1, 3): "drain",
    (1, 4): "electrolyte|channel",
}
# Three rows of three points; two squares over a square and two triangles.
POINTS = [[x, y, 0.0] for y in (0.0, 1.0, 2.0) for x in (0.0, 1.0, 2.0)]
CELLS = [(1, [0, 1, 4, 3]), (1, [1, 2, 5, 4]), (2, [3, 4, 7]), (2, [3, 7, 6]), (2, [4, 5, 8, 7])]
LINES = [(1, [0, 1]), (1, [1, 2]), (2, [3, 6]), (3, [5, 8]), (4, [3, 4]), (4, [4, 5])]
# Gmsh's number of an element by its points: line, triangle, square, triangle of second order, hexahedron.
KINDS = {2: 1, 3: 2, 4: 3, 6: 9, 8: 5}


def drawn(directory: Path, points: Any = POINTS, cells: Any = CELLS, lines: Any = LINES, names: Any = NAMES) -> Path:
    """Write a drawing as MSH 2.2 and return its path."""
    file = directory / "device.msh"
    rows = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat", "$PhysicalNames", str(len(names))]
    rows += [f'{dimension} {number} "{name}"' for (dimension, number), name in sorted(names.items())]
    rows += ["$EndPhysicalNames", "$Nodes", str(len(points))]
    rows += [f"{n + 1} {x!r} {y!r} {z!r}" for n, (x, y, z) in enumerate(points)]
    rows += ["$EndNodes", "$Elements", str(len(lines) + len(cells))]
    for number, (tag, corners) in enumerate([*lines, *cells]):
        rows.append(f"{number + 1} {KINDS[len(corners)]} 2 {tag} {tag} {' '.join(str(c + 1) for c in corners)}")
    file.write_text("\n".join([*rows, "$EndElements", ""]))
    return file


def moved(number: int, x: float, y: float) -> list[list[float]]:
    return [[x, y, 0.0] if n == number else point for n, point in enumerate(POINTS)]


def without(name: str) -> dict[tuple[int, int], str]:
    return {key: value for key, value in NAMES.items() if value != name}


def test_a_drawing_is_read_in_metres(tmp_path: Path) -> None:
    drawing = read_drawing(drawn(tmp_path), 1e-9)
    np.testing.assert_allclose(drawing.points.max(axis=0), [2e-9, 2e-9], rtol=1e-15)
    assert [drawing.regions[r] for r in drawing.region].count("channel") == 3
    assert {name: len(lines) for name, lines in drawing.contacts.items()} == {"gate": 2, "source": 1, "drain": 1}
    assert {name: len(lines) for name, lines in drawing.interfaces.items()} == {"electrolyte|channel": 2}
    assert (drawing.under("gate"), drawing.under("drain")) == ("electrolyte", "channel")


def test_points_of_no_cell_are_dropped(tmp_path: Path) -> None:
    extra = [[9.0, 9.0, 0.0], *POINTS]
    shifted = [(tag, [c + 1 for c in corners]) for tag, corners in CELLS]
    lines = [(tag, [c + 1 for c in corners]) for tag, corners in LINES]
    drawing = read_drawing(drawn(tmp_path, extra, shifted, lines))
    np.testing.assert_array_equal(drawing.points, np.array(POINTS)[:, :2])
    np.testing.assert_array_equal(drawing.contacts["gate"], [[0, 1], [1, 2]])


def test_a_line_and_a_surface_may_have_the_same_name(tmp_path: Path) -> None:
    drawing = read_drawing(drawn(tmp_path, names={**NAMES, (1, 2): "channel"}))
    assert "channel" in drawing.regions
    assert len(drawing.contacts["channel"]) == 1


@pytest.mark.parametrize("version", ["2.2", "4.1"])
@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("name", ["h_ysz_3um", "wo3_mesa"])
def test_every_format_gives_the_same_drawing(tmp_path: Path, version: str, binary: bool, name: str) -> None:
    source = MESHES / name / f"{name}.msh"
    copy = tmp_path / "copy.msh"
    meshio.gmsh.write(copy, meshio.gmsh.read(source), version, binary)
    one, other = read_drawing(source), read_drawing(copy)
    np.testing.assert_allclose(other.points, one.points, rtol=1e-15)
    np.testing.assert_array_equal(other.corners, one.corners)
    np.testing.assert_array_equal(other.region, one.region)
    for kind in ("contacts", "interfaces"):
        assert {k: v.tolist() for k, v in getattr(one, kind).items()} == {
            k: v.tolist() for k, v in getattr(other, kind).items()
        }


# Unit (m), regions with their areas (m2), lengths of the contacts (m).
DEVICES: dict[str, tuple[float, dict[str, float], dict[str, float]]] = {
    "h_ysz_3um": (
        1e-9,
        {"electrolyte": 9e-6 * 14e-9, "channel": 3e-6 * 10e-9},
        {"gate": 9e-6, "source": 10e-9, "drain": 10e-9},
    ),
    "li_planar_selfgate": (
        1e-6,
        {"gate_film": 20e-6 * 60e-9, "channel": 20e-6 * 60e-9, "electrolyte": 50e-6 * 1e-6 + 10e-6 * 60e-9},
        {"gate": 2e-6, "source": 2e-6, "drain": 2e-6},
    ),
    "wo3_mesa": (
        1e-9,
        {"channel": 270e-9 * 60e-9, "electrolyte": 60e-9 * 330e-9 + 2 * 60e-9 * 60e-9},
        {"gate": 300e-9, "source": 60e-9, "drain": 60e-9},
    ),
}


@pytest.mark.parametrize("name", DEVICES)
def test_a_device_has_the_size_its_readme_states(name: str) -> None:
    unit, areas, lengths = DEVICES[name]
    file = MESHES / name / f"{name}.msh"
    depth = 2e-6
    mesh = drawn_mesh(file, unit, list(areas), depth, (False, True), name == "wo3_mesa")
    for number, (region, area) in enumerate(areas.items()):
        np.testing.assert_allclose(mesh.volume[mesh.region == number].sum(), depth * area, rtol=1e-9, err_msg=region)
    for number, contact in enumerate(mesh.places):
        on = mesh.place == number
        np.testing.assert_allclose(mesh.contact_area[on].sum(), depth * lengths[contact], rtol=1e-9, err_msg=contact)
        assert set(mesh.terminal[on]) == {GATE if contact == "gate" else CHANNEL}
    assert drawn_angle(read_drawing(file, unit), name == "wo3_mesa").degrees < 1e-6
    assert file.stat().st_size < 300_000
    assert (MESHES / name / "README.md").is_file()
    assert (MESHES / name / f"{name}.geo").is_file()


def test_regions_of_the_device_are_those_of_the_drawing(tmp_path: Path) -> None:
    with pytest.raises(
        DrawingError, match=r"physical surfaces electrolyte, channel, the device the regions gate, channel"
    ):
        drawn_mesh(drawn(tmp_path), 1.0, ["gate", "channel"], 1.0, (False, False))


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "cell in no surface": ({"cells": [*CELLS[:4], (7, CELLS[4][1])]}, "1 of 5 cells are in no named physical surface"),
    "no surface at all": ({"cells": []}, "no triangle or quadrilateral in a physical surface"),
    "surface without cells": ({"names": {**NAMES, (2, 3): "oxide"}}, 'physical surface "oxide" has no cell'),
    "line that is no contact": ({"names": {**NAMES, (1, 3): "drian"}}, '"drian" names nothing'),
    "interface of unknown region": ({"names": {**NAMES, (1, 4): "electrolyte|oxide"}}, "names nothing"),
    "physical point": ({"names": {**NAMES, (0, 1): "origin"}}, 'physical point "origin" names nothing'),
    "physical line without a line": ({"lines": LINES[:3] + LINES[4:]}, 'physical line "drain" has no line'),
    "line without a name": ({"names": without("drain")}, "physical line 3 has no name"),
    "no gate": ({"names": without("gate"), "lines": LINES[2:]}, 'no contact "gate"'),
    "no channel": (
        {"names": {k: v for k, v in NAMES.items() if v not in ("source", "drain")}, "lines": LINES[:2] + LINES[4:]},
        'no contact "channel" or "source"',
    ),
    "contact inside": ({"lines": [*LINES[:3], (3, [4, 7]), *LINES[4:]]}, 'of contact "drain" do not lie on the border'),
    "contact on no side": ({"lines": [*LINES[:3], (3, [0, 8]), *LINES[4:]]}, "do not lie on the border"),
    "contact over two regions": ({"lines": [*LINES, (3, [2, 5])]}, "lies on the regions channel and electrolyte"),
    "contacts overlap": ({"lines": [*LINES, (3, [3, 6])]}, 'contacts "source" and "drain" overlap'),
    "interface elsewhere": ({"lines": [*LINES[:5], (4, [4, 7])]}, "do not lie between these two regions"),
    "interface in part": ({"lines": LINES[:5]}, "leaves out 1 of 2 lines"),
    "tangled": ({"cells": [(1, [0, 1, 3, 4]), *CELLS[1:]]}, "1 of 5 cells are tangled or have no area"),
    "no area": ({"points": moved(0, 1.0, 0.0)}, "tangled or have no area"),
    "dented": ({"points": moved(1, 1.0, 1.5)}, "tangled"),
    "inverted": (
        {"points": moved(8, 0.5, 2.0), "cells": [*CELLS[:4], (2, [4, 5, 7]), (2, [5, 8, 7])]},
        "inverted cells",
    ),
    "twice": ({"cells": [*CELLS, (1, CELLS[4][1])]}, "share the side"),
    "solid": ({"cells": [*CELLS[:2], (2, [3, 4, 7, 0, 1, 2, 6, 8])]}, "three-dimensional elements"),
    "not flat": ({"points": [*POINTS[:8], [2.0, 2.0, 0.3]]}, "x-y plane"),
    "second order": ({"cells": [*CELLS[:2], (2, [3, 4, 7, 0, 1, 2])]}, "higher order"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, mistake: str) -> None:
    changes, told = BAD[mistake]
    file = drawn(tmp_path, **changes)
    with pytest.raises(DrawingError) as caught:
        read_drawing(file)
    message = str(caught.value)
    assert told in message
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    assert len(message.split(";")) >= 2, "no remedy"


def two_squares(shift: tuple[float, float], split: bool = False) -> tuple[Any, Any]:
    """Return the upper row alone and, moved, a second one that shares no points with it, cut in four if `split`."""
    upper = [[x, y, 0.0] for y in (0.0, 1.0) for x in (0.0, 1.0)]
    columns = (0.0, 0.5, 1.0) if split else (0.0, 1.0)
    lower = [[x + shift[0], y + 1.0 + shift[1], 0.0] for y in (0.0, 1.0) for x in columns]
    n = len(columns)
    cells = [(1, [0, 1, 3, 2])] + [(2, [4 + i, 5 + i, 5 + i + n, 4 + i + n]) for i in range(n - 1)]
    return upper + lower, cells


@pytest.mark.parametrize(
    ("shift", "split", "told"),
    [
        ((0.0, 0.0), False, "2 points lie on another one"),
        ((0.0, 0.0), True, "lie on another one"),
        ((0.3, 0.0), False, "hangs on the side of another cell"),
        ((0.3, -0.4), False, "regions lie over each other"),
        ((0.0, 0.5), False, "falls into 2 parts"),
    ],
)
def test_regions_that_do_not_share_their_edge_are_refused(
    tmp_path: Path, shift: tuple[float, float], split: bool, told: str
) -> None:
    points, cells = two_squares(shift, split)
    names = {(2, 1): "electrolyte", (2, 2): "channel", (1, 1): "gate", (1, 2): "channel"}
    last = len(points) - 1
    with pytest.raises(DrawingError, match=told):
        read_drawing(drawn(tmp_path, points, cells, [(1, [0, 1]), (2, [last - 1, last])], names))


def test_a_hanging_point_is_refused(tmp_path: Path) -> None:
    points = [*POINTS, [0.5, 1.0, 0.0]]
    cells = [*CELLS[:2], (2, [3, 9, 7]), (2, [9, 4, 7]), *CELLS[3:]]
    with pytest.raises(DrawingError, match=r"hangs on the side of another cell at x = 0\.5 m, y = 1 m"):
        read_drawing(drawn(tmp_path, points, cells))


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"solid", b"$MeshFormat\n4.1 0 8\n$EndMeshFormat\n$Nodes\n1 2"])
def test_a_file_that_is_no_mesh_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "device.msh"
    file.write_bytes(content)
    with pytest.raises(DrawingError, match="is no Gmsh mesh that can be read; write it with") as caught:
        read_drawing(file)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DrawingError, match="cannot be read"):
        read_drawing(tmp_path / "none.msh")


def test_a_cut_file_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    whole = (MESHES / "wo3_mesa" / "wo3_mesa.msh").read_bytes()
    file = tmp_path / "cut.msh"
    for share in np.linspace(0.02, 0.98, 13):
        file.write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(DrawingError):
            read_drawing(file)
