"""A film with a phase boundary is told of the cells that it takes, and refused where no mesh may have so many."""

from dataclasses import replace

import pytest

from eisfv.case import boundary_cells
from eisfv.device.device import Device
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.phase_separation import ConvexHull, GradientEnergy, PhaseSeparation
from support.phases import WIDTH, film, regular


def thick(metres: float, separation: PhaseSeparation = GradientEnergy(width=WIDTH), **cells: int) -> Device:
    return replace(film(0.05, regular(separation), metres), mesh=MeshOptions(cells=cells))


# 5.05916 nm / 5 a cell: 1 000 cells are 1.0118 um, 100 000 are 101.18 um.
@pytest.mark.parametrize("metres, refused, warned", [(1.00e-6, 0, 0), (1.03e-6, 0, 1), (101e-6, 0, 1), (102e-6, 1, 1)])
def test_cells_of_a_boundary_are_told_from_the_bound_on(metres: float, refused: int, warned: int) -> None:
    device = thick(metres)
    assert len(list(boundary_cells.faults(device))) == refused
    assert len(list(boundary_cells.warnings(device))) == warned


def test_the_line_names_width_cells_and_remedy_and_the_remedy_passes() -> None:
    (line,) = boundary_cells.warnings(thick(2e-6))
    assert "a boundary of 5.06 nm between its phases takes 1.98e+03 cells over 2 µm" in line
    assert not list(boundary_cells.warnings(thick(1e-3, ConvexHull())))
    assert not list(boundary_cells.faults(thick(1e-3, ConvexHull())))


def test_cells_that_a_case_sets_are_left_to_it() -> None:
    name = thick(2e-6).regions[-1].name
    assert not list(boundary_cells.warnings(thick(2e-6, **{name: 60})))
