"""Contacts and currents are drawn where they are: on open stretches of edges, along the lines on paper."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from eisfv.mesh.drawing import read_drawing
from eisfv.model import read_resolved
from eisfv.model.contact_edges import ContactEdge
from eisfv.postprocess.fields.blocks import block_of
from eisfv.postprocess.pictures import contact_marks
from eisfv.postprocess.pictures.contact_marks import contacts_of, lines_on
from eisfv.postprocess.pictures.current_arrows import containing, draw_arrows
from eisfv.postprocess.pictures.section_bands import Band
from eisfv.postprocess.pictures.section_quantities import FAINTEST, SectionQuantity, scales_of, span_of
from eisfv.result.cells import Cells
from support.drawn_case import DRAWING, drawn_case
from support.section_case import section_case
from support.synthetic_section import STACK, STEP, section_cells

CELLS = section_cells(STEP)  # 10 um of electrolyte, 1 um thick, over 6 um of channel, 50 nm thick
BLOCKS = {region: block_of(CELLS, region) for region in CELLS.regions}


@pytest.mark.parametrize(
    "place, length",
    [
        (ContactEdge("channel", "left"), 50e-9),
        (ContactEdge("channel", "bottom"), 6e-6),
        (ContactEdge("electrolyte", "right"), 1e-6),
        (ContactEdge("electrolyte", "bottom"), 10e-6 - 6e-6),  # the channel covers the rest
        (ContactEdge("channel", "top"), 0.0),
    ],
)
def test_a_contact_lies_on_the_open_stretches_of_its_edge(place: ContactEdge, length: float) -> None:
    lines = lines_on(place, BLOCKS)
    np.testing.assert_allclose(np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum(), length, rtol=1e-9, atol=1e-20)


def test_a_run_has_the_contacts_of_its_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = section_cells(STACK)
    blocks = {region: block_of(cells, region) for region in cells.regions}
    case = read_resolved(section_case(tmp_path).resolved_toml())
    monkeypatch.setattr(contact_marks, "case_of", lambda run: case)
    found = {contact.name: contact for contact in contacts_of(None, blocks)}
    assert {name: contact.region for name, contact in found.items()} == {
        "gate": "reservoir",
        "source": "channel",
        "drain": "channel",
    }
    np.testing.assert_allclose(found["source"].lines[..., 0], 8e-6, rtol=1e-9)
    np.testing.assert_allclose(found["drain"].lines[..., 0], 32e-6, rtol=1e-9)
    monkeypatch.setattr(contact_marks, "case_of", lambda run: None)
    assert contacts_of(None, blocks) == []


def test_a_drawn_section_has_the_contacts_of_its_mesh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing, um = read_drawing(DRAWING, 1e-6), 1e-6
    one = np.ones(len(drawing.region))
    cells = Cells(one, one, drawing.region, drawing.regions, one, drawing.points, drawing.corners)
    blocks = {region: block_of(cells, region) for region in cells.regions}
    case = read_resolved(drawn_case(tmp_path).resolved_toml())
    monkeypatch.setattr(contact_marks, "case_of", lambda run: case)
    run = SimpleNamespace(checked=lambda name: tmp_path / "drawing.msh" if name == "mesh.msh" else None)
    found = {contact.name: contact for contact in contacts_of(run, blocks)}
    assert {name: one.region for name, one in found.items()} == {
        "gate": "gate_film",
        "source": "channel",
        "drain": "channel",
    }
    for name, one in found.items():  # what the solver puts its contacts on
        ends = drawing.points[drawing.contacts[name]]
        lengths = [np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum() for lines in (one.lines, ends)]
        np.testing.assert_allclose(*lengths, rtol=1e-9)
        np.testing.assert_allclose(one.lines.mean(axis=(0, 1)), ends.mean(axis=(0, 1)), atol=1e-9 * um)
    (tmp_path / "drawing.msh").unlink()
    assert contacts_of(run, blocks) == []


def test_a_span_holds_a_contact_to_a_part_of_its_edge() -> None:
    whole = lines_on(ContactEdge("channel", "bottom"), BLOCKS)
    ends = np.unique(whole[:, :, 0])
    part = lines_on(ContactEdge("channel", "bottom", (float(ends[0]), float(ends[2]))), BLOCKS)
    np.testing.assert_allclose((part[..., 0].min(), part[..., 0].max()), (ends[0], ends[2]), rtol=1e-12)
    assert 0 < len(part) < len(whole)


def test_a_place_is_found_in_the_cell_that_holds_it() -> None:
    squares = np.array([[[0, 0], [1, 0], [1, 1], [0, 1]], [[1, 0], [3, 0], [3, 1], [1, 1]]], float)
    places = np.array([[0.5, 0.5], [2.9, 0.1], [4.0, 0.5]])
    assert containing(places, squares).tolist() == [0, 1, -1]


def test_arrows_point_along_the_current_as_the_stretched_picture_shows_it() -> None:
    band = Band((0.0, 10e-6), (0.0, 1e-6), 5.0, 1.0, 0.0)  # y stretched twice against x
    axes = Figure().subplots()
    profiles = {"current_density_x": np.full(CELLS.y.size, 1.0), "current_density_y": np.full(CELLS.y.size, 0.5)}
    draw_arrows([(band, axes)], {"electrolyte": BLOCKS["electrolyte"]}, profiles)
    (arrows,) = axes.collections
    np.testing.assert_allclose(arrows.U, 1.0 / np.sqrt(2.0), rtol=1e-12)
    np.testing.assert_allclose(arrows.V, -1.0 / np.sqrt(2.0), rtol=1e-12)  # y runs downwards on paper
    assert arrows.U.size > 20


def test_a_thin_layer_does_not_take_the_scale_from_the_rest_of_a_region() -> None:
    layer, area = np.array([100.0, 1.0, 2.0, 3.0]), np.array([0.001, 1.0, 1.0, 1.0])
    assert span_of(layer, area).shown == (1.0, 3.0)
    assert span_of(layer, np.ones(4)).shown == (1.0, 100.0)


class Made:
    """A run of two regions of two cells each, as scales of colours see it."""

    def __init__(self, values: dict[str, list[float]]) -> None:
        self.values = {name: np.array(row) for name, row in values.items()}
        self.cells = self
        self.size = np.ones(4)

    def profiles_at(self, record: int) -> dict[str, np.ndarray]:
        return self.values

    def volumes_of(self, region: str) -> np.ndarray:
        return np.array([0, 1] if region == "a" else [2, 3])


@pytest.mark.parametrize("film, count", [([0.0, 0.5], 1), ([0.0, 0.02], 2), ([0.0, 1e-6], 1)])
def test_a_region_that_one_scale_would_show_flat_has_its_own(film: list[float], count: int) -> None:
    shown = SectionQuantity("potential", "potential", "V", "cividis", ("a", "b"), shared=True)
    found = scales_of(Made({"potential": [1.0, 2.0, *film]}), shown, [0])
    assert len(found) == count


def test_round_off_has_no_colours_of_the_current() -> None:
    shown = SectionQuantity("current_density", "current density", "A/m2", "viridis", ("a",))
    made = Made({"current_density_x": [1e-20, 3.0, 0.0, 0.0], "current_density_y": [0.0, 4.0, 0.0, 0.0]})
    (found,) = scales_of(made, shown, [0])
    np.testing.assert_allclose((found.low, found.high), (5.0 * FAINTEST, 5.0), rtol=1e-12)
    assert found.log
    assert found.extend == "min"
