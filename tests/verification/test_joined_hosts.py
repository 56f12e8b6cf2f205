"""Two hosts of one ion, filled differently and joined: a run begins with their electrons level, which is what any other
start comes to within nanoseconds, long before ions move."""

import numpy as np
import pytest

from eisfv.device.build import Built
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.equations.local import Local
from eisfv.model.contacts import BlockingContact, OhmicContact
from eisfv.model.host_curves import PercolationConductivity
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.interfaces import Interface
from eisfv.model.regions import Initial, Region
from eisfv.model.steps import OpenCircuitStep
from eisfv.simulation import Simulation
from eisfv.solve import bulk_levels
from support.devices import H_CURVE, TEMPERATURE, wo3, ysz

X = (0.3, 0.01)


def joined() -> Device:
    host = wo3("H", 1, H_CURVE, PercolationConductivity(1.9e-4, 54900.0, 0.937, 2.326), diffusivity=5e-14)
    regions = (
        Region("electrolyte", ysz(leak=False), 14e-9),
        Region("first", host, 20e-9, Initial(X[0])),
        Region("second", host, 30e-9, Initial(X[1])),
    )
    joints = (
        Interface(("electrolyte", "first"), species={"H": ButlerVolmer(0.1, 0.5)}, stern_capacitance=0.1),
        Interface(("first", "second"), species={"H": ButlerVolmer(1e-3, 0.5)}),
    )
    return Device(TEMPERATURE, 1e-12, regions, joints, BlockingContact(), OhmicContact())


def voltages(simulation: Simulation) -> list[float]:
    """Return the voltage (V) at the start and after 1 us at open circuit."""
    start = simulation.voltage
    simulation.run(OpenCircuitStep(1e-6))
    return [start, simulation.voltage]


def test_joined_hosts_begin_where_any_other_start_comes_to(monkeypatch: pytest.MonkeyPatch) -> None:
    start, later = voltages(Simulation(joined()))
    assert abs(later - start) < 1e-6
    carried = bulk_levels.conductance

    def of_ions(built: Built, local: Local, a: int, b: int, face: int, s: int) -> float:
        return 0.0 if s == built.tables.electron[0] else carried(built, local, a, b, face, s)

    monkeypatch.setattr(bulk_levels, "conductance", of_ions)
    with_ions_level = voltages(Simulation(joined()))
    assert abs(with_ions_level[0] - start) > 0.1  # the other start is another one
    # What it has put into the double layer of the joint stays there, a thousandth of the difference.
    np.testing.assert_allclose(with_ions_level[1], later, atol=5e-4)


def test_the_potential_between_joined_hosts_is_what_their_electrons_ask_for() -> None:
    """Polarons: mu_e = RT ln(x/(1 - x)) beside what both share, level where phi jumps by as much."""
    simulation = Simulation(joined())
    levels, phi, _ = bulk_levels.bulk_levels(simulation.built)
    electron = simulation.built.number("electron")
    np.testing.assert_allclose(levels[1, electron], levels[2, electron], atol=1e-3)
    assert isinstance(phi, np.ndarray)
    jump: Floats = phi[1] - phi[2]
    assert jump > 1.0
