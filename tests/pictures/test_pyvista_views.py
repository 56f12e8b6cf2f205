"""Sections drawn by pyvista: what the pictures show, and one line where VTK finds nothing to draw in."""

import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eisfv.postprocess.fields.vtu import write_fields
from eisfv.postprocess.pictures.pyvista_views import ViewError, draw_views, last_fields
from eisfv.postprocess.pictures.section_quantities import section_quantities
from eisfv.result import ResultError, read
from eisfv.result.file_names import own_files
from support.synthetic_section import PLANAR, STACK, STEP, Shape, section_run
from support.waiting import PATIENCE
from support.written_run import written

WINDOW = "VTK_DEFAULT_OPENGL_WINDOW"
EMPTY = "import pyvista as pv; pv.Plotter(off_screen=True).screenshot(return_img=True)"


@pytest.fixture(scope="session")
def window() -> None:
    """Skip where pyvista alone cannot open a window off-screen."""
    if subprocess.run([sys.executable, "-c", EMPTY], capture_output=True, timeout=PATIENCE).returncode:
        pytest.skip("VTK finds no EGL, OSMesa or X display to draw in")


def section_with_fields(path: Path, shape: Shape) -> Path:
    run = section_run(path, shape)
    write_fields(read(run))
    return run


@pytest.mark.usefixtures("window")
@pytest.mark.parametrize("shape", [STEP, pytest.param(STACK, marks=pytest.mark.long)])
def test_each_quantity_and_the_current_are_drawn(tmp_path: Path, shape: Shape) -> None:
    run = section_with_fields(tmp_path / "run", shape)
    drawn = {path.name: path for path in draw_views(read(run))}
    shown = {quantity.variable for quantity in section_quantities(read(run))} | {"current"}
    assert set(drawn) == {f"view_{name}.png" for name in shown}
    for name, path in drawn.items():
        pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)
        coloured = pixels[np.ptp(pixels, axis=1) > 30]
        assert len(coloured) > 0.02 * len(pixels), name
        assert len(np.unique(coloured, axis=0)) > 20, name


@pytest.mark.long
@pytest.mark.usefixtures("window")
def test_the_gate_is_on_top(tmp_path: Path) -> None:
    run = read(section_with_fields(tmp_path / "run", STACK))
    last = run.profiles_at(run.profile_times.size - 1)["potential"]
    assert last[run.cells.y.argmin()] > last[run.cells.y.argmax()]
    (path,) = (path for path in draw_views(run) if path.name == "view_potential.png")
    picture = np.asarray(Image.open(path).convert("L"), float)
    # A column in the middle of the electrolyte, the second panel, which has the fall of the potential; heading, title
    # and axes left out: high potentials are light.
    column = picture[:, 500:520].mean(axis=1)
    box = np.flatnonzero(column[570:900] < 245.0) + 570
    upper, lower = np.array_split(column[box], 2)
    assert upper.mean() > lower.mean() + 20.0


def test_an_arrow_has_the_current_of_its_cell_and_a_film_has_a_row_of_them(tmp_path: Path) -> None:
    import pyvista as pv

    from eisfv.postprocess.pictures.pyvista_panel import panel_of
    from eisfv.postprocess.pictures.pyvista_scene import sampled

    run = read(section_with_fields(tmp_path / "run", PLANAR))
    panel = panel_of({region: pv.read(path) for region, path in last_fields(run).items()})
    np.testing.assert_allclose((panel.x, panel.y), ((0.0, 120e-6), (0.0, 1.1e-6)), rtol=1e-9)
    for grid in panel.grids.values():
        places, vectors = sampled(grid)
        assert len(places) >= 5
        corners = grid.points[grid.cells.reshape(-1, 5)[:, 1:]]  # PLANAR has quadrilaterals alone
        low, high = corners.min(axis=1)[:, :2], corners.max(axis=1)[:, :2]
        within = ((places[:, None, :2] >= low) & (places[:, None, :2] <= high)).all(axis=2)
        same = (vectors[:, None] == np.asarray(grid.cell_data["current_density"])).all(axis=2)
        assert (within & same).any(axis=1).all()


@pytest.mark.parametrize("low, high", [(0.399993, 0.4), (0.0, 0.3), (-2.66, -1.8), (0.0, 900.0)])
def test_the_numbers_of_a_bar_differ_and_have_equal_digits(low: float, high: float) -> None:
    from eisfv.postprocess.pictures.pyvista_panel import decimals

    words = [f"{value:.{decimals(high - low)}f}" for value in np.linspace(low, high, 5)]
    assert len(set(words)) == 5
    assert len({len(word.partition(".")[2]) for word in words}) == 1


def test_the_pictures_belong_to_the_run_and_others_do_not(tmp_path: Path) -> None:
    run = section_run(tmp_path / "run", STEP)
    (run / "plots").mkdir()
    for name in ("view_potential.png", "view_site_fraction_Mg.png", "view_current.png", "view_mine.png"):
        (run / "plots" / name).touch()
    own = {path.name for path in own_files(run)}
    assert {"view_potential.png", "view_site_fraction_Mg.png", "view_current.png"} <= own
    assert "view_mine.png" not in own


@pytest.mark.skipif(find_library("OSMesa") is not None, reason="VTK can draw with OSMesa here")
def test_a_crash_of_vtk_is_one_line_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = read(section_with_fields(tmp_path / "run", STEP))
    monkeypatch.setenv(WINDOW, "vtkOSOpenGLRenderWindow")  # not there: VTK ends its process
    with pytest.raises(ViewError, match=r"SIGSEGV.*apt-get install") as caught:
        draw_views(run)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.rglob("core*"))


def test_what_has_nothing_to_show_is_told_in_one_line(tmp_path: Path) -> None:
    for run, words in (
        (read(written(tmp_path / "stack")), "not a section"),
        (read(section_run(tmp_path / "no_fields", STEP)), "not there"),
    ):
        with pytest.raises(ResultError, match=words) as caught:
            draw_views(run)
        assert "\n" not in str(caught.value)


def test_a_damaged_field_is_told_in_one_line(tmp_path: Path) -> None:
    run = read(section_with_fields(tmp_path / "run", STEP))
    next(iter(last_fields(run).values())).write_text("nothing")
    with pytest.raises(ViewError, match="could not draw") as caught:
        draw_views(run)
    assert "\n" not in str(caught.value)


def test_what_follows_a_run_loads_no_renderer(tmp_path: Path) -> None:
    run = section_run(tmp_path / "run", STEP)
    renderers = ("pyvista", "vtkmodules.vtkRenderingCore", "eisfv.postprocess.pictures.pyvista_scene")
    code = (
        "import sys; from pathlib import Path; from eisfv.postprocess.pictures.after_run import finish; "
        f"finish(Path({str(run)!r}), with_table=True); print(*[m for m in {renderers!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
    assert (run / "fields" / "fields.pvd").is_file()
