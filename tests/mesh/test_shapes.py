"""A mesh whose arrays do not fit together is never made."""

from dataclasses import fields, replace

import numpy as np
import pytest

from eisfv.device.meshing import mesh_of
from eisfv.mesh.records import Outline
from support.devices import mg_stack

MESH = mesh_of(mg_stack())
# Every array is held against one of these, and the first of the others is named.
HELD_AGAINST = {"volume": "position", "left": "right", "contact_cell": "contact_position"}
ARRAYS = [field.name for field in fields(MESH) if isinstance(getattr(MESH, field.name), np.ndarray)]


def test_the_mesh_of_a_device_is_made() -> None:
    assert replace(MESH) is not MESH
    assert len(ARRAYS) == 14


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_that_is_too_short_is_named(name: str) -> None:
    first = HELD_AGAINST.get(name, name)
    with pytest.raises(ValueError, match=rf"Mesh\.{first} has the shape"):
        replace(MESH, **{name: getattr(MESH, name)[:-1]})


def test_an_outline_has_four_corners_for_each_cell() -> None:
    with pytest.raises(ValueError, match=r"Outline\.corners has the shape"):
        Outline(np.zeros((4, 2)), np.zeros((1, 3), int))
