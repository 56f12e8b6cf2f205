"""The picture of a chosen mesh has its cells, each where it is and as large as it is."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.api import checking
from eisfv.api.mesh_pictures import along
from eisfv.running.choice import by_lengths
from support.section_case import PLANAR, section_case
from support.small_case import COARSE, small_case


def test_cells_are_drawn_where_they_are() -> None:
    curve = along("film: 2 cells", "y", np.array([1e-9, 3e-9]))
    np.testing.assert_allclose(curve.x, [0.0, 1.0, 1.0, 4.0], rtol=1e-12)
    np.testing.assert_allclose(curve.y, [1.0, 1.0, 3.0, 3.0], rtol=1e-12)
    assert curve.title == "film: 2 cells"
    assert "um" in along("film", "y", np.full(4, 1e-6)).labels[0]


@pytest.mark.parametrize("section", [False, True])
def test_check_draws_the_mesh_beside_the_runs(tmp_path: Path, section: bool) -> None:
    place = tmp_path / "case"
    case = section_case(place, PLANAR | {"mesh": {}}) if section else small_case(place, device=COARSE)
    line = checking.mesh_drawn(case, by_lengths(case))
    assert line == f"drawn in {place / 'runs' / 'check' / 'mesh.png'}"
    assert (place / "runs" / "check" / "mesh.png").stat().st_size > 1000


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", device=COARSE)
    (tmp_path / "case" / "runs").write_text("in the way")
    assert checking.mesh_drawn(case, by_lengths(case)).endswith(": the mesh is not drawn")
