"""A section with a mesh: its physical groups become the device, and the resolved case keeps the mesh beside it."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.device.section_geometry import GmshSection
from support.drawn_case import DRAWING, PLANAR_FOLDER, TWO_REGIONS, drawn_case
from support.gmsh import needs_gmsh
from support.section_case import write_section


def test_the_groups_of_a_mesh_become_regions_contacts_and_interfaces(tmp_path: Path) -> None:
    device = drawn_case(tmp_path).device
    assert device.section == GmshSection(2e-4, tmp_path / "drawing.msh", "gate_film", "channel", 1e-6)
    assert [(joint.left, joint.right) for joint in device.interfaces] == [
        ("gate_film", "electrolyte"),
        ("electrolyte", "channel"),
    ]
    assert device.ends == (0, 2)


def test_lengths_of_a_mesh_are_its_unit_times_its_numbers(tmp_path: Path) -> None:
    """Both films are 60 nm thick and 20 um long; the electrolyte fills the gap between them down to the substrate."""
    device = drawn_case(tmp_path).device
    np.testing.assert_allclose([region.thickness for region in device.regions], [6e-8, 1.06e-6, 6e-8], rtol=1e-9)
    np.testing.assert_allclose(device.area, 2e-4 * 20e-6, rtol=1e-9)


def test_patches_of_a_mesh_run_over_its_interface(tmp_path: Path) -> None:
    """The electrolyte meets the channel on its top, from 30 to 50 um, and at its side at 30 um."""
    patches = {"good": "1 A/m^2", "poor": "0.1 A/m^2", "patch": "2 um", "share": 0.3, "seed": 4}
    case = drawn_case(tmp_path, {"device.interface[1].ion.exchange_current": patches})
    law: Any = case.device.interfaces[1].laws["Mg"]
    placed = law.exchange_current
    np.testing.assert_allclose((placed.start, placed.length), (30e-6, 2e-6), rtol=1e-9)
    assert sum(placed.poor) == 3


def test_a_resolved_case_with_its_mesh_beside_it_is_the_same_device(tmp_path: Path) -> None:
    case = drawn_case(tmp_path / "case", {"device.section.unit": "1000 nm"})
    again = tmp_path / "again"
    again.mkdir()
    (again / "case.resolved.toml").write_text(case.resolved_toml())
    assert list(case.attachments) == [case.resolved["device"]["section"]["mesh"]] == ["mesh.msh"]
    for name, file in case.attachments.items():
        shutil.copy(file, again / name)
    loaded = load(again)
    assert isinstance(loaded.device.section, GmshSection)
    assert isinstance(case.device.section, GmshSection)
    moved = replace(loaded.device, section=replace(loaded.device.section, file=case.device.section.file))
    assert moved == case.device
    assert loaded.digest == case.digest
    assert loaded.resolved_toml() == case.resolved_toml()


def test_a_mesh_that_was_changed_after_resolving_is_refused(tmp_path: Path) -> None:
    case = drawn_case(tmp_path)
    (tmp_path / "case.toml").unlink()
    (tmp_path / "case.resolved.toml").write_text(case.resolved_toml())
    (tmp_path / "mesh.msh").write_text(DRAWING.read_text() + "\n")
    with pytest.raises(CaseError) as caught:
        load(tmp_path)
    (line,) = caught.value.lines
    assert "device.section.mesh_sha256" in line
    assert "is not the mesh this case was resolved with" in line


def test_a_case_without_a_mesh_has_nothing_beside_it(tmp_path: Path) -> None:
    assert load(write_section(tmp_path)).attachments == {}


@needs_gmsh
def test_a_geo_file_is_meshed_while_the_case_loads(tmp_path: Path) -> None:
    shutil.copy(PLANAR_FOLDER / "li_planar_selfgate.geo", tmp_path / "drawing.geo")
    case = drawn_case(tmp_path, {"device.section.mesh": "drawing.geo"}, trust=True)
    assert case.attachments["mesh.msh"].is_file()
    np.testing.assert_allclose(case.device.area, 2e-4 * 20e-6, rtol=1e-9)


def test_circumcentres_are_for_triangles(tmp_path: Path) -> None:
    text = (PLANAR_FOLDER.parent / "wo3_mesa" / "wo3_mesa.msh").read_text()
    case = drawn_case(tmp_path, {**TWO_REGIONS, "device.section.centres": "circumcentres"}, text)
    assert isinstance(case.device.section, GmshSection)
    assert case.device.section.circumcentres
