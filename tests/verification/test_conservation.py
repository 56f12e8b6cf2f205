"""What must be conserved is: ions, charge, and the total current through the stack.

The current of a face is F sum z N + dD/dt with the flows that the balances carry; dD/dt follows the recurrence of the
time scheme, as the stored amounts do. Inside good conductors a face's electron flow is the tiny difference of large
numbers: the mean over a region, which only knows the flows at its ends and the storage between, is free of that.
"""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.contacts import OhmicContact
from eisfv.model.interface_laws import Blocking
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant, PiecewiseLinear
from eisfv.simulation import Simulation
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.tr_bdf2 import FROM_STAGE, WEIGHT
from support.devices import h_stack, metal, mg_electrolyte, mg_stack, one_layer, wo3
from support.runs import LOOSE, held, total

PULSE = (VoltageStep(0.5, Constant(1.0)), OpenCircuitStep(1.0))
BACK = (CurrentStep(0.5, Constant(-2e-6)), OpenCircuitStep(1.0))
PULSES = {
    "Mg": (mg_stack(), PULSE, BACK),
    "electroneutral": (mg_stack(electrolyte=mg_electrolyte(electroneutral=True)), PULSE, BACK),
    "H": (
        h_stack(0.1),
        (VoltageStep(1e-3, Constant(4.0)), OpenCircuitStep(1e-2)),
        (VoltageStep(1e-3, Constant(-4.0)), OpenCircuitStep(1e-2)),
    ),
}


def drift(device: Device, pulses: int, blocks: tuple[tuple[Step, ...], ...], species: str) -> float:
    """Return the relative change of a conserved species over pulses of alternating sign."""
    simulation = Simulation(device, LOOSE)
    before = total(simulation, species)
    for k in range(pulses):
        for step in blocks[k % 2]:
            simulation.run(step)
    return abs(total(simulation, species) / before - 1.0)


def face_currents(accepted: Accepted, charge: Floats) -> Floats:
    """Return the total current (A) through every face at the end of a step."""
    end = accepted.end
    return np.asarray(FARADAY * (end.flow[:, 1:] @ charge + end.displacement_rate))


@pytest.mark.parametrize("name", ["Mg", "electroneutral"])
def test_ions_are_conserved_over_pulses(name: str) -> None:
    device, *blocks = PULSES[name]
    assert drift(device, 10, tuple(blocks), "Mg") < 1e-12
    assert drift(device, 10, tuple(blocks), "TFSI") < 1e-12


@pytest.mark.long
def test_ions_are_conserved_over_a_hundred_pulses() -> None:
    device, *blocks = PULSES["Mg"]
    assert drift(device, 100, tuple(blocks), "Mg") < 1e-11


def test_a_scheme_that_loses_a_millionth_of_a_pulse_would_be_seen() -> None:
    simulation = Simulation(mg_stack(), LOOSE)
    before = total(simulation, "Mg")
    simulation.run(PULSE[0])
    passed = abs(held(simulation)[simulation.built.mesh.region == 2, 0].sum() / before)
    assert 1e-6 * passed > 1e-12


@pytest.mark.parametrize("name", PULSES)
def test_total_current_is_the_same_through_every_region(name: str) -> None:
    device, forward, backward = PULSES[name]
    simulation = Simulation(device, LOOSE)
    t = simulation.built.tables
    inside = t.distance > 0.0
    regions = range(len(device.regions))
    spread, peak = 0.0, 0.0
    for step in (*forward, *backward):
        for accepted in simulation.drive(step):
            if accepted.corner:
                continue  # the jump of the drive is a spike of displacement
            current = face_currents(accepted, t.charge)
            of = [inside & (t.region[t.left] == r) for r in regions]
            means = [float(np.average(current[k], weights=t.distance[k])) for k in of]
            spread = max(spread, np.ptp([*means, accepted.end.current * FARADAY]))
            peak = max(peak, abs(accepted.end.current * FARADAY))
    assert spread < 1e-8 * peak


@pytest.mark.parametrize("name", PULSES)
def test_total_current_is_the_same_through_every_face_of_the_electrolyte(name: str) -> None:
    device, forward, _ = PULSES[name]
    simulation = Simulation(device, LOOSE)
    t = simulation.built.tables
    which = [r.name for r in device.regions].index("electrolyte")
    faces = (t.distance > 0.0) & (t.region[t.left] == which)
    spread, peak = 0.0, 0.0
    for step in forward:
        for accepted in simulation.drive(step):
            if accepted.corner:
                continue
            current = face_currents(accepted, t.charge)[faces]
            spread = max(spread, float(np.abs(current - accepted.end.current * FARADAY).max()))
            peak = max(peak, abs(accepted.end.current * FARADAY))
    assert spread < 1e-8 * peak


