"""The electrons' part of a host's excess: U(x) does not see it, and with it the ion alone is stable."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.device.hosts import host_curve
from eisfv.model.contacts import ReactiveContact
from eisfv.model.host_curves import AnalyticOpenCircuit, OpenCircuit, TabulatedOpenCircuit
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode, Host
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.shared_excess import shared_excess
from eisfv.model.steps import CurrentStep
from eisfv.model.waveforms import Constant
from eisfv.physics.open_circuit import electron_excess, excess_of_host, open_circuit, shares_excess
from eisfv.simulation import Simulation
from support.devices import SITES, TEMPERATURE, VOLT, h_stack, wo3

X = (0.005, 0.02, 0.05, 0.08, 0.12, 0.2, 0.36, 0.5, 0.67)
PLATEAUS = TabulatedOpenCircuit(X, (2.95, 2.8, 2.79, 2.7, 2.6, 2.595, 2.59, 2.3, 1.95), source="two plateaus")
STEEP = TabulatedOpenCircuit(X, tuple(3.0 - 0.4 * float(np.log(x / (1.0 - x))) for x in X), source="steep")
STEP = TabulatedOpenCircuit(
    (0.02, 0.1, 0.2, 0.3, 0.32, 0.4, 0.6, 0.9), (2.95, 2.752, 2.75, 2.748, 2.3, 2.298, 2.296, 1.95), source="a step"
)
MESH = MeshOptions(first=1.0, growth=1.4, host_growth=1.3, largest=0.1)


def host(curve: OpenCircuit = PLATEAUS) -> Host:
    return wo3("H", 1, curve, diffusivity=2e-14, zero_charge_x=0.1)


def stiffness(row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return d mu/dx of the ion alone, and d mu/d nu of the electrons, over compositions."""
    x = np.geomspace(1e-3, 0.9, 3000)
    y = np.log(x / (1.0 - x))
    ion = [a + excess_of_host(row, 1, b, 1.0 - b, a, 0.0)[0] for a, b in zip(y, x, strict=True)]
    electrons = [np.log(b) + electron_excess(row, np.log(b))[0] for b in x]
    return np.diff(ion) / np.diff(x), np.diff(electrons) / np.diff(x)


def test_on_a_plateau_the_ion_and_the_electrons_are_both_stable() -> None:
    ion, electrons = stiffness(host_curve(host(), 1, TEMPERATURE))
    assert ion.min() > 0.0
    assert electrons.min() > 0.0


def test_with_ideal_electrons_the_ion_would_not_be() -> None:
    row = host_curve(host(), 1, TEMPERATURE)
    row[1] = 0.0  # no E
    ion, _ = stiffness(row)
    assert ion.min() < -1.0


def test_a_steep_curve_keeps_its_electrons_ideal() -> None:
    assert not shares_excess(host_curve(host(STEEP), 1, TEMPERATURE))


def test_without_polarons_the_ion_keeps_half_of_the_one_entropy_that_there_is() -> None:
    """S = 1/(x(1-x)); e = S x/2, so that the ion keeps S/2, and with it a double layer of any depth a solution."""
    row = host_curve(host(AnalyticOpenCircuit(2.3, polarons=False)), 1, TEMPERATURE)
    assert shares_excess(row)
    for x in (1e-9, 1e-6, 1e-3):
        y = np.log(x / (1.0 - x))
        total = y + excess_of_host(row, 1, x, 1.0 - x, y, 0.0)[0] + np.log(x) + electron_excess(row, np.log(x))[0]
        np.testing.assert_allclose(total, -open_circuit(row, 1, x), rtol=1e-12)
        stiff = excess_of_host(row, 1, x, 1.0 - x, y, 0.0)[1] + 1.0 / (x * (1.0 - x))
        np.testing.assert_allclose(stiff * x * (1.0 - x), 0.5, rtol=2e-3)


