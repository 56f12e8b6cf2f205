"""A host that is driven on when it is full leaves what any couple means, and the run says since when; one that has room
left says nothing."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import COUPLE, FARADAY
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.observers.beyond_couples import BeyondCouples
from eisfv.simulation import Simulation
from support.devices import SITES, h_stack

CURRENT, AREA, LEFT = 1e-8, 1e-6, 0.05  # A, m2, share of the sites
END = LEFT * FARADAY * SITES * 10e-9 * AREA / CURRENT  # s


@pytest.mark.parametrize("share, told", [(0.9, False), (2.0, True)])
def test_a_host_driven_on_when_full_is_told_with_its_potential(share: float, told: bool) -> None:
    simulation = Simulation(replace(h_stack(x=1.0 - LEFT), area=AREA))
    seen, again = BeyondCouples(simulation.built), BeyondCouples(simulation.built)
    for step in (CurrentStep(share * END, Constant(CURRENT)), OpenCircuitStep(1.0)):
        seen.end(step, simulation.run(step))
    lines = list(seen.warnings())
    assert len(lines) == told
    again.restore(seen.save(), None)
    assert list(again.warnings()) == lines
    if told:
        # Both metals take charge freely at rest: the terminals stand as far apart as the host is from the gate's U = 0.
        volts = float(lines[0].split("came to ")[1].split(" V")[0])
        assert volts < -COUPLE
        np.testing.assert_allclose(-volts, simulation.voltage, rtol=0.05)
        assert "U of channel" in lines[0]
        assert f"it is full, and from t = {share * END:.5g} s on, or before," in lines[0]
