"""The map of a pulse against maps whose cycles are known."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

CASE = Path(__file__).parents[2] / "cases" / "table1"
N = 20


@pytest.fixture
def endurance(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(CASE)
    return __import__("endurance")


def measured(endurance: ModuleType, up: float, down: float, leak: float) -> tuple[object, object, list[float]]:
    """Return the steps of one cycle of G -> G + up - leak G and G -> G - down - leak G, and ten starts."""
    g, starts, steps = 1.0, [], [[], []]
    for _ in range(10):
        starts.append(g)
        for direction, change in enumerate((up, -down)):
            for _ in range(N):
                steps[direction].append((g, change - leak * g))
                g += change - leak * g
    first, second = (endurance.Steps(*np.array(one[:N]).T) for one in steps)
    return first, second, starts


def test_equal_steps_up_and_down_come_back_and_are_told_equal_for_ever(endurance: ModuleType) -> None:
    first, second, _ = measured(endurance, 0.01, 0.01, 0.0)
    found = endurance.endured(first, second, 1.0, 10**6)
    assert found.start.size == 1
    np.testing.assert_allclose(found.range, N * 0.01, rtol=1e-12)


@pytest.mark.parametrize("leak", [0.0, 0.002, 0.01])
def test_unlike_steps_drift_as_the_device_itself_does(endurance: ModuleType, leak: float) -> None:
    first, second, starts = measured(endurance, 0.012, 0.01, leak)
    found = endurance.endured(first, second, 1.0, 10)
    np.testing.assert_allclose(found.start, starts, rtol=1e-9)
    assert abs(found.start[-1] - 1.0) > 0.05


def test_a_leak_ends_in_the_cycle_that_comes_back(endurance: ModuleType) -> None:
    """Over a cycle G -> a^2N G + (a^N u - d)(1 - a^N)/l with a = 1 - l: its fixed point."""
    up, down, leak = 0.02, 0.01, 0.01
    first, second, _ = measured(endurance, up, down, leak)
    found = endurance.endured(first, second, 1.0, 10**8)
    a = (1.0 - leak) ** N
    np.testing.assert_allclose(found.start[-1], (a * up - down) * (1.0 - a) / leak / (1.0 - a**2), rtol=1e-9)
    assert found.start.size < 200
