"""A step of U(x) that no double layer can follow is told where it is solved with, and not where a plateau stands."""

from dataclasses import replace

import pytest

from eisfv.device.table_ranges import steep_steps
from eisfv.model.host_curves import TabulatedOpenCircuit
from eisfv.model.phase_separation import ConvexHull
from support.devices import one_layer, wo3

X = (0.05, 0.1, 0.2, 0.3, 0.301, 0.4, 0.6, 0.7)
# 40 mV up within a thousandth of x, between two phases of about 0.1 and 0.6.
RISING = (2.9, 2.6, 2.48, 2.46, 2.50, 2.51, 2.4, 2.1)
FALLING = (2.9, 2.6, 2.5, 2.48, 2.44, 2.43, 2.4, 2.1)


def told(potential: tuple[float, ...], convex: bool) -> list[str]:
    host = wo3("Li", 1, TabulatedOpenCircuit(X, potential, source="round numbers"))
    return list(steep_steps(one_layer(replace(host, phase_separation=ConvexHull() if convex else None), 50e-9, x=0.05)))


@pytest.mark.parametrize("potential", [RISING, FALLING])
def test_a_step_within_a_thousandth_of_x_is_told(potential: tuple[float, ...]) -> None:
    (line,) = told(potential, convex=False)
    assert "steps by 40 mV from x = 0.3 to 0.301" in line


def test_a_step_under_a_plateau_is_not() -> None:
    assert told(RISING, convex=True) == []
