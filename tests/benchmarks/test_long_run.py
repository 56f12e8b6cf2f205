"""Are ions kept over 1000 pulses, and is the terminal current the same through the stack? Targets: 1e-10 and 1e-8."""

from itertools import cycle

import numpy as np
import pytest

from benchmarks.conftest import Show
from benchmarks.support.stack import mg_stack
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.observers.flatness import Flatness
from eisfv.simulation import Simulation
from support.runs import held

PULSES = 1000
SHOWN = (1, 10, 100, 300, PULSES)


@pytest.mark.benchmark
def test_ions_are_kept_over_a_thousand_pulses(show: Show) -> None:
    simulation = Simulation(mg_stack())
    ions = [name for name in simulation.built.species if name != "electron"]
    numbers = [simulation.built.number(name) for name in ions]
    start = held(simulation).sum(axis=0)[numbers]
    flat = Flatness(simulation.built)
    rows = []
    for k, level in zip(range(1, PULSES + 1), cycle((1.0, -1.0)), strict=False):
        for accepted in simulation.drive(VoltageStep(0.5, Constant(level))):
            flat.accept(accepted)
        if k in SHOWN:
            drift = np.abs(held(simulation).sum(axis=0)[numbers] / start - 1.0)
            rows.append((k, *drift.tolist(), flat.relative))
    show(
        f"{PULSES} pulses of 1 V: drift relative to the content, target 1e-10; spread of the current, target 1e-8",
        ("pulse", *(f"drift of {ion}" for ion in ions), "spread"),
        rows,
    )
