"""What a profile has a column for."""

import pytest

from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.observers.profiles import profile_variables
from support.devices import binary, mg_electrolyte, one_layer


def columns(material) -> set[str]:
    built = build(one_layer(material, 50e-9), mesh_of(one_layer(material, 50e-9)))
    return {variable.name for variable in profile_variables(built)}


@pytest.mark.parametrize("concentration", [1.0, 10.0])
def test_every_species_that_is_stored_has_its_concentration(concentration: float) -> None:
    assert {"concentration_cation", "concentration_anion"} <= columns(binary(concentration))


def test_a_leak_that_stores_nothing_has_none() -> None:
    assert "concentration_electron" not in columns(mg_electrolyte())
