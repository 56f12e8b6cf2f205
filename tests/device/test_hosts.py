"""A neutral host shows its measured open-circuit curve, and two hosts the difference of theirs."""

import numpy as np
import pytest

from eisfv.constants import thermal_voltage
from eisfv.device.build import build
from eisfv.device.device import Device
from eisfv.device.meshing import mesh_of
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import unknowns
from eisfv.model.contacts import OhmicContact, ReactiveContact
from eisfv.model.host_curves import AnalyticOpenCircuit, TabulatedOpenCircuit
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrode, Material
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.simulation import Simulation
from support.devices import (
    H_CURVE,
    MG_CURVE,
    SITES,
    TEMPERATURE,
    VOLT,
    h_stack,
    metal,
    mg_electrolyte,
    mg_stack,
    one_layer,
    wo3,
)
from support.runs import space_charge

HUMP = TabulatedOpenCircuit((0.001, 0.01, 0.05, 0.1, 0.2, 0.4), (2.8, 2.6, 2.45, 2.47, 2.4, 2.1), source="a hump")
EXPANDED = AnalyticOpenCircuit(2.3, False, 0.2, (3000.0, -500.0))


def printed(curve: AnalyticOpenCircuit, z: int, x: float, temperature: float = TEMPERATURE) -> float:
    """Return U(x) in V of a curve without an expansion."""
    volt = thermal_voltage(temperature)
    entropy = np.log(x / (1 - x)) + z * curve.polarons * np.log(z * x / (1 - z * x))
    return float(curve.standard - volt / z * entropy - (curve.slope or 0.0) * x)


def neutral_potential(material: Material, x: float, temperature: float = TEMPERATURE) -> float:
    """Return U (V) from the chemical potentials of the ion and its electrons in a neutral host."""
    device = Device(
        temperature, 1e-4, (Region("host", material, 10e-9, Initial(x)),), (), OhmicContact(), OhmicContact()
    )
    built = build(device, mesh_of(device))
    region = np.array([0])
    local = laws_at(built.tables, region, unknowns(built.tables, region, np.zeros(1), built.bulk))
    z = built.tables.charge[0]
    mu = built.bulk[0] + local.mu[0]
    return float(-(mu[0] + z * mu[1]) * built.thermal_voltage / z)


@pytest.mark.parametrize("x", [1e-6, 0.004, 0.1, 0.3, 0.45])
@pytest.mark.parametrize("background", [0.0, 100.0])
@pytest.mark.parametrize("temperature", [298.15, 353.0])
def test_neutral_host_reproduces_its_analytic_curve(x: float, background: float, temperature: float) -> None:
    found = neutral_potential(wo3(background=background), x, temperature)
    np.testing.assert_allclose(found, printed(MG_CURVE, 2, x, temperature), rtol=1e-12)


@pytest.mark.parametrize("x", [1e-6, 0.1, 0.9])
def test_neutral_proton_host_reproduces_its_curve(x: float) -> None:
    np.testing.assert_allclose(neutral_potential(wo3("H", 1, H_CURVE), x), printed(H_CURVE, 1, x), atol=1e-13)


@pytest.mark.parametrize("point", range(len(HUMP.x)))
def test_neutral_host_passes_through_its_measured_points(point: int) -> None:
    found = neutral_potential(wo3(curve=HUMP), HUMP.x[point])
    np.testing.assert_allclose(found, HUMP.potential[point], rtol=1e-12)


def test_curve_does_not_depend_on_where_the_host_is_uncharged() -> None:
    found = [neutral_potential(wo3(zero_charge_x=x0), 0.2) for x0 in (0.001, 0.3)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-13)


def test_electrons_left_out_would_miss_the_curve() -> None:
    built = build(mg_stack(), mesh_of(mg_stack()))
    region = np.arange(3)
    local = laws_at(built.tables, region, unknowns(built.tables, region, np.zeros(3), built.bulk))
    ion = (built.bulk[0, 0] + local.mu[0, 0]) * VOLT / 2
    assert abs(-ion - printed(MG_CURVE, 2, 0.1)) > 0.1


@pytest.mark.parametrize("x", [(0.1, 0.004), (0.004, 0.1), (0.2, 0.2)])
def test_open_circuit_voltage_of_like_hosts_is_the_difference_of_their_curves(x: tuple[float, float]) -> None:
    expected = printed(MG_CURVE, 2, x[0]) - printed(MG_CURVE, 2, x[1])
    np.testing.assert_allclose(Simulation(mg_stack(x)).voltage, expected, atol=1e-12)


def test_open_circuit_voltage_of_unlike_hosts_is_the_difference_of_their_curves() -> None:
    hosts = (wo3(curve=HUMP, background=50.0), wo3(curve=AnalyticOpenCircuit(1.7, False, 0.3)))
    voltage = Simulation(mg_stack((0.01, 0.3), hosts=hosts)).voltage
    expected = HUMP.potential[1] - printed(AnalyticOpenCircuit(1.7, False, 0.3), 2, 0.3)
    np.testing.assert_allclose(voltage, expected, rtol=1e-12)


