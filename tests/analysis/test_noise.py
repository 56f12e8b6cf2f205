"""Noise against what holds for any device: Nyquist, equipartition, and that neither holds out of equilibrium."""

from dataclasses import replace

import numpy as np
import pytest

import eisfv
from eisfv.analysis.noise import BOLTZMANN, Noise
from eisfv.constants import ELEMENTARY_CHARGE, FARADAY
from eisfv.device.device import Device
from eisfv.model.contacts import BathContact, BlockingContact, OhmicContact
from eisfv.model.interface_laws import BarrierTransfer, ButlerVolmer, CoupledTransfer
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.species import Bound
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, binary, h_stack, metal, mg_electrolyte, mg_stack, one_layer
from support.sections import COARSE, layered
from support.small_signals import signal

BY_LENGTHS = MeshOptions(grading="lengths")
THERMAL = 4.0 * BOLTZMANN * TEMPERATURE
TIGHT = mg_electrolyte(1e-10)


def over_nyquist(simulation: Simulation, frequency: float) -> float:
    """Return S_I over 4 k T Re Y, less one."""
    found = signal(simulation)
    response = found.at(frequency)
    return Noise(found).at(response).current / (THERMAL * response.admittance.real) - 1.0


def trapping() -> Device:
    """Return a salt between metals whose cation finds traps, filled as 10 mol/m3 fill them."""
    plain = binary()
    traps = {"density": 30.0, "concentration": 30.0 * 25.0 / 26.0, "capture": 3e3, "release": 40.0}
    material = replace(plain, species={**plain.species, "bound": Bound(1, of="cation", **traps)})
    assert isinstance(material, Electrolyte)
    return one_layer(material, 1e-6, metal(50.0, 1e-2), metal(5.0, 1e-2), BY_LENGTHS)


DEVICES = {
    "a salt between metals": one_layer(binary(), 10e-6, metal(50.0, 1e-3), metal(50.0, 1e-3), BY_LENGTHS),
    "a salt between a metal and a bath": one_layer(binary(), 1e-6, metal(50.0, 1e-3), BathContact(), BY_LENGTHS),
    "leaky Mg stack": mg_stack(),
    "protons that hop in a built-in field": h_stack(mesh=BY_LENGTHS),
    "coupled transfer": mg_stack(law=CoupledTransfer(1e-3, 4e4)),
    "transfer over a barrier": mg_stack(law=BarrierTransfer(1e-3, 3e4, 0.4)),
    "traps": trapping(),
    "section": layered(mg_stack(), "sides", **COARSE),
}


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES.keys())
def test_at_rest_the_noise_is_nyquists(device: Device) -> None:
    simulation = Simulation(device)
    for frequency in (1e-3, 1.0, 1e4):
        assert abs(over_nyquist(simulation, frequency)) < 1e-6


@pytest.mark.parametrize("thickness, error", [("80 nm", 1e-9), ("5 nm", 1e-5)])
def test_an_ohmic_contact_makes_nyquists_noise(thickness: str, error: float) -> None:
    """The double layer of the other side leaves a film of 5 nm a fortieth less of its electrons at the metal."""
    case = eisfv.load("cases/mg_vs_h_proton")
    case.set("device.region[1].thickness", thickness)
    simulation = eisfv.Simulation(case).core
    for frequency in (1.0, 1e3, 1e6, 1e7):
        assert abs(over_nyquist(simulation, frequency)) < error


def test_under_bias_it_is_not() -> None:
    simulation = Simulation(mg_stack(electrolyte=TIGHT, law=ButlerVolmer(1e-4, 0.5)))
    assert abs(over_nyquist(simulation, 0.1)) < 1e-6
    simulation.run(VoltageStep(1.0, Constant(0.3)))
    found = signal(simulation)
    response = found.at(0.1)
    current = Noise(found).at(response).current
    assert abs(current / (THERMAL * response.admittance.real) - 1.0) > 1e-3
    # Two equal barriers in series, far from equilibrium: each has the full shot noise, half of it reaches the gate.
    shot = 2.0 * 2.0 * ELEMENTARY_CHARGE * simulation.current
    np.testing.assert_allclose(current / shot, 0.5, rtol=0.1)


def integral(frequency: np.ndarray, density: np.ndarray) -> float:
    """Return the integral over the frequency of a density that is smooth over its logarithm."""
    return float(np.trapezoid(density * frequency, np.log(frequency)))


