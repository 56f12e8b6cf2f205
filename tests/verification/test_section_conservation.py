"""What a section must conserve: ions over pulses, and the current through every region that parts gate from channel."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.flatness import Flatness
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.terminals import Terminals
from eisfv.simulation import Simulation
from support.devices import h_stack, mg_electrolyte, mg_stack
from support.runs import LOOSE, held, total
from support.sections import COARSE, layered, self_gate, stepped_film, walled
from support.watched import watched

THERE = (VoltageStep(0.5, Constant(1.0)), OpenCircuitStep(1.0))
BACK = (VoltageStep(0.5, Constant(-1.0)), OpenCircuitStep(1.0))
NEUTRAL = mg_stack(electrolyte=mg_electrolyte(electroneutral=True))
SECTIONS = {
    "source and drain at the sides": layered(mg_stack(), "sides", **COARSE),
    "pads below": layered(mg_stack(), "pads", **COARSE),
    "step": stepped_film("sides", **COARSE),
    "pads below a step": stepped_film("pads", **COARSE),
    "self-gate": self_gate(**COARSE),
    "electroneutral": layered(NEUTRAL, "pads", **COARSE),
}
# A self-gate passes a hundredth of a stack's current through films that round as much: 5e-8 at the default of 1e-4.
NEWTON = {"self-gate": 1e-7}
H_PULSE = (VoltageStep(1e-3, Constant(4.0)), OpenCircuitStep(1e-2))


def driven(device: Device, steps: tuple[Step, ...], options: SolverOptions = LOOSE) -> tuple[Simulation, Flatness]:
    """Return a simulation after steps and the flatness of its current."""
    simulation = Simulation(device, options)
    flatness = Flatness(simulation.built)
    for step in steps:
        for accepted in simulation.drive(step):
            flatness.accept(accepted)
    return simulation, flatness


@pytest.mark.parametrize("name", SECTIONS)
def test_ions_are_conserved_and_the_current_is_flat_over_pulses(name: str) -> None:
    device = SECTIONS[name]
    rest = Simulation(device, LOOSE)
    simulation, flatness = driven(device, THERE + BACK, replace(LOOSE, newton=NEWTON.get(name, LOOSE.newton)))
    for ion in ("Mg", "TFSI"):
        assert abs(total(simulation, ion) / total(rest, ion) - 1.0) < 1e-10
    assert flatness.peak > 0.0
    assert len(flatness.share) == 3
    assert flatness.relative < 1e-8


def test_ions_pass_an_upright_wall_and_a_free_interface_without_loss() -> None:
    """A free interface is a million times stiffer than the half cells beside it: its balance is as good as Newton's
    last update is small."""
    device = walled(**COARSE)
    simulation, flatness = driven(device, THERE + BACK, replace(LOOSE, newton=1e-8))
    rest = Simulation(device, LOOSE)
    for ion in ("Mg", "TFSI"):
        assert abs(total(simulation, ion) / total(rest, ion) - 1.0) < 1e-10
    assert flatness.relative < 1e-8


@pytest.mark.parametrize("contacts", ["sides", "pads"])
def test_protons_of_a_film_keep_their_current_flat(contacts: str) -> None:
    _, flatness = driven(layered(h_stack(), contacts, width=1e-6, **COARSE), H_PULSE)
    assert flatness.relative < 1e-8


@pytest.mark.long
@pytest.mark.parametrize("name", ["step", "self-gate"])
def test_ions_of_a_section_are_conserved_over_fifty_pulses(name: str) -> None:
    device = SECTIONS[name]
    options = replace(LOOSE, newton=NEWTON.get(name, LOOSE.newton))
    simulation, flatness = driven(device, (THERE + BACK) * 25, options)
    assert abs(total(simulation, "Mg") / total(Simulation(device, LOOSE), "Mg") - 1.0) < 1e-10
    assert flatness.relative < 1e-8


def test_a_millionth_of_a_pulse_gone_astray_would_be_seen() -> None:
    device = SECTIONS["step"]
    simulation, _ = driven(device, THERE[:1])
    region = simulation.built.mesh.region
    before = held(Simulation(device, LOOSE))[region == 2, 0].sum()
    moved = abs(held(simulation)[region == 2, 0].sum() - before)
    assert 1e-6 * moved > 1e-10 * total(simulation, "Mg")


def test_a_fall_that_leaves_out_the_faces_along_x_is_not_flat() -> None:
    """It misses what flows around the corner."""
    device = SECTIONS["self-gate"]
    simulation = Simulation(device, LOOSE)
    mesh = simulation.built.mesh
    flat, bent = Flatness(simulation.built), Flatness(simulation.built)
    across = np.abs(mesh.position[mesh.right, 0] - mesh.position[mesh.left, 0]) > 0.0
    bent.share = np.where(across, 0.0, bent.share)
    for accepted in simulation.drive(THERE[0]):
        flat.accept(accepted)
        bent.accept(accepted)
    assert bent.relative > 1e-3 > flat.relative


def test_the_terminal_current_is_that_of_the_regions() -> None:
    simulation = Simulation(SECTIONS["pads below a step"], LOOSE)
    flatness = Flatness(simulation.built)
    for accepted in simulation.drive(THERE[0]):
        currents = flatness.look(accepted).carried.sum(axis=1)
    np.testing.assert_allclose(currents, simulation.current, rtol=1e-7)


def test_a_row_of_the_terminals_holds_the_sections_own_filling_and_conductance() -> None:
    simulation = Simulation(SECTIONS["step"], LOOSE)
    rows: list[tuple[float, ...]] = []
    terminals = Terminals(watched(simulation, THERE[:1], lambda row: rows.append(tuple(map(float, row)))))
    terminals.begin(THERE[0], simulation.state)
    for accepted in simulation.drive(THERE[0]):
        terminals.accept(accepted)
    channel = ChannelReadout(simulation.built)
    region = simulation.built.mesh.region == 2
    x = held(simulation)[region, 0].sum() / (simulation.built.mesh.volume[region].sum() * channel.sites)
    np.testing.assert_allclose(rows[-1][6], x, rtol=1e-12)
    np.testing.assert_allclose(rows[-1][5], channel.conductance(simulation.state), rtol=1e-12)
    assert rows[-1][5] > 2.0 * rows[0][5] > 0.0
