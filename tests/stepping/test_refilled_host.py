"""A host that a current has emptied at its bath fills again when a voltage drives ions into it, at any tolerance.

A cell without ions has an excess potential of hundreds of RT, which shut it off from the bath; and where the balance of
its first ions has no solution nearby, that none had come was taken for one, though 1300 were missing.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from eisfv.case import load
from eisfv.device.tables import Floats
from eisfv.simulation import Simulation
from eisfv.stepping.state import amounts

EMPTIED = Path(__file__).parent / "emptied_at_bath.toml"


def filled(tolerance: float) -> tuple[Floats, Floats]:
    """Return what the cells of the host are filled to (-) when a current has emptied it at the bath, and behind a
    voltage that fills it again."""
    case = load(EMPTIED)
    simulation = Simulation(case.device, replace(case.solver, tolerance=tolerance))
    t, ion = simulation.built.tables, simulation.built.number("Q")
    cells, found = (t.region == 0) & (t.volume > 0.0), []
    for step in case.protocol:
        simulation.run(step)
        found.append(amounts(t, simulation.state)[cells, ion] / (t.volume[cells] * t.density[0, ion]))
    return found[0], found[1]


def test_a_host_fills_again_from_nothing() -> None:
    ways = [filled(tolerance) for tolerance in (5e-4, 6e-5)]
    for emptied, refilled in ways:
        assert emptied[0] < 1e-190
        assert refilled.min() > 1e-3
        assert refilled.mean() > 4.0 * emptied.mean()
    for one, other in zip(*ways, strict=True):
        np.testing.assert_allclose(one.mean(), other.mean(), rtol=5e-3)
