"""A section in which nothing varies along x is its stack: voltage, current, filling and conductance at every step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.along_x import PlacedPatches
from eisfv.model.case_file import Readout
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep, Step, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.readout import ChannelReadout
from eisfv.simulation import Simulation
from support.devices import h_stack, mg_electrolyte, mg_stack
from support.sections import WIDTH, layered, stack_of_section

# Equal steps wherever rounding leaves a stage: a tight Newton tolerance keeps the step sizes together.
OPTIONS = SolverOptions(newton=1e-8)
SPARSE = replace(OPTIONS, linear="superlu")
FEW: dict[str, Any] = {"first": 2.0, "growth": 1.8, "host_growth": 1.8, "largest": 0.2}
UNIFORM: dict[str, Any] = {**FEW, "lateral_cells": 4}
GRADED: dict[str, Any] = {**FEW, "lateral_first": 0.02, "lateral_growth": 2.0, "lateral_largest": 0.3}
MG_PULSES = (
    VoltageStep(0.5, Constant(1.0)),
    OpenCircuitStep(1.0),
    CurrentStep(0.2, Constant(-1e-5)),
)
H_PULSES = (VoltageStep(1e-3, Constant(4.0)), OpenCircuitStep(1e-2), CurrentStep(1e-3, Constant(-1e-12)))
READ = Readout("channel", length=1.0, width=1.0)
DEVICES = {
    "Mg": (mg_stack(), MG_PULSES),
    "Mg, electroneutral": (mg_stack(electrolyte=mg_electrolyte(electroneutral=True)), MG_PULSES),
    "H": (h_stack(readout=READ), H_PULSES),
}


def answers(device: Device, steps: tuple[Step, ...], options: SolverOptions) -> Floats:
    """Return voltage, current, filling, conductance (rows) of every accepted step."""
    simulation = Simulation(device, options)
    channel = ChannelReadout(simulation.built)
    rows = []
    for step in steps:
        for accepted in simulation.drive(step):
            end = accepted.end
            volts = end.at.voltage * simulation.thermal_voltage
            rows.append((end.time, volts, end.current, channel.filling(end), channel.conductance(end)))
    return np.array(rows)


def apart(section: Floats, stack: Floats) -> float:
    """Return the largest difference of any answer at any step over that answer's largest value."""
    assert section.shape == stack.shape
    return float((np.abs(section - stack) / np.abs(stack).max(axis=0)).max())


def both(
    device: Device, steps: tuple[Step, ...], mesh: Mapping[str, Any], width: float = WIDTH
) -> tuple[Floats, Floats]:
    """Return the answers of the section and of its stack."""
    section = layered(device, "bottom", width=width, **mesh)
    return answers(section, steps, SPARSE), answers(stack_of_section(section), steps, OPTIONS)


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("mesh", [UNIFORM, GRADED], ids=["equal columns", "graded columns"])
def test_a_uniform_section_is_its_stack(name: str, mesh: Mapping[str, Any]) -> None:
    device, steps = DEVICES[name]
    section, stack = both(device, steps, mesh)
    assert apart(section, stack) < 1e-8


def test_every_answer_changes_in_the_run() -> None:
    _, stack = both(*DEVICES["Mg"], UNIFORM)
    assert (np.ptp(stack, axis=0) > 0.1 * np.abs(stack).max(axis=0)).all()


def test_any_width_is_as_good() -> None:
    device, steps = DEVICES["Mg"]
    assert apart(*both(device, steps[:1], UNIFORM, 500e-6)) < 1e-8


def test_a_section_with_poor_patches_is_not_its_stack() -> None:
    where = PlacedPatches(1e-3, 0.0, WIDTH / 4, (True, True, True, False), 1e-3)
    law = ButlerVolmer(where, 0.5)
    patchy = answers(layered(mg_stack(law=law), "bottom", **UNIFORM), MG_PULSES[:1], SPARSE)[-1]
    stack = answers(stack_of_section(layered(mg_stack(), "bottom", **UNIFORM)), MG_PULSES[:1], OPTIONS)[-1]
    assert abs(patchy[3] / stack[3] - 1.0) > 0.1


def test_a_section_deeper_by_a_ten_millionth_is_not_its_stack() -> None:
    device, steps = DEVICES["Mg"]
    section = layered(device, "bottom", **UNIFORM)
    assert section.section is not None
    deeper = replace(section, section=replace(section.section, depth=section.section.depth * (1 + 1e-7)))
    stack = answers(stack_of_section(section), steps[:1], OPTIONS)
    assert apart(answers(deeper, steps[:1], SPARSE), stack) > 5e-8
