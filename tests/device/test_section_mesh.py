"""The lines of a section: on every end of a region, contact or patch, graded toward them, the stack's own along y."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.bulk import debye_length
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.device.section import x_lines, y_lines
from eisfv.device.section_geometry import BoxSection
from eisfv.device.tables import Floats
from eisfv.mesh.records import Mesh
from eisfv.model.along_x import PlacedPatches
from eisfv.model.interface_laws import ButlerVolmer
from support.devices import h_stack, mg_stack
from support.sections import COARSE, WIDTH, layered, self_gate, stack_of_section, stepped_film, walled

SECTIONS = {
    "layered, pads": layered(mg_stack(), "pads"),
    "layered, equal columns": layered(mg_stack(), "sides", lateral_cells=7),
    "step": stepped_film(),
    "step, coarse": stepped_film(**COARSE),
    "self-gate": self_gate(),
    "upright wall": walled(),
}
each_section = pytest.mark.parametrize("device", SECTIONS.values(), ids=SECTIONS.keys())


def layout_of(device: Device) -> BoxSection:
    assert isinstance(device.section, BoxSection)
    return device.section


def missed(ends: list[float], lines: Floats) -> float:
    """Return how far the worst end is from a line, as a share of the extent."""
    return max(float(np.abs(lines - end).min()) for end in ends) / float(np.ptp(lines))


@each_section
def test_a_line_lies_on_every_end_of_a_region_and_of_a_contact(device: Device) -> None:
    layout = layout_of(device)
    x, y = x_lines(device, layout), y_lines(device, layout)
    assert (np.diff(x) > 0.0).all()
    assert (np.diff(y) > 0.0).all()
    across = [end for box in layout.boxes.values() for end in box.x]
    across += [end for place in layout.contacts.values() for end in place.span or ()]
    assert missed(across, x) < 1e-12
    assert missed([end for box in layout.boxes.values() for end in box.y], y) < 1e-12
    assert missed([0.5 * (x[0] + x[1])], x) > 1e-6


@each_section
def test_regions_and_contacts_have_their_areas(device: Device) -> None:
    layout, mesh = layout_of(device), mesh_of(device)
    for number, region in enumerate(device.regions):
        box = layout.boxes[region.name]
        area = (box.x[1] - box.x[0]) * (box.y[1] - box.y[0])
        np.testing.assert_allclose(mesh.volume[mesh.region == number].sum(), area * layout.depth, rtol=1e-9)
    for name, place in layout.contacts.items():
        of = mesh.place == mesh.places.index(name)
        _, _, whole = layout.boxes[place.region].edge(place.edge)
        start, stop = place.span or whole
        np.testing.assert_allclose(mesh.contact_area[of].sum(), (stop - start) * layout.depth, rtol=1e-9)
        assert {device.regions[r].name for r in mesh.region[mesh.contact_cell[of]]} == {place.region}


@pytest.mark.parametrize("device", [mg_stack(), h_stack()], ids=["Mg", "H"])
def test_a_layered_section_has_the_cells_of_its_stack_along_y(device: Device) -> None:
    section = layered(device, lateral_cells=3)
    sizes = mesh_of(stack_of_section(section)).volume / section.area
    np.testing.assert_allclose(np.diff(y_lines(section, layout_of(section))), sizes[sizes > 0.0], rtol=1e-9)


def test_a_film_that_ends_within_the_electrolyte_is_no_bare_end_of_it() -> None:
    """Under a step the electrolyte still needs its fine cells: the film covers half of its bottom."""
    section = stepped_film()
    y = y_lines(section, layout_of(section))
    bottom = 80e-9 + 1e-6
    under = np.flatnonzero(np.isclose(y, bottom, rtol=1e-9, atol=0.0))[0]
    assert y[under] - y[under - 1] < 2.0 * debye_length(section.regions[1], section.temperature)


@pytest.mark.parametrize("first", [2e-3, 1e-2])
def test_columns_are_fine_beside_the_ends_and_grow_by_the_ratio(first: float) -> None:
    device = stepped_film(lateral_first=first, lateral_growth=1.3)
    x = x_lines(device, layout_of(device))
    sizes = np.diff(x)
    for end in (0.0, 0.25, 0.75, 1.0):
        at = int(np.abs(x - end * WIDTH).argmin())
        for side in (at - 1, at):
            if 0 <= side < len(sizes):
                np.testing.assert_allclose(sizes[side], first * WIDTH, rtol=0.35)
    assert sizes.max() <= 1.35 * device.mesh.columns.largest * WIDTH
    ratio = sizes[1:] / sizes[:-1]
    assert ratio.max() < 1.45
    assert ratio.min() > 1 / 1.45


def test_an_upright_wall_between_regions_is_resolved_to_the_debye_length() -> None:
    device = walled()
    x = x_lines(device, layout_of(device))
    at = int(np.abs(x - 0.6 * 50e-9).argmin())
    debye = min(debye_length(device.regions[r], device.temperature) for r in (2, 3))
    for size in (x[at] - x[at - 1], x[at + 1] - x[at]):
        np.testing.assert_allclose(size, device.mesh.first * debye, rtol=0.35)


def test_equal_columns_are_equal() -> None:
    device = layered(mg_stack(), lateral_cells=7)
    np.testing.assert_allclose(np.diff(x_lines(device, layout_of(device))), WIDTH / 7, rtol=1e-12)


def test_a_line_lies_where_a_patch_ends() -> None:
    where = PlacedPatches(1e-3, 0.0, WIDTH / 7, (True, False, False, True, True, False, True), 0.1)
    law = ButlerVolmer(where)
    device = layered(mg_stack(law=law))
    ends = [n * WIDTH / 7 for n in (1, 3, 5, 6)]
    np.testing.assert_allclose(where.breaks(), ends, rtol=1e-12)
    assert missed(ends, x_lines(device, layout_of(device))) < 1e-12
    assert missed(ends, x_lines(layered(mg_stack()), layout_of(device))) > 1e-3


def sorted_volumes(mesh: Mesh) -> Floats:
    return np.sort(mesh.volume[~mesh.surface])


@pytest.mark.parametrize("name", ["layered, equal columns", "step, coarse", "upright wall"])
def test_splitting_cuts_every_cell_into_equal_parts(name: str) -> None:
    device = SECTIONS[name]
    coarse, fine = mesh_of(device), mesh_of(device, split=2)
    np.testing.assert_allclose(sorted_volumes(fine), np.repeat(sorted_volumes(coarse) / 4.0, 4), rtol=1e-6)
    assert coarse.outline is not None
    assert fine.outline is not None
    assert ((fine.interface >= 0).sum(), len(fine.contact_cell)) == (
        2 * (coarse.interface >= 0).sum(),
        2 * len(coarse.contact_cell),
    )
    for axis in (0, 1):
        fine_lines = fine.outline.points[:, axis]
        assert missed(list(np.unique(coarse.outline.points[:, axis])), fine_lines) < 1e-10


def test_splitting_in_three_is_not_splitting_in_two() -> None:
    device = replace(SECTIONS["step, coarse"])
    assert len(sorted_volumes(mesh_of(device, split=3))) == 9 * len(sorted_volumes(mesh_of(device)))
