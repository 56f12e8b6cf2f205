"""The cells of a stack and of a section come back from disk as they were written, from the journal and result.nc."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from eisfv.result import Cells, ResultError, RunDirectory, read
from eisfv.result.cells import ARRAYS
from support.synthetic_section import STEP, VARIABLES, Shape, section_cells, section_profile, section_run
from support.written_run import CELLS, written

TRIANGLE = {
    "y": [0.5],
    "size": [0.5],
    "region": [0],
    "regions": ("a",),
    "x": [0.5],
    "points": [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
    "corners": [[0, 1, 2, -1]],
}


def assert_same(found: Cells, known: Cells) -> None:
    assert found.regions == known.regions
    for name in ARRAYS:
        expected = getattr(known, name)
        if expected is None:
            assert getattr(found, name) is None
        else:
            np.testing.assert_array_equal(getattr(found, name), expected)


@pytest.mark.parametrize("end", [True, False])
def test_cells_come_back(tmp_path: Path, end: bool) -> None:
    assert_same(read(written(tmp_path / "stack", end=end)).cells, CELLS)
    assert_same(read(section_run(tmp_path / "section", STEP, end=end)).cells, section_cells(STEP))


@pytest.mark.parametrize("end", [True, False])
def test_profiles_of_a_section_come_back_by_name_and_by_time(tmp_path: Path, end: bool) -> None:
    run = read(section_run(tmp_path / "section", STEP, end=end))
    cells = section_cells(STEP)
    assert run.profile_variables == VARIABLES
    for record, time in enumerate((0.0, 10.0, 20.0)):
        at = run.profiles_at(record)
        for variable in VARIABLES:
            known = section_profile(STEP, cells, variable.name, time)
            np.testing.assert_array_equal(at[variable.name], known)
            np.testing.assert_array_equal(run.profiles(variable.name)[record], known)


def test_result_nc_of_a_section_has_coordinates_with_units(tmp_path: Path) -> None:
    cells = section_cells(STEP)
    with xr.open_dataset(section_run(tmp_path / "section", STEP) / "result.nc") as run:
        assert {"x", "y", "cell_area", "region", "corner_x", "corner_y"} <= set(run.coords)
        for name, variable in run.variables.items():
            if variable.dtype.kind == "f":
                assert "units" in variable.attrs, name
        around = np.stack([run["corner_x"], run["corner_y"]], axis=-1)
        there = cells.corners >= 0
        np.testing.assert_array_equal(around[there], cells.points[cells.corners[there]])
        assert np.isnan(around[~there]).all()
        assert float(run["cell_area"].sum()) == pytest.approx(cells.size.sum(), rel=1e-12)


def test_a_resumed_section_must_have_the_same_corners(tmp_path: Path) -> None:
    run = section_run(tmp_path / "section", STEP, end=False)
    case = (run / "case.resolved.toml").read_text()
    with RunDirectory.open_resume(run, case) as directory:
        directory.profiles(section_cells(STEP), VARIABLES).close()
    wider = Shape({**STEP.boxes, "channel": (2e-6, 8.1e-6, 1e-6, 1.05e-6)}, hosts=STEP.hosts)
    with RunDirectory.open_resume(run, case) as directory, pytest.raises(ResultError, match="force = True"):
        directory.profiles(section_cells(wider), VARIABLES)


def test_a_journal_of_an_older_version_is_told(tmp_path: Path) -> None:
    run = written(tmp_path / "run", end=False)
    journal = run / "profiles.journal"
    journal.write_bytes(b"EISFVPJ1" + journal.read_bytes()[8:])
    with pytest.raises(ResultError, match="journal"):
        _ = read(run).cells


@pytest.mark.parametrize(
    "changed", [{"corners": [[0, 1, 3, -1]]}, {"corners": None}, {"x": [0.5, 0.5]}, {"size": [1.0, 1.0]}]
)
def test_cells_that_cannot_be_are_refused(changed: dict[str, object]) -> None:
    Cells(**TRIANGLE)
    with pytest.raises(ValueError):
        Cells(**{**TRIANGLE, **changed})


def test_force_removes_every_file_of_a_section_and_no_other(tmp_path: Path) -> None:
    from eisfv.postprocess.fields.vtu import write_fields
    from eisfv.postprocess.pictures.run_pictures import animate_run, plot_run

    run = section_run(tmp_path / "section", STEP)
    files = [*write_fields(read(run)), *plot_run(read(run)), animate_run(read(run))]
    assert {path.suffix for path in files} == {".vtu", ".pvd", ".png", ".gif"}
    mine = run / "plots" / "section_mine.png"
    mine.write_bytes(b"")
    with RunDirectory.open_new(run, force=True):
        assert [path for path in run.rglob("*") if path.is_file() and path.name != "status.json"] == [mine]