def test_current_without_its_displacement_is_not_flat() -> None:
    simulation = Simulation(h_stack(0.1), LOOSE)
    t = simulation.built.tables
    faces = (t.distance > 0.0) & (t.region[t.left] == 0)
    simulation.run(VoltageStep(1e-6, Constant(2.0)))
    ions = simulation.state.flow[faces, 1:] @ t.charge
    assert np.ptp(ions) > 1e-3 * abs(simulation.state.current)


@pytest.mark.parametrize("sigma_e", [1e-30, 1e-4])
def test_channel_contact_delivers_the_time_integral_of_the_current_in_electrons(sigma_e: float) -> None:
    """Positive current from gate to channel brings electrons in through the channel's contact; what leaks leaves again.

    The trapezoidal and the backward stage weigh the current as they weigh the flows: exact for a drive of straight
    lines.
    """
    simulation = Simulation(mg_stack(sigma_e=sigma_e), replace(LOOSE, method="tr_bdf2"))
    before = electrons_of(simulation)
    leaked = 0.0
    drive = PiecewiseLinear((0.0, 0.1, 0.4, 0.5), (0.0, 1e-5, 1e-5, 0.0))
    for accepted in simulation.drive(CurrentStep(0.5, drive)):
        leaked += leak_of(simulation, accepted)
    gained = FARADAY * (electrons_of(simulation) - before)
    np.testing.assert_allclose(gained + leaked, 1e-5 * 0.4, rtol=1e-8)
    assert (abs(leaked) > 1e-8) == (sigma_e > 1e-10)


def electrons_of(simulation: Simulation) -> float:
    """Return the electrons (mol) in the channel."""
    channel = simulation.built.mesh.region == 2
    return float(held(simulation)[channel, simulation.built.number("electron")].sum())


def leak_of(simulation: Simulation, accepted: Accepted) -> float:
    """Return the charge (C) that electrons carried through the electrolyte from gate to channel within a step."""
    t = simulation.built.tables
    electron = simulation.built.number("electron")
    face = np.flatnonzero(t.region[t.left] == 1)[5]
    states = (accepted.start, accepted.middle or accepted.end, accepted.end)
    start, middle, end = (-FARADAY * state.flow[face, 1 + electron] for state in states)
    h = accepted.h
    if accepted.middle is None:
        return float(end * h)
    # The backward formula over a trapezoidal stage, written out for an integral.
    at_middle = WEIGHT * h * (start + middle)
    return float(FROM_STAGE * at_middle + WEIGHT * h * end)


def test_at_rest_the_channel_has_kept_ions_and_electrons_alike() -> None:
    """What is left of a tight cell's charge after the double layers have relaxed is neutral."""
    simulation = Simulation(mg_stack(sigma_e=1e-30), LOOSE)
    t = simulation.built.tables
    channel = simulation.built.mesh.region == 2
    before = held(simulation)[channel]
    simulation.run(CurrentStep(0.5, Constant(1e-5)))
    during = (held(simulation)[channel] - before).sum(axis=0)
    simulation.run(OpenCircuitStep(1e3))
    after = (held(simulation)[channel] - before).sum(axis=0)
    assert abs(during @ t.charge) > 0.05 * abs(during[2])
    assert abs(after @ t.charge) < 0.05 * abs(after[2])
    np.testing.assert_allclose(after[2], during[2], rtol=1e-8)  # at open circuit no electron enters


def test_metal_gate_gives_exactly_the_charge_it_passes() -> None:
    """Host behind a metal that dissolves: at a constant current the host takes I t in ions, the compact layer the
    rest.
    """
    host = wo3("H", 1, diffusivity=1e-13)
    device = one_layer(host, 20e-9, metal(10.0, 0.1, 2.4, "H"), OhmicContact(), MeshOptions(), x=0.1)
    simulation = Simulation(device, LOOSE)
    before = total(simulation, "H")
    charge = 1e-4 * 0.01
    simulation.run(CurrentStep(0.01, Constant(1e-4)))
    inserted = FARADAY * (total(simulation, "H") - before)
    # The compact layer keeps C_S A dV, at most 0.1 F/m2 over the area and the overpotential.
    assert abs(inserted - charge) < 0.1 * device.area * 0.2
    np.testing.assert_allclose(inserted, charge, rtol=0.2)


def test_blocked_ions_stay_where_they_are() -> None:
    device = mg_stack(law=Blocking(), sigma_e=1e-4)
    simulation = Simulation(device, SolverOptions(tolerance=1e-2))
    regions = simulation.built.mesh.region
    before = [held(simulation)[regions == r, 0].sum() for r in range(3)]
    for step in PULSE:
        simulation.run(step)
    after = [held(simulation)[regions == r, 0].sum() for r in range(3)]
    np.testing.assert_allclose(after, before, rtol=1e-13)
