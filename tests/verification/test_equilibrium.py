"""Rest is rest: nothing moves at open circuit in equilibrium, and no current flows at the open-circuit voltage."""

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.steps import OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import binary, h_stack, metal, mg_electrolyte, mg_stack, one_layer
from support.runs import LOOSE, held

HOUR = 3600.0
# The ohmic leak off: two hosts apart are then at rest only at open circuit, two alike always.
LIKE = mg_stack((0.1, 0.1))
DEVICES = {
    "like hosts, leaking": LIKE,
    "unlike hosts, tight": mg_stack((0.1, 0.004), sigma_e=1e-30),
    "electroneutral": mg_stack((0.1, 0.1), electrolyte=mg_electrolyte(electroneutral=True)),
    "protons against PdHx": h_stack(0.1, leak=False),
    "two metals": one_layer(binary(), 100e-9, metal(1.0, 0.1, 1.2), metal(1.0, 0.1, 0.3)),
    "wall and bath": one_layer(binary(sites=50.0), 100e-9, BlockingContact(0.1, 0.2), BathContact()),
}
each_device = pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES.keys())


def drift(device: Device, step: Step) -> tuple[Simulation, float, float]:
    """Return the simulation after a step, the change of its voltage (V) and the largest relative change of a
    storage.
    """
    simulation = Simulation(device, LOOSE)
    voltage, before = simulation.voltage, held(simulation)
    simulation.run(step)
    moved = np.abs(held(simulation) - before)
    relative = np.max(moved / np.where(before > 0.0, before, 1.0))
    return simulation, simulation.voltage - voltage, float(relative)


@each_device
def test_equilibrium_does_not_drift_in_an_hour_at_open_circuit(device: Device) -> None:
    _, volts, relative = drift(device, OpenCircuitStep(HOUR))
    assert abs(volts) < 1e-9
    assert relative < 1e-9


@each_device
def test_no_current_flows_at_the_open_circuit_voltage(device: Device) -> None:
    at_rest = Simulation(device).voltage
    simulation, _, relative = drift(device, VoltageStep(HOUR, Constant(at_rest)))
    off, _, _ = drift(device, VoltageStep(1e-3, Constant(at_rest + 1e-3)))
    assert off.current > 0.0
    assert abs(simulation.current) < 1e-9 * off.current
    assert relative < 1e-9


def test_leaking_cell_off_equilibrium_does_drift() -> None:
    _, volts, _ = drift(mg_stack((0.1, 0.004)), OpenCircuitStep(HOUR))
    assert abs(volts) > 1e-3


@pytest.mark.parametrize("device", [mg_stack((0.1, 0.004)), h_stack(0.1)], ids=["Mg", "H"])
def test_total_current_stays_zero_at_open_circuit(device: Device) -> None:
    simulation = Simulation(device, LOOSE)
    simulation.run(VoltageStep(0.01, Constant(simulation.voltage + 0.2)))
    peak = abs(simulation.current)
    for accepted in simulation.drive(OpenCircuitStep(10.0)):
        assert abs(accepted.end.current * 96485.0) < 1e-12 * peak


@pytest.mark.parametrize("device", [LIKE, DEVICES["wall and bath"]], ids=["Mg", "wall"])
def test_electrochemical_potentials_are_level_at_the_start(device: Device) -> None:
    simulation = Simulation(device)
    tables = simulation.built.tables
    level = simulation.profile().level
    for s in range(len(simulation.built.species)):
        there = tables.kind[tables.region, s] > 0
        assert np.ptp(level[there, s]) < 1e-10 * np.abs(level[there, s]).max() + 1e-10


def mirrored(volts: float) -> tuple[Simulation, Simulation]:
    """Return a symmetric cell under +volts and under -volts."""
    pair = []
    for v in (volts, -volts):
        simulation = Simulation(mg_stack((0.05, 0.05)), LOOSE)
        simulation.run(VoltageStep(0.5, Constant(v)))
        simulation.run(OpenCircuitStep(1.0))
        pair.append(simulation)
    return pair[0], pair[1]


def test_symmetric_cell_under_the_opposite_voltage_is_its_mirror_image() -> None:
    there, back = mirrored(0.8)
    np.testing.assert_allclose(there.voltage, -back.voltage, atol=1e-9)
    assert abs(there.voltage) > 1e-5
    forward, backward = there.profile(), back.profile()
    for s in range(3):
        np.testing.assert_allclose(forward.concentration[:, s], backward.concentration[::-1, s], rtol=1e-5, atol=1e-9)


def test_cell_of_unlike_hosts_is_not_its_mirror_image() -> None:
    pair = []
    for v in (0.8, -0.8):
        simulation = Simulation(mg_stack((0.05, 0.02)), LOOSE)
        simulation.run(VoltageStep(0.5, Constant(v)))
        pair.append(simulation.current)
    assert abs(pair[0] / pair[1] + 1) > 1e-2


def test_positive_voltage_inserts_cations_into_the_channel_with_a_positive_current() -> None:
    simulation = Simulation(mg_stack((0.1, 0.01), sigma_e=1e-30), LOOSE)
    channel = simulation.built.mesh.region == 2
    before = held(simulation)[channel, 0].sum()
    simulation.run(VoltageStep(0.1, Constant(simulation.voltage + 0.5)))
    assert simulation.current > 0.0
    assert held(simulation)[channel, 0].sum() > before
