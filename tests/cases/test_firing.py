"""Integrate and fire on devices whose answer is known: a ramp, a leak, a device without memory."""

from math import ceil, exp
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

CASE = Path(__file__).parents[2] / "cases" / "table1" / "09_mos2"
START = 1e-10  # S


@pytest.fixture
def firing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(CASE)
    return __import__("firing")


class Device:
    """Every pulse adds `step` S; of what is above the start a share `kept` stays to the next tick; `on` S more while
    the gate is up; a reset takes all."""

    def __init__(self, step: float, kept: float = 1.0, on: float = 0.0) -> None:
        self.step, self.kept, self.on, self.above = step, kept, on, 0.0

    def drive(self, voltage: float, time: float) -> float:
        if voltage > 0.0:
            self.above += self.step
        elif voltage < 0.0:
            self.above = 0.0
        else:
            self.above *= self.kept
        return START + self.above + (self.on if voltage > 0.0 else 0.0)


@pytest.mark.parametrize("step", [1e-9, 2.3e-9, 1.2e-8])
def test_a_ramp_fires_where_it_meets_the_threshold_and_then_at_that_distance_and_the_reset(
    firing: ModuleType, step: float
) -> None:
    neuron = firing.MOS2
    first = ceil((neuron.threshold / neuron.drain - START) / step)
    tick = neuron.width + neuron.gap
    expected = np.arange(first, round(firing.WINDOW / tick) + 1, first + 1) * tick
    np.testing.assert_allclose(firing.spikes(Device(step).drive, neuron, START, 3.0), expected, rtol=1e-12)


def test_more_a_pulse_fires_more_often(firing: ModuleType) -> None:
    counts = [len(firing.spikes(Device(step).drive, firing.MOS2, START, 3.0)) for step in (1e-10, 5e-10, 1e-9, 1e-8)]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[-1] > 10


@pytest.mark.parametrize(("over", "fires"), [(0.99, False), (1.2, True)])
def test_a_leak_fires_where_its_steady_level_is_above_the_threshold(
    firing: ModuleType, over: float, fires: bool
) -> None:
    """After n ticks step kept (1 - kept^n)/(1 - kept) is left: at most step kept/(1 - kept)."""
    kept = exp(-0.5)
    step = over * (firing.MOS2.threshold / firing.MOS2.drain - START) * (1.0 - kept) / kept
    assert bool(firing.spikes(Device(step, kept).drive, firing.MOS2, START, 3.0)) is fires


def test_what_a_pulse_does_while_it_is_on_is_not_read(firing: ModuleType) -> None:
    assert firing.spikes(Device(0.0, on=1e-6).drive, firing.MOS2, START, 3.0) == []