def test_swapped_hosts_turn_the_open_circuit_voltage_around() -> None:
    hosts = (wo3(curve=HUMP), wo3(curve=EXPANDED))
    there = Simulation(mg_stack((0.05, 0.3), hosts=hosts)).voltage
    back = Simulation(mg_stack((0.3, 0.05), hosts=(hosts[1], hosts[0]))).voltage
    np.testing.assert_allclose(there, -back, rtol=1e-12)


@pytest.mark.parametrize("x", [0.01, 0.1, 0.35])
def test_metal_of_fixed_activity_stands_against_a_host_at_minus_its_curve(x: float) -> None:
    """PdHx is the reference of the proton host: U(PdHx) = 0, so V = -U(x)."""
    np.testing.assert_allclose(Simulation(h_stack(x)).voltage, -printed(H_CURVE, 1, x), atol=1e-12)


def test_metal_gate_shifts_the_voltage_by_its_own_potential() -> None:
    host = wo3("H", 1, H_CURVE)
    gate = ReactiveContact(Electrode("H", 1, 0.7, reference="metal"), ButlerVolmer(1.0, 0.5), 0.1)
    device = one_layer(host, 10e-9, gate, OhmicContact(), x=0.1)
    np.testing.assert_allclose(Simulation(device).voltage, 0.7 - printed(H_CURVE, 1, 0.1), rtol=1e-12)


def test_two_metals_around_an_electrolyte_show_the_difference_of_their_potentials() -> None:
    from support.devices import binary

    device = one_layer(binary(), 100e-9, metal(1.0, 0.1, 1.2), metal(1.0, 0.1, 0.3))
    np.testing.assert_allclose(Simulation(device).voltage, 0.9, rtol=1e-12)


@pytest.mark.parametrize("zero", [0.004, 0.05])
def test_interface_is_uncharged_at_the_hosts_zero_charge_composition(zero: float) -> None:
    """A host at zero_charge_x touches an electrolyte of its reference concentration without a double layer."""
    host = wo3(zero_charge_x=zero)
    uncharged = Simulation(mg_stack((zero, zero), hosts=(host, host)))
    charged = Simulation(mg_stack((3 * zero, 3 * zero), hosts=(host, host)))
    largest = np.abs(space_charge(charged)).max()
    assert largest > 0.0
    assert np.abs(space_charge(uncharged)).max() < 1e-9 * largest


def test_donors_of_the_host_are_balanced_by_electrons_from_the_start() -> None:
    host = wo3(background=200.0)
    simulation = Simulation(mg_stack((0.1, 0.1), hosts=(host, host)))
    profile = simulation.profile()
    inside = simulation.built.mesh.region == 0
    deep = np.flatnonzero(inside)[np.count_nonzero(inside) // 2]
    mg, electrons = (profile.concentration[deep, simulation.built.number(s)] for s in ("Mg", "electron"))
    np.testing.assert_allclose(electrons, 200.0 + 2 * mg, rtol=1e-9)
    np.testing.assert_allclose(mg, 0.1 * SITES, rtol=1e-9)


def test_a_host_without_a_composition_is_refused() -> None:
    device = one_layer(wo3(), 10e-9, OhmicContact(), OhmicContact())
    with pytest.raises(ValueError, match="needs an initial x"):
        build(device, mesh_of(device))


def test_a_species_on_both_sides_without_a_law_is_refused() -> None:
    regions = (Region("reservoir", wo3(), 10e-9, Initial(0.1)), Region("electrolyte", mg_electrolyte(), 10e-9))
    device = Device(TEMPERATURE, 1e-4, regions, (), OhmicContact(), OhmicContact(), mesh=MeshOptions())
    with pytest.raises(ValueError, match="Mg is on both sides"):
        build(device, mesh_of(device))


def test_exchange_current_is_met_at_its_composition() -> None:
    """The rate of one direction at equilibrium, at the x where the exchange current was measured."""
    law = ButlerVolmer(2e-3, 0.3, at_x=0.05)
    device = mg_stack((0.05, 0.05), law=law)
    t = build(device, mesh_of(device)).tables
    theta, electrolyte = 0.05, 1.0
    exchange = t.transfer_rate[0, 0] * (theta * 1.0) ** 0.7 * (electrolyte * (1 - theta)) ** 0.3
    np.testing.assert_allclose(2 * 96485.33212331001 * exchange / device.area, 2e-3, rtol=1e-12)


def test_plain_interface_record_blocks_nothing_it_does_not_know() -> None:
    regions = (
        Region("reservoir", wo3(), 10e-9, Initial(0.1)),
        Region("channel", wo3("H", 1, H_CURVE), 10e-9, Initial(0.1)),
    )
    device = Device(TEMPERATURE, 1e-4, regions, (Interface(("reservoir", "channel")),), OhmicContact(), OhmicContact())
    t = build(device, mesh_of(device)).tables
    assert t.transfer[0, :, 0].tolist() == [0, 0, 1]  # Mg and H are each on one side only; electrons pass
