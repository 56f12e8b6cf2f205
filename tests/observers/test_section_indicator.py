"""Along its thickness a section that is the same everywhere along x bends as its stack does; along x it does not."""

from pathlib import Path
from typing import Any

import numpy as np

from eisfv.device.meshing import mesh_on
from eisfv.device.section import gaps_of
from eisfv.device.section_geometry import BoxSection
from eisfv.device.stack import sizes_of
from eisfv.mesh.equidistribution import Layer
from eisfv.mesh.grading import paired
from eisfv.mesh.records import Floats
from eisfv.observers.indicator import Indicator
from eisfv.observers.section_indicator import SectionIndicator
from eisfv.running.following import Bends, Follower
from eisfv.solve.ranks import ALONE
from support.section_case import PLANAR, section_case

LINES = {"mesh": {}}
# The same device as a stack, its read-out left out: that of a stack asks for cells of its own.
AS_STACK: dict[str, Any] = {
    **LINES,
    "device.section": None,
    "device.area": "1e-8 m^2",
    "readout": None,
    "protocol[0].read": None,
}


def seen(directory: Path, changes: dict[str, Any]) -> Bends:
    """Return what an indicator has seen of a case on a mesh by its lengths, of a stack cut alike."""
    case = section_case(directory, changes)
    section = case.device.section
    sizes = gaps_of(case.device, section, joins=1) if isinstance(section, BoxSection) else []
    if not sizes:
        sizes = [paired(size) for size in sizes_of(case.device)]
    follower = Follower(case, ALONE, 10**6)
    _, _, found = follower.follow(mesh_on(case.device, sizes), case.solver, case.protocol, indicated=True)
    assert found is not None
    return found


def along(layers: list[Layer]) -> Floats:
    """Return the indicators of some layers, one after the other."""
    return np.concatenate([layer.indicator for layer in layers])


def test_a_section_that_is_uniform_along_x_bends_as_its_stack(tmp_path: Path) -> None:
    stack = seen(tmp_path / "stack", AS_STACK)
    section = seen(tmp_path / "section", {**LINES, "readout": None, "protocol[0].read": None})
    assert isinstance(stack, Indicator)
    assert isinstance(section, SectionIndicator)
    columns, rows = section.layers()
    # Of time steps of their own, every fourth of which is looked at.
    ratio = along(rows) / along(stack.layers())
    np.testing.assert_allclose(np.median(ratio), 1.0, rtol=0.02)
    np.testing.assert_allclose(ratio, 1.0, rtol=0.3)
    for own, other in zip(rows, stack.layers(), strict=True):
        np.testing.assert_allclose(own.ends, other.ends, rtol=0.02)
    assert along(columns).max() < 0.01 * along(rows).max()


def test_films_side_by_side_ask_for_lines_where_they_end(tmp_path: Path) -> None:
    section = seen(tmp_path, {**LINES, **PLANAR})
    assert isinstance(section, SectionIndicator)
    film, between, other = section.layers()[0]
    assert min(film.indicator[-1], other.indicator[0]) > 3.0 * max(film.indicator[0], other.indicator[-1])
    assert between.indicator.max() > 1.0 / 20e-6
