"""Pictures of a section: what is drawn, where, in which colours; and the profiles by depth."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from eisfv.postprocess.fields.blocks import Block, block_of, outline
from eisfv.postprocess.pictures.depth_levels import levels_of
from eisfv.postprocess.pictures.run_pictures import animate_run, plot_run
from eisfv.postprocess.pictures.section_bands import stretched_bands, true_band
from eisfv.postprocess.pictures.section_picture import SectionPicture
from eisfv.postprocess.pictures.section_quantities import scales_of, section_quantities
from eisfv.result import ResultError, read
from support.synthetic_section import PLANAR, STACK, STEP, Shape, section_cells, section_profile, section_run
from support.written_run import written


def blocks_of(shape: Shape) -> dict[str, Block]:
    cells = section_cells(shape)
    return {region: block_of(cells, region) for region in cells.regions}


def test_each_quantity_is_drawn_stretched_and_at_true_aspect(tmp_path: Path) -> None:
    drawn = {path.name: path for path in plot_run(read(section_run(tmp_path / "run", STEP)))}
    quantities = ("current_density", "potential", "site_fraction_Mg", "concentration_Mg", "conductivity")
    expected = {f"section_{name}{end}.png" for name in quantities for end in ("", "_true")}
    assert set(drawn) == expected | {"terminals.png", "profiles.png", "pulses.png"}
    for name in expected:
        colours = np.asarray(Image.open(drawn[name]).convert("RGB")).reshape(-1, 3)
        assert len(np.unique(colours, axis=0)) > 50, name


def test_hosts_show_their_filling_and_the_electrolyte_its_ions(tmp_path: Path) -> None:
    found = {q.variable: q for q in section_quantities(read(section_run(tmp_path / "run", STACK)))}
    assert found["site_fraction_Mg"].regions == ("reservoir", "channel")
    assert found["concentration_Mg"].regions == ("electrolyte",)
    assert found["conductivity"].regions == ("reservoir", "channel")
    assert found["potential"].regions == ("reservoir", "electrolyte", "channel")
    assert "concentration_electron" not in found


def test_colours_span_the_values_of_their_regions_at_all_times(tmp_path: Path) -> None:
    run = read(section_run(tmp_path / "run", STACK))
    cells = section_cells(STACK)
    filling = next(q for q in section_quantities(run) if q.variable == "site_fraction_Mg")
    for found in scales_of(run, filling, [1, 2]):
        own = cells.volumes_of(found.regions[0])
        values = [section_profile(STACK, cells, "site_fraction_Mg", t)[own] for t in (10.0, 20.0)]
        np.testing.assert_allclose((found.low, found.high), (np.min(values), np.max(values)), rtol=1e-12)


@pytest.mark.parametrize("shape, levels", [(STEP, 2), (STACK, 3), (PLANAR, 2)])
def test_bands_end_where_regions_do_and_no_film_is_too_thin_to_see(shape: Shape, levels: int) -> None:
    bands = stretched_bands(list(blocks_of(shape).values()))
    assert len(bands) == levels
    ends = sorted({end for box in shape.boxes.values() for end in box[2:]})
    np.testing.assert_allclose([band.y for band in bands], list(pairwise(ends)), rtol=1e-9)
    assert all(band.height > 0.5 for band in bands)


@pytest.mark.parametrize("shape", [STEP, STACK, PLANAR])
def test_true_aspect_has_the_factor_one(shape: Shape) -> None:
    blocks = blocks_of(shape)
    np.testing.assert_allclose(true_band(list(blocks.values()), blocks["channel"]).factor, 1.0, rtol=1e-9)
    assert all(abs(band.factor - 1.0) > 1e-3 for band in stretched_bands(list(blocks.values())))


def test_a_tall_section_is_cut_at_its_channel() -> None:
    tall = Shape({"electrolyte": (0.0, 1e-6, 0.0, 100e-6), "channel": (0.0, 1e-6, 100e-6, 100.1e-6)})
    blocks = blocks_of(tall)
    band = true_band(list(blocks.values()), blocks["channel"])
    np.testing.assert_allclose(band.factor, 1.0, rtol=1e-9)
    np.testing.assert_allclose(band.y[1], 100.1e-6, rtol=1e-9)
    assert 0.0 < band.y[0] < 100e-6


def test_cells_are_coloured_by_their_own_values_with_the_gate_on_top(tmp_path: Path) -> None:
    run = read(section_run(tmp_path / "run", STEP))
    blocks = blocks_of(STEP)
    potential = next(q for q in section_quantities(run) if q.variable == "potential")
    picture = SectionPicture(
        Figure(), blocks, stretched_bands(list(blocks.values())), potential, scales_of(run, potential, [2])
    )
    picture.show(run.profiles_at(2)["potential"])
    shown = [(region, cells, polygons) for region, cells, polygons in picture.painted]
    assert [region for region, _, _ in shown] == ["electrolyte", "channel"]
    factor = picture.scales["channel"].factor
    known = section_profile(STEP, section_cells(STEP), "potential", 20.0)
    for region, cells, polygons in shown:
        np.testing.assert_array_equal(cells, blocks[region].cells)
        np.testing.assert_allclose(polygons.get_array(), known[cells] * factor, rtol=1e-12)
        lower, upper = polygons.axes.get_ylim()
        assert lower > upper


def test_an_outline_is_the_edge_of_the_region_and_nothing_inside() -> None:
    block = blocks_of(STEP)["electrolyte"]
    ends = block.points[outline(block.corners)]
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T).sum()
    cut = block.points[block.corners[0, :3]]
    legs = sorted(np.hypot(*(cut - np.roll(cut, -1, axis=0)).T))
    np.testing.assert_allclose(length, 22e-6 - legs[0] - legs[1] + legs[2], rtol=1e-9)


def test_an_animation_has_one_frame_a_field_time(tmp_path: Path) -> None:
    run = read(section_run(tmp_path / "run", STEP, fields=(5.0, 10.0, 20.0)))
    for variable, name in ((None, "section_site_fraction_Mg.gif"), ("potential", "section_potential.gif")):
        path = animate_run(run, variable)
        assert path.name == name
        with Image.open(path) as film:
            assert film.n_frames == 3


def test_what_cannot_be_animated_is_told_in_one_line(tmp_path: Path) -> None:
    section = read(section_run(tmp_path / "section", STEP))
    single = read(section_run(tmp_path / "single", STEP, fields=(1.0,), extra=()))
    for run, variable, words in (
        (read(written(tmp_path / "stack")), None, "no section"),
        (section, "colour", "there are current_density, potential"),
        (single, None, "one time"),
    ):
        with pytest.raises(ResultError, match=words) as caught:
            animate_run(run, variable)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["potential", "site_fraction_Mg"])
def test_a_profile_by_depth_keeps_the_content_of_the_region(name: str) -> None:
    cells = section_cells(STACK)
    levels = levels_of(cells, "channel")
    values = section_profile(STACK, cells, name, 20.0)
    mean, low, high = levels.reduced(values[levels.cells])
    assert levels.y.size == STACK.ny
    assert (low <= mean).all()
    assert (mean <= high).all()
    own = cells.volumes_of("channel")
    weight = np.add.reduceat(levels.size, levels.first)
    np.testing.assert_allclose(mean @ weight, values[own] @ cells.size[own], rtol=1e-12)
    np.testing.assert_allclose((low.min(), high.max()), (values[own].min(), values[own].max()), rtol=0.0)
