"""PdHx | YSZ 14 nm | HxWO3 10 nm converges under square pulses of 2 to 10 V, from 1 ns to 10 ms, and behaves."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import h_stack
from support.runs import LOOSE, total

VOLTS = (2.0, 4.0, 6.0, 8.0, 10.0)
DURATIONS = (1e-9, 1e-7, 1e-5, 1e-3, 1e-2)
QUICK = {(2.0, 1e-3), (4.0, 1e-9), (6.0, 1e-2), (8.0, 1e-5), (10.0, 1e-9), (10.0, 1e-2)}
FILM = 9e-12  # m2, the area of `h_stack`


def pulsed(device: Device, volts: float, duration: float) -> tuple[Simulation, int]:
    """Return the stack after a square pulse and a rest at 0 V of a hundred times its length, and the steps they took.

    The measured devices rest at 0 V.
    """
    simulation = Simulation(device, LOOSE)
    simulation.run(VoltageStep(duration, Constant(volts)))
    simulation.run(VoltageStep(100 * duration, Constant(0.0)))
    return simulation, simulation.integrator.counts.accepted


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "volts, duration",
    [pytest.param(v, t, marks=[] if (v, t) in QUICK else [pytest.mark.long]) for v in VOLTS for t in DURATIONS],
)
def test_square_pulses_converge_and_leave_sane_compositions(volts: float, duration: float, sign: int) -> None:
    simulation, steps = pulsed(h_stack(0.1), sign * volts, duration)
    assert steps < 450
    assert np.isfinite(simulation.profile().potential).all()
    x = simulation.profile().concentration[simulation.built.mesh.region == 1, 0] / 30883.0
    assert (x > 0.0).all()
    assert (x <= 1.0).all()  # a host filled to the last digit is full


def test_a_host_that_has_lost_its_electrons_comes_to_rest_at_open_circuit() -> None:
    """Its field ends at the metal, so that the floating gate has something to hold on to."""
    simulation = Simulation(h_stack(0.1, 0.4e-9, leak=False), LOOSE)
    simulation.run(VoltageStep(5e-3, Constant(-10.0)))
    before = simulation.voltage
    simulation.run(OpenCircuitStep(1.0))
    assert before == pytest.approx(-10.0, rel=1e-12)
    assert -10.0 < simulation.voltage < 0.0


def test_insertion_grows_with_the_voltage_far_more_than_in_proportion() -> None:
    inserted = []
    for volts in (2.0, 4.0, 6.0):
        simulation = Simulation(h_stack(0.1), LOOSE)
        before = total(simulation, "H")
        simulation.run(VoltageStep(1e-3, Constant(volts)))
        simulation.run(OpenCircuitStep(1.0))
        inserted.append(total(simulation, "H") - before)
    assert inserted[1] > 10 * inserted[0] > 0.0
    assert inserted[2] > 5 * inserted[1]


def test_without_hopping_the_insertion_is_nearly_proportional() -> None:
    inserted = []
    for volts in (2.0, 4.0):
        simulation = Simulation(h_stack(0.1, hop_length=0.0), LOOSE)
        before = total(simulation, "H")
        simulation.run(VoltageStep(1e-3, Constant(volts)))
        inserted.append(total(simulation, "H") - before)
    assert inserted[1] < 5 * inserted[0]


def test_a_finer_mesh_inserts_the_same() -> None:
    inserted = []
    for mesh in (MeshOptions(), MeshOptions(first=0.125, growth=1.05, host_growth=1.03, largest=0.02)):
        simulation = Simulation(h_stack(0.1, mesh=mesh), LOOSE)
        before = total(simulation, "H")
        simulation.run(VoltageStep(1e-3, Constant(6.0)))
        inserted.append(total(simulation, "H") - before)
    np.testing.assert_allclose(inserted[0], inserted[1], rtol=0.02)


def test_the_library_stack_converges_too(tmp_path: Path) -> None:
    """The same stack from the material files, as a case."""
    from eisfv.case import load

    case = tmp_path / "case.toml"
    case.write_text(LIBRARY_CASE)
    simulation = Simulation(load(case).device, LOOSE)
    for step in load(case).protocol:
        simulation.run(step)
    assert np.isfinite(simulation.voltage)


LIBRARY_CASE = """
[case]
title = "H/YSZ/WO3 square pulses"
source = "doi:10.1002/adma.202418484"

[device]
temperature = "298.15 K"
area = "9 um^2"

[[device.region]]
name = "electrolyte"
material = "ysz_h"
thickness = "14 nm"
[[device.region]]
name = "channel"
material = "h_wo3"
thickness = "10 nm"
initial.x = 0.1

[[device.interface]]
between = ["electrolyte", "channel"]
ion = { law = "butler_volmer", exchange_current = "10 uA/cm^2", alpha = 0.5 }
stern_capacitance = "10 uF/cm^2"

[device.contact.gate]
kind = "reactive"
electrode = "pd_hx"
exchange_current = "10 uA/cm^2"
stern_capacitance = "10 uF/cm^2"
[device.contact.channel]
kind = "ohmic"

[[protocol]]
drive = "voltage"
value = "8 V"
duration = "100 us"
[[protocol]]
drive = "open_circuit"
duration = "1 s"
[[protocol]]
drive = "voltage"
value = "-8 V"
duration = "100 us"
"""
