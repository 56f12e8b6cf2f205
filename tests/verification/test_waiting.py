"""Steps that end where a quantity is reached, against the times at which it is.

Cottrell: a film much thicker than sqrt(D t), whose surface jumps from c0 to c_s, takes F (c_s - c0) sqrt(D/(pi t)), so
that the current has fallen to j after t = (D/pi) (F (c_s - c0)/j)^2.

Sand: a constant current takes the salt away from a metal until none is left there, after
tau = pi D (F c0/(2 j (1 - t_+)))^2; its share beside the metal is 1 - sqrt(t/tau).

Sources: F. G. Cottrell, Z. Phys. Chem. 42 (1903) 385; H. J. S. Sand, Philos. Mag. 1 (1901) 45.
"""

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.model.contacts import OhmicContact
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.until import Threshold, Until
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, SITES, VOLT, binary, metal, one_layer, wo3

D_HOST, X = 1e-14, 0.3  # m2/s
RISE = 0.4  # of the voltage, in RT/F
METHODS = ("tr_bdf2", "bdf")


def held(method: str, until: Until, limit: float = 100.0) -> Simulation:
    """Return a thick host of constant diffusivity after its gate was held above its voltage until something."""
    sigma = PercolationConductivity(1e5, 1.0, 0.5, 2.0)
    host = wo3("H", 1, AnalyticOpenCircuit(0.0, False), sigma, zero_charge_x=X, background=SITES, diffusivity=D_HOST)
    mesh = MeshOptions(first=1.0, host_growth=1.1, largest=0.02)
    device = one_layer(host, 5e-6, metal(1e5, 1.0, 0.0, "H"), OhmicContact(), mesh, x=X)
    simulation = Simulation(device, SolverOptions(method=method, tolerance=1e-4, newton=1e-8))
    simulation.run(VoltageStep(limit, Constant(simulation.voltage + RISE * VOLT), until=until))
    return simulation


def surface() -> float:
    """Return what the surface of the host holds at the higher voltage, mol/m3, more than before."""
    y = np.log(X / (1 - X)) + RISE
    return float(SITES * (1 / (1 + np.exp(-y)) - X))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("time", [1.0, 9.0])
def test_a_hold_ends_when_cottrells_current_has_fallen(method: str, time: float) -> None:
    current = FARADAY * surface() * np.sqrt(D_HOST / (np.pi * time)) * AREA
    simulation = held(method, Until(current=Threshold("below", current)))
    assert simulation.reached
    np.testing.assert_allclose(simulation.state.offset, time, rtol=5e-3)
    np.testing.assert_allclose(simulation.current, current, rtol=1e-7)


def test_a_current_that_falls_with_the_time_itself_is_not_cottrells() -> None:
    current = FARADAY * surface() * np.sqrt(D_HOST / np.pi) * AREA  # after a second
    late = held("bdf", Until(current=Threshold("below", current / 3.0))).state.offset
    assert abs(late - 3.0) > 5.0


def test_the_first_of_two_thresholds_ends_the_step() -> None:
    current = FARADAY * surface() * np.sqrt(D_HOST / np.pi) * AREA
    both = Until(current=Threshold("below", current), x=Threshold("above", 0.9))
    np.testing.assert_allclose(held("bdf", both).state.offset, 1.0, rtol=1e-2)


@pytest.mark.parametrize("method", METHODS)
def test_a_hold_that_waits_in_vain_lasts_to_its_limit(method: str) -> None:
    simulation = held(method, Until(current=Threshold("above", 1e3)), limit=2.0)
    assert not simulation.reached
    assert simulation.state.offset == 2.0


def test_a_step_that_begins_beyond_its_threshold_ends_with_its_first_time_step() -> None:
    simulation = held("tr_bdf2", Until(voltage=Threshold("above", -1.0)), limit=2.0)
    assert simulation.reached
    assert simulation.integrator.counts.accepted == 1


def transition(share: float, method: str, volts: float) -> float:
    """Return the time over Sand's until the voltage of a salt between its metals has risen to so many RT/F above that
    of its resistance, at a share of the limiting current."""
    d, length, start = 1e-9, 2e-6, 10.0
    mesh = MeshOptions(first=0.5, growth=1.1, largest=0.01)
    salt = binary(start, 1.0, (d, d), electroneutral=True)
    device = one_layer(salt, length, metal(1e5, 1e-2), metal(1e5, 1e-2), mesh)
    simulation = Simulation(device, SolverOptions(method=method, tolerance=1e-4, newton=1e-8))
    current = share * 4 * FARADAY * d * start / length
    sand = np.pi * d * (FARADAY * start / (2 * current * 0.5)) ** 2
    ohmic = current * length / (2 * FARADAY * d * start) * VOLT
    until = Until(voltage=Threshold("above", ohmic + volts * VOLT))
    simulation.run(CurrentStep(2.0 * sand, Constant(current * AREA), until=until))
    assert simulation.reached
    return simulation.state.offset / sand


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("share", [2.0, 4.0])
def test_the_voltage_takes_off_at_sands_time(share: float, method: str) -> None:
    np.testing.assert_allclose(transition(share, method, 12.0), 1.0, atol=0.01)


def test_half_way_to_its_rise_is_not_sands_time() -> None:
    assert transition(4.0, "bdf", 1.0) < 0.9