def test_the_charge_of_an_electrode_has_the_energy_of_its_capacitance() -> None:
    """Variance of Q = k T (C(0) - C(inf))."""
    walls = BlockingContact(0.02)
    found = signal(Simulation(one_layer(binary(), 10e-6, walls, walls, BY_LENGTHS)))
    noise = Noise(found)
    f = np.logspace(-1.0, 11.0, 241)
    responses = [found.at(each) for each in f]
    densities = []
    for each in f:
        response = found.at(each)
        densities.append(noise.at(response).current / (2.0 * np.pi * each) ** 2)
    capacitance = [r.admittance.imag / (2.0 * np.pi * r.frequency) for r in (responses[0], responses[-1])]
    variance = integral(f, np.array(densities)) + densities[0] * f[0]  # white below the first
    expected = BOLTZMANN * TEMPERATURE * (capacitance[0] - capacitance[1])
    np.testing.assert_allclose(variance, expected, rtol=2e-3)


def test_the_conductance_of_an_even_film_has_the_variance_of_its_ions() -> None:
    """Var G = H(0)^2 k T/C(0), at a given voltage and at open circuit alike where the reservoir is as large."""
    device = replace(mg_stack(electrolyte=TIGHT), area=1e-14)
    found = signal(Simulation(device))
    noise = Noise(found)
    f = np.logspace(-7.0, 6.0, 105)
    closed = []
    for each in f:
        response = found.at(each)
        closed.append(noise.at(response).conductance_closed)
    low = found.at(1e-8)
    capacitance = low.admittance.imag / (2e-8 * np.pi)
    variance = integral(f, np.array(closed)) + closed[0] * f[0]
    np.testing.assert_allclose(variance, abs(low.transfer) ** 2 * BOLTZMANN * TEMPERATURE / capacitance, rtol=5e-3)
    assert variance**0.5 > 1e-10


def test_a_series_resistance_goes_from_a_given_voltage_to_open_circuit() -> None:
    found = signal(Simulation(mg_stack()))
    noise = Noise(found)
    response = found.at(1.0)
    given, behind, far = (noise.at(response, r) for r in (0.0, 1e3, 1e24))
    np.testing.assert_allclose(far.conductance_closed, given.conductance_open, rtol=1e-7)
    np.testing.assert_allclose(noise.at(response, 1e-12).conductance_closed, given.conductance_closed, rtol=1e-7)
    assert behind.conductance_closed != given.conductance_closed
    assert (far.current, far.voltage) == (given.current, given.voltage)


def test_noise_goes_with_the_area() -> None:
    """A film of a hundredth of the area has a hundredth of the current noise and the hundredfold conductance noise."""
    small, large = (Noise(signal(Simulation(replace(mg_stack(), area=area)))) for area in (AREA / 100.0, AREA))
    one, other = (each.at(each.signal.at(1.0)) for each in (small, large))
    np.testing.assert_allclose(one.current / other.current, 0.01, rtol=1e-6)
    np.testing.assert_allclose(one.conductance_open / other.conductance_open, 100.0, rtol=1e-6)


def test_a_contact_that_takes_nothing_makes_no_noise() -> None:
    found = signal(Simulation(one_layer(binary(), 1e-6, BlockingContact(0.2), BlockingContact(0.2), BY_LENGTHS)))
    assert len(Noise(found).sources.through) == 2 * (len(found.built.tables.left))
    ohmic = signal(Simulation(one_layer(mg_electrolyte(), 1e-6, OhmicContact(), OhmicContact(), BY_LENGTHS)))
    assert len(Noise(ohmic).sources.through) == 3 * len(ohmic.built.tables.left) + 2


def test_each_process_has_its_part_of_the_real_part() -> None:
    """At rest they add up to Re Z; where the interfaces alone are slow theirs is RT/(zF j0 A), the salt's that of its
    conductivity."""
    found = signal(Simulation(one_layer(binary(), 10e-6, metal(50.0, 1e-3), metal(20.0, 1e-3), BY_LENGTHS)))
    response = found.at(1e-3)
    noise = Noise(found)
    parts = dict(zip(noise.processes, noise.at(response).resistances, strict=True))
    np.testing.assert_allclose(sum(parts.values()), (1.0 / response.admittance).real, rtol=1e-9)
    volt = found.built.thermal_voltage
    np.testing.assert_allclose(parts["gate", "cation"], volt / (50.0 * AREA), rtol=1e-3)
    np.testing.assert_allclose(parts["channel contact", "cation"], volt / (20.0 * AREA), rtol=1e-3)
    salt = 2.0 * 10e-6 * volt / (2.0 * FARADAY * 10.0 * 1e-9 * AREA)  # the anions rest: twice that of both ions
    np.testing.assert_allclose(parts["layer", "cation"], salt, rtol=2e-3)
    assert abs(parts["layer", "anion"]) < 1e-3 * salt
