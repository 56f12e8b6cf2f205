"""What the lithium cases rest on: how the gate rests decides what a pulse leaves, not which gate it is."""

from pathlib import Path

import pytest

from eisfv.case import load
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation

CASES = Path(__file__).parents[2] / "cases"
LFP = 1.1084  # V, its open-circuit voltage against the channel


def conductance(simulation: Simulation) -> float:
    """Return the conductance (S)."""
    return float(ChannelReadout(simulation.built).conductance(simulation.state))


def left(name: str, level: float, rest: VoltageStep | OpenCircuitStep) -> float:
    """Return what a pulse of 0.2 V above the level (V) and 10 ms leaves after a rest, over its spike."""
    case = load(CASES / name)
    simulation = Simulation(case.device, case.solver)
    simulation.run(VoltageStep(1.0, Constant(level)))
    before = conductance(simulation)
    simulation.run(VoltageStep(10e-3, Constant(level + 0.2)))
    spike = conductance(simulation) - before
    assert spike > 0.01 * before
    simulation.run(rest)
    return (conductance(simulation) - before) / spike


@pytest.mark.parametrize(("name", "level"), [("li_stp", 0.0), ("li_stp_lfp", LFP)])
def test_a_gate_that_is_held_forgets_and_an_open_one_keeps(name: str, level: float) -> None:
    assert abs(left(name, level, VoltageStep(10.0, Constant(level)))) < 0.02
    assert 0.8 < left(name, level, OpenCircuitStep(10.0)) < 1.0
