"""Mistakes in a section with a mesh, in the case and in the drawing: each is one clear line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.drawn_case import DRAWING, TWO_REGIONS, drawn_case, lines_of, sheared


@pytest.mark.parametrize(
    "changes, words",
    [
        pytest.param(
            {"device.region[2].name": "chanel", "device.interface[1].between": ["electrolyte", "chanel"]}
            | {"readout.region": "chanel"},
            'device.region[2].name = "chanel" is no physical surface of drawing.msh; did you mean "channel"?',
            id="a region that is no surface",
        ),
        pytest.param({"device.section.mesh": "none.msh"}, "does not exist: there is no file", id="no file"),
        pytest.param({"device.section.mesh": "none.geo"}, "does not exist: there is no file", id="no geo file"),
        pytest.param({"device.section.mesh": "case.toml"}, "write a .msh or a .geo file of Gmsh", id="another file"),
        pytest.param({"device.section.unit": "1 s"}, "measures time, not length", id="unit that is no length"),
        pytest.param(
            {"device.section.centres": "circumcentre"}, 'did you mean "circumcentres"?', id="misspelt centres"
        ),
        pytest.param(
            {"device.region[1].thickness": "1 um"},
            "device.region[1].thickness = \"1 um\" does not belong to a section with a mesh; remove it",
            id="thickness beside a mesh",
        ),
        pytest.param(
            {"device.section.width": "1 um"}, "width = \"1 um\" does not belong to a section with a mesh", id="width"
        ),
        pytest.param(
            {"device.section.contact": {"gate": {"edge": "top"}}},
            "does not belong to a section with a mesh; remove it",
            id="contacts beside a mesh",
        ),
        pytest.param(
            {"mesh.lateral_cells": 5}, "does not belong here: the file of the mesh has its cells", id="lateral cells"
        ),
        pytest.param({"mesh.cells.channel": 5}, "mesh.cells", id="cells of a region"),
        pytest.param({"device.section.mesh_sha256": "0" * 64}, "is not the mesh this case was resolved with", id="sha"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_of_file_key_and_remedy(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    lines = lines_of(tmp_path, changes)
    assert len(lines) == 1, lines
    assert words in lines[0]
    assert lines[0].startswith(f"{tmp_path / 'case.toml'}: ")


@pytest.mark.parametrize(
    "old, new, words",
    [
        pytest.param('"gate"', '"gat"', 'physical line "gat" names nothing', id="a group that names nothing"),
        pytest.param('"drain"', '"channel"', 'draws the contacts "channel", "gate", "source"', id="source and channel"),
        pytest.param("$MeshFormat\n4.1", "$MeshFormat\nfour", "is no Gmsh mesh that can be read", id="a broken file"),
    ],
)
def test_a_fault_of_the_drawing_names_the_key_of_the_mesh(old: str, new: str, words: str, tmp_path: Path) -> None:
    text = DRAWING.read_text()
    assert old in text
    lines = lines_of(tmp_path, text=text.replace(old, new))
    assert len(lines) == 1, lines
    assert lines[0].startswith(f'{tmp_path / "case.toml"}: device.section.mesh = "drawing.msh" ')
    assert words in lines[0]


def test_a_surface_without_a_region_is_told(tmp_path: Path) -> None:
    text = DRAWING.read_text().replace('"gate_film"', '"base"').replace('"gate_film|electrolyte"', '"base|electrolyte"')
    lines = lines_of(tmp_path, text=text)
    assert any('has physical surfaces that are no region: "base"' in line for line in lines)
    assert any('device.region[0].name = "gate_film" is no physical surface' in line for line in lines)


def test_a_skew_mesh_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (line,) = lines_of(tmp_path, TWO_REGIONS, sheared(1.0))
    assert "is 45.0 degrees off its face's normal" in line
    assert "use quadrilaterals" in line


def test_source_and_drain_on_two_regions_are_told(tmp_path: Path) -> None:
    """The drain's line moved up, to the end of the electrolyte."""
    (line,) = lines_of(tmp_path, TWO_REGIONS, sheared(0.0).replace("3 1 2 3 3 4 6", "3 1 2 3 3 2 4"))
    assert 'draws source on "channel", drain on "electrolyte"; put both on one region' in line


@pytest.mark.parametrize("shear", [0.0, 0.2])
def test_a_mesh_that_is_not_skew_loads(shear: float, tmp_path: Path) -> None:
    """An angle of 11 degrees is for a warning, not for a refusal."""
    np.testing.assert_allclose(drawn_case(tmp_path, TWO_REGIONS, sheared(shear)).device.area, 1e-6 * (2 + shear) * 1e-9)