@pytest.mark.parametrize("polarons", [True, False])
@pytest.mark.parametrize("z", [1, 2])
def test_the_slope_of_a_formula_is_that_of_the_curve_that_is_solved_with(z: int, polarons: bool) -> None:
    """By central differences of U, up to a host of z = 1 that is full but for 1e-5, of z = 2 whose metal sites are."""
    form = AnalyticOpenCircuit(2.3, polarons, slope=0.4, redlich_kister=(2000.0, -1000.0))
    y, step = np.linspace(-12.0, 11.5, 48), 1e-5
    row = host_curve(host(form), z, TEMPERATURE)
    high, low = (np.array([open_circuit(row, z, 1.0 / (1.0 + np.exp(-one))) for one in y + h]) for h in (step, -step))
    np.testing.assert_allclose(form.curve(z, TEMPERATURE).slope(y), (high - low) / (2.0 * step), rtol=1e-5)


def test_polarons_stay_ideal() -> None:
    for slope in (None, 0.4):
        assert not shares_excess(host_curve(host(AnalyticOpenCircuit(2.3, slope=slope)), 1, TEMPERATURE))


@pytest.mark.parametrize("x", [0.002, 0.1, 0.5])
def test_a_host_without_polarons_starts_and_shows_its_voltage(x: float) -> None:
    curve = AnalyticOpenCircuit(1.0, polarons=False)
    expected = -open_circuit(host_curve(host(curve), 1, TEMPERATURE), 1, x) * VOLT
    np.testing.assert_allclose(Simulation(plateau_stack(x, curve)).voltage, expected, rtol=1e-12)


def test_a_curve_that_rises_somewhere_keeps_them_too() -> None:
    hump = replace(PLATEAUS, potential=(2.95, 2.8, 2.81, 2.7, 2.6, 2.595, 2.59, 2.3, 1.95))
    assert shared_excess(hump.curve(1, TEMPERATURE), 1, 0.0) is None


@pytest.mark.parametrize("x", [0.004, 0.03, 0.05, 0.15, 0.28, 0.4, 0.6])
def test_a_plateau_host_shows_its_measured_voltage_from_the_start(x: float) -> None:
    row = host_curve(host(), 1, TEMPERATURE)
    expected = -open_circuit(row, 1, x) * VOLT
    np.testing.assert_allclose(Simulation(plateau_stack(x)).voltage, expected, rtol=1e-12)


@pytest.mark.parametrize("x", [0.05, 0.26, 0.35, 0.6])
def test_a_host_with_a_step_of_450_millivolts_starts_from_either_side_of_it(x: float) -> None:
    row = host_curve(host(STEP), 1, TEMPERATURE)
    expected = -open_circuit(row, 1, x) * VOLT
    np.testing.assert_allclose(Simulation(plateau_stack(x, STEP)).voltage, expected, rtol=1e-12)


def test_a_plateau_host_is_filled_along_its_curve_without_a_turn() -> None:
    """1 C/m2 a second inserts 1/(F c_site L) a second; the voltage follows -U(x) less a constant overvoltage."""
    simulation = Simulation(plateau_stack(0.11))
    rate = 1.0 / (FARADAY * SITES * 50e-9)
    row = host_curve(host(), 1, TEMPERATURE)
    voltages, misfit = [simulation.voltage], []
    for _ in range(12):
        simulation.run(CurrentStep(0.03 / rate, Constant(simulation.device.area)))
        x = 0.11 + 0.03 * len(voltages)
        voltages.append(simulation.voltage)
        misfit.append(simulation.voltage + open_circuit(row, 1, x) * VOLT)
    assert (np.diff(voltages) > 0.0).all()
    assert np.ptp(misfit) < 2e-3, misfit


def plateau_stack(x: float, curve: OpenCircuit = PLATEAUS) -> Device:
    """Return a metal of the ion | 14 nm electrolyte | 50 nm host with two plateaus."""
    plain = h_stack(x, leak=False, mesh=MESH)
    channel = Region("channel", host(curve), 50e-9, Initial(x))
    joints = (replace(plain.interfaces[0], species={"H": ButlerVolmer(1e3, 0.5)}),)
    gate = ReactiveContact(Electrode("H", 1, 0.0, reference="metal"), ButlerVolmer(1e3, 0.5), 0.1)
    return replace(plain, regions=(plain.regions[0], channel), interfaces=joints, gate=gate)
