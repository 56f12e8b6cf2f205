"""The arrays of the kernels are checked when they are born."""

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.device.tables import Tables, checked
from support.devices import h_stack, mg_stack


@pytest.fixture(params=[mg_stack, h_stack], ids=["Mg", "H"])
def tables(request: pytest.FixtureRequest) -> Tables:
    return build(request.param(), mesh_of(request.param())).tables


def test_tables_of_a_device_pass(tables: Tables) -> None:
    assert checked(tables) is tables


@pytest.mark.parametrize("name", ["volume", "density", "transfer_rate", "contact_level", "charge"])
def test_an_array_that_is_too_short_is_named(tables: Tables, name: str) -> None:
    short = np.ascontiguousarray(getattr(tables, name)[..., :-1])
    with pytest.raises(ValueError, match=r"tables\.\w+: .* of shape"):
        checked(tables._replace(**{name: short}))


def test_an_array_of_another_type_is_named(tables: Tables) -> None:
    with pytest.raises(ValueError, match=r"tables\.volume: float32"):
        checked(tables._replace(volume=tables.volume.astype(np.float32)))


def test_a_view_with_gaps_is_named(tables: Tables) -> None:
    wide = np.repeat(tables.density, 2, axis=1)[:, ::2]
    with pytest.raises(ValueError, match=r"tables\.density is not contiguous"):
        checked(tables._replace(density=wide))
