"""A start whose double layers cannot be relaxed: uniform regions, whose double layers form as the run begins."""

import numpy as np
import pytest

from eisfv import failure_causes
from eisfv.device.device import Device
from eisfv.equations.unknowns import of_species
from eisfv.model.contacts import BlockingContact
from eisfv.model.protocol import Protocol
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.running.notices import warnings
from eisfv.simulation import Simulation
from eisfv.solve import equilibrium
from eisfv.solve.errors import EquilibriumError
from eisfv.solve.stage_records import Iterate
from eisfv.start_state import without_ions
from eisfv.stepping.state import amounts
from support.devices import AREA, VOLT, binary, mg_stack, one_layer
from support.phases import film

TOLD = "the initial state did not converge: it was told not to"


def both(device: Device, monkeypatch: pytest.MonkeyPatch) -> tuple[Simulation, Simulation]:
    """Return a device that begins relaxed, and one that does not."""
    relaxed = Simulation(device)
    monkeypatch.setattr(equilibrium, "relax", lambda *of: "it was told not to")
    sudden = Simulation(device)
    assert (relaxed.unrelaxed, sudden.unrelaxed) == ("", TOLD)
    return relaxed, sudden


def test_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    relaxed, sudden = both(mg_stack(), monkeypatch)
    line = f"the double layers do not begin relaxed and form as the run begins: {TOLD}"
    assert (line in warnings(sudden, Protocol(())), line in warnings(relaxed, Protocol(()))) == (True, False)


def test_where_there_is_no_double_layer_it_is_the_relaxed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    plates = one_layer(binary(1.0), 1e-7, BlockingContact(0.1, zero_charge_voltage=0.3), BlockingContact(0.1))
    relaxed, sudden = both(plates, monkeypatch)
    np.testing.assert_allclose(sudden.voltage, 0.3, rtol=1e-12)
    np.testing.assert_allclose(sudden.state.at.u, relaxed.state.at.u, atol=1e-12)
    for simulation in (relaxed, sudden):
        simulation.run(VoltageStep(1e-5, Constant(0.4)))
    np.testing.assert_allclose(sudden.state.charge, relaxed.state.charge, rtol=1e-9)


def test_its_ions_are_those_of_the_bulk_and_its_double_layers_form(monkeypatch: pytest.MonkeyPatch) -> None:
    relaxed, sudden = both(mg_stack(sigma_e=1e-12), monkeypatch)
    before = amounts(sudden.built.tables, sudden.state)[:, sudden.built.number("TFSI")]
    np.testing.assert_allclose(before.sum(), 246.0 * AREA * 1e-6, rtol=1e-9)
    for simulation in (relaxed, sudden):
        simulation.run(OpenCircuitStep(1000.0))
    # What charges the double layers has come out of the bulks.
    np.testing.assert_allclose(sudden.voltage, relaxed.voltage, atol=1e-3 * VOLT)


def test_a_relaxed_double_layer_without_ions_is_none() -> None:
    simulation = Simulation(film(0.3))
    at, built = simulation.state.at, simulation.built
    assert (simulation.unrelaxed, without_ions(built, at)) == ("", "")
    u = at.u.copy()
    u[-2, of_species(built.number("Li"))] = -500.0
    assert without_ions(built, Iterate(u, at.voltage)) == "the double layer leaves no ions at an end of channel"


def test_where_nothing_relaxes_there_is_no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equilibrium, "relax", lambda *of: "it was told not to")
    monkeypatch.setattr(failure_causes, "shortest_time", lambda _: np.inf)
    with pytest.raises(EquilibriumError, match=TOLD):
        Simulation(mg_stack())
