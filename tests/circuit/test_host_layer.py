"""The double layer of a host whose U(x) is a table: judged where a layer goes, not far outside the table."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.case.file_tree import read_toml
from eisfv.case.material_file import read
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.materials import library
from eisfv.model import materials
from eisfv.postprocess.circuit.curves import host_curves
from eisfv.postprocess.circuit.equations import leaves
from eisfv.postprocess.circuit.layers import host_layer
from eisfv.postprocess.circuit.model import Side
from eisfv.postprocess.circuit.stack import Host
from eisfv.postprocess.circuit.unsupported import UnsupportedError

TEMPERATURE, LARGEST = 298.15, 0.3  # K, C/m2
X = np.linspace(0.002, 0.45, 25)
FLAT = 2.6 - 0.06 * np.log((X + 0.01) / (1.0 - X))  # V; flat where nearly empty: the electrons share the excess
RISING = FLAT - np.where(X < 0.01, 0.1, 0.0)  # V; unstable where nearly empty: no sharing cures it, they are ideal


def host(x: float, potential: np.ndarray = RISING) -> Host:
    """Return the magnesium host with a table as its U(x), filled to x."""
    table = {"form": "table", "x": X.tolist(), "potential": [f"{v:.9f} V" for v in potential], "source": "made up"}
    material = read("mg_wo3", {**read_toml(library.path("mg_wo3")), "open_circuit": table})
    assert isinstance(material, materials.Host), material
    permittivity = material.relative_permittivity * VACUUM_PERMITTIVITY
    sites = float(material.working_ion.density)
    return Host(host_curves(material, TEMPERATURE), 80e-9, x, sites, 1e-14, permittivity)


@pytest.mark.parametrize("x", [0.1, 0.2])
def test_a_table_of_25_points_that_rises_where_empty_has_a_layer_around_its_bulk(x: float) -> None:
    layer = host_layer(host(x), TEMPERATURE, LARGEST)
    low, high = layer.reach
    assert -np.inf < low < 0.0 < high


def test_next_to_the_bulk_the_layer_is_linear_with_the_length_of_both_carriers() -> None:
    """The charge is sqrt(eps dn/dphi) phi: phi falls with x by phi', the charge per site by z - n phi'."""
    bulk = host(0.1)
    layer, volt = host_layer(bulk, TEMPERATURE, LARGEST), thermal_voltage(TEMPERATURE)
    potential, x, z = bulk.curves.potential, bulk.x, bulk.z
    slope = (potential(x + 1e-5) - potential(x - 1e-5)) / 2e-5 / volt + z / (z * x + bulk.curves.background)
    per_phi = (z - (z * x + bulk.curves.background) * slope) / -slope  # of charge, per site
    capacitance = np.sqrt(bulk.permittivity * FARADAY * bulk.sites * per_phi / volt)
    small = 1e-3 * volt * capacitance
    np.testing.assert_allclose(layer.potential.function()(small), small / capacitance, rtol=5e-3)
    wrong = np.sqrt(bulk.permittivity * FARADAY * bulk.sites * z * x / volt)  # the electrons alone
    assert abs(layer.potential.function()(small) * wrong / small - 1.0) > 0.05


def test_a_bulk_where_ions_alone_go_uphill_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"uphill at x = 0.004"):
        host_layer(host(0.004), TEMPERATURE, LARGEST)


def test_a_table_whose_electrons_share_the_excess_is_refused_with_the_reason() -> None:
    with pytest.raises(UnsupportedError, match="flatter than ideal electrons allow"):
        host(0.1, FLAT)


def test_a_charge_beyond_the_stable_layer_is_noticed() -> None:
    bulk = host(0.1)
    layer = host_layer(bulk, TEMPERATURE, LARGEST)
    side = Side(bulk, layer, 0.0, 1.0, 0.5, 0.0)
    assert leaves(side, 1.01 * layer.reach[0], bulk.x)
    assert not leaves(side, 0.99 * layer.reach[0], bulk.x)
    assert not leaves(replace(side, layer=replace(layer, reach=(-np.inf, np.inf))), 1.01 * layer.reach[0], bulk.x)
