"""The double layer of a host whose U(x) is a table: judged where a layer goes, not far outside the table."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.case.file_tree import read_toml
from eisfv.case.material_file import read
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.hosts import host_curve
from eisfv.materials import library
from eisfv.model import materials
from eisfv.physics import open_circuit
from eisfv.postprocess.circuit.curves import host_curves
from eisfv.postprocess.circuit.equations import leaves
from eisfv.postprocess.circuit.layers import host_layer
from eisfv.postprocess.circuit.model import Side
from eisfv.postprocess.circuit.stack import Host
from eisfv.postprocess.circuit.unsupported import UnsupportedError

TEMPERATURE, LARGEST = 298.15, 0.3  # K, C/m2
X = np.linspace(0.002, 0.45, 25)
FLAT = 2.6 - 0.06 * np.log((X + 0.01) / (1.0 - X))  # V; flat where nearly empty: the electrons share the excess
SOFT = 2.6 - 0.02 * np.log((X + 0.01) / (1.0 - X))  # V; the electrons share everywhere
RISING = FLAT - np.where(X < 0.01, 0.1, 0.0)  # V; unstable where nearly empty: no sharing cures it, they are ideal


def host(x: float, potential: np.ndarray = RISING) -> Host:
    """Return the magnesium host with a table as its U(x), filled to x."""
    material = material_of(potential)
    permittivity = material.relative_permittivity * VACUUM_PERMITTIVITY
    sites = float(material.working_ion.density)
    return Host(host_curves(material, TEMPERATURE), 80e-9, x, sites, 1e-14, permittivity)


def material_of(potential: np.ndarray) -> materials.Host:
    """Return the magnesium host with such a U(x)."""
    table = {"form": "table", "x": X.tolist(), "potential": [f"{v:.9f} V" for v in potential], "source": "made up"}
    material = read("mg_wo3", {**read_toml(library.path("mg_wo3")), "open_circuit": table})
    assert isinstance(material, materials.Host), material
    return material


@pytest.mark.parametrize("potential", [FLAT, RISING], ids=["flat", "rising"])
@pytest.mark.parametrize("x", [0.1, 0.2])
def test_a_table_of_25_points_has_a_layer_around_its_bulk(x: float, potential: np.ndarray) -> None:
    layer = host_layer(host(x, potential), TEMPERATURE, LARGEST)
    low, high = layer.reach
    assert low < 0.0 < high
    assert (potential is FLAT) == (low == -np.inf)  # what rises ends the layer, what shares the excess does not


@pytest.mark.parametrize("potential", [SOFT, RISING], ids=["soft", "rising"])
def test_next_to_the_bulk_the_layer_is_linear_with_the_length_of_both_carriers(potential: np.ndarray) -> None:
    """The charge is sqrt(eps dn/dphi) phi. With phi' = dphi/dx at level ions and e' = de/dln n of the electrons the
    charge per site changes by z - n phi'/e' with x."""
    bulk = host(0.1, potential)
    layer, volt = host_layer(bulk, TEMPERATURE, LARGEST), thermal_voltage(TEMPERATURE)
    curves, x, z = bulk.curves, bulk.x, bulk.z
    nu = z * x + curves.background
    rises = (curves.electrons.value(x + 1e-5) - curves.electrons.value(x - 1e-5)) / 2e-5  # of the neutral host's
    stiffness = rises * nu / z
    assert (stiffness < 0.95) == (potential is SOFT)
    slope = (curves.potential(x + 1e-5) - curves.potential(x - 1e-5)) / 2e-5 / volt + rises
    per_phi = (z - nu * slope / stiffness) / -slope  # of charge, per site
    capacitance = np.sqrt(bulk.permittivity * FARADAY * bulk.sites * per_phi / volt)
    small = 1e-3 * volt * capacitance
    np.testing.assert_allclose(layer.potential.function()(small), small / capacitance, rtol=5e-3)
    wrong = np.sqrt(bulk.permittivity * FARADAY * bulk.sites * z * x / volt)  # ideal electrons alone
    assert abs(layer.potential.function()(small) * wrong / small - 1.0) > 0.05


def test_a_bulk_where_ions_alone_go_uphill_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"uphill at x = 0.004"):
        host_layer(host(0.004), TEMPERATURE, LARGEST)


def test_the_circuit_splits_the_excess_of_a_plateau_as_the_solver_does() -> None:
    """Ion and electrons of the circuit against those of the kernels, at every filling, to a few thousandths of RT."""
    plateau = np.interp(X, [0.0, 0.1, 0.3, 0.45], [2.9, 2.60, 2.599, 2.3])
    curves = host(0.2, plateau).curves
    material = material_of(plateau)
    row, z = host_curve(material, curves.z, TEMPERATURE), curves.z
    at = np.linspace(0.02, 0.44, 57)
    level = np.array([curves.electrons.value(float(x)) for x in at])
    nu = z * at + curves.background
    wanted = np.log(nu) + np.array([open_circuit.electron_excess(row, float(np.log(v)))[0] for v in nu])
    np.testing.assert_allclose(level - level[0], wanted - wanted[0], atol=5e-3)
    ideal = np.log(nu) - np.log(nu[0])
    assert np.abs(level - level[0] - ideal).max() > 0.5
    affinity = np.array([curves.affinity.value(float(x)) for x in at])
    whole = affinity + np.log(at / (1.0 - at)) + z * level  # what a measurement of U sees
    potential = np.array([curves.potential(float(x)) for x in at]) * z / thermal_voltage(TEMPERATURE)
    np.testing.assert_allclose(whole + potential, (whole + potential)[0], rtol=1e-9)


def test_a_charge_beyond_the_stable_layer_is_noticed() -> None:
    bulk = host(0.1)
    layer = host_layer(bulk, TEMPERATURE, LARGEST)
    side = Side(bulk, layer, 0.0, 1.0, 0.5, 0.0)
    assert leaves(side, 1.01 * layer.reach[0], bulk.x)
    assert not leaves(side, 0.99 * layer.reach[0], bulk.x)
    assert not leaves(replace(side, layer=replace(layer, reach=(-np.inf, np.inf))), 1.01 * layer.reach[0], bulk.x)
