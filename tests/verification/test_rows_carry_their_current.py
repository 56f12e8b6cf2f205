"""Every accepted row carries the current that is imposed: one more Newton iteration leaves its voltage where it is."""

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.model.contacts import OhmicContact
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, OpenCircuitStep, Step
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.solve.stage_records import Iterate, Known
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.tr_bdf2 import WEIGHT
from support.devices import SITES, h_stack, one_layer, wo3

TRAPEZOID = SolverOptions(method="tr_bdf2")  # its stages are known from the states that they lie between
FULL = 0.5 * FARADAY * SITES * 10e-9 * 9e-12 / 1e-12  # s to fill half of the host of `h_stack` with 1 pA


def off(simulation: Simulation, step: Step, accepted: Accepted, moved: float = 0.0) -> float:
    """Return by how many volts a row misses the voltage of its current, its gate `moved` (V) beforehand; nan where
    nothing answers any more."""
    end, newton = accepted.end, simulation.newton
    weight = WEIGHT * accepted.h if accepted.middle is not None else accepted.h
    for own, array in zip(newton.system.ledger, end.ledger, strict=True):
        own[:] = array
    known = Known(end.stored - weight * end.rate, end.charge - weight * end.charge_rate)
    voltage = end.at.voltage + moved / simulation.thermal_voltage
    source = simulation.source(step, end.offset)
    newton.evaluate(Iterate(end.at.u, voltage), known, weight, True)
    answers = newton.factor(weight, source)
    newton.forget()
    if not answers:
        return np.nan
    update = newton.linear.solve(-newton.system.residual)
    return newton.border(update, voltage, known.charge, weight, source) * simulation.thermal_voltage


def rows(simulation: Simulation, *steps: Step) -> Iterator[tuple[Step, Accepted]]:
    """Give the rows of steps, to where the device has no more to give."""
    with suppress(SolverError):
        for step in steps:
            for accepted in simulation.drive(step):
                yield step, accepted


@pytest.mark.parametrize(
    "device, steps",
    [
        pytest.param(h_stack(x=0.5), [CurrentStep(2.0 * FULL, Constant(1e-12))], id="a host that is filled"),
        pytest.param(h_stack(x=0.5), [CurrentStep(2.0 * FULL, Constant(-1e-12))], id="a host that is emptied"),
        pytest.param(
            one_layer(wo3(), 50e-9, OhmicContact(), OhmicContact(), x=0.01),
            [CurrentStep(1e-3, Constant(1.0)), OpenCircuitStep(1.0)],
            id="electrons through a host",
        ),
    ],
)
def test_no_accepted_row_breaks_its_own_drive(device: Device, steps: list[Step]) -> None:
    simulation = Simulation(device, TRAPEZOID)
    found = [abs(off(simulation, step, row)) for step, row in rows(simulation, *steps)]
    assert len(found) > 10
    last = found.pop()  # from where a run may not go on
    assert max(found) < 1e-5  # V
    assert not last > 1e-5


def test_a_row_whose_voltage_is_a_millivolt_off_is_seen() -> None:
    simulation = Simulation(h_stack(x=0.5), TRAPEZOID)
    step, row = next(rows(simulation, CurrentStep(1.0, Constant(1e-12))))
    np.testing.assert_allclose(off(simulation, step, row, moved=1e-3), -1e-3, rtol=1e-3)
