"""What follows the temperature: VTF, the open-circuit curve, a contact's resistance."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.conductivities import bulk_conductivity
from eisfv.model.contacts import ResistiveContact
from eisfv.model.host_curves import AnalyticOpenCircuit, TabulatedOpenCircuit
from eisfv.model.species import Dilute, Ohmic
from eisfv.model.steps import VoltageStep
from eisfv.model.vtf import Vtf
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import binary, mg_stack, one_layer, wo3
from support.runs import TIGHT, at_temperature

LAW = Vtf(1000.0, 200.0)


@pytest.mark.parametrize("temperature", [250.0, 298.15, 353.15])
def test_the_conductivity_of_an_electrolyte_is_vogels(temperature: float) -> None:
    """Sigma T^(1/2) e^(B/(T - T0)) is the same at every temperature, of ions and of a leak."""
    ion = Dilute(1, concentration=10.0, diffusivity=1e-11, vtf=LAW)
    plain = binary()
    ions = replace(plain, species={"cation": ion, "anion": replace(ion, charge=-1)})
    sigma = bulk_conductivity(at_temperature(one_layer(ions, 1e-6), temperature))[0]
    reference = 2 * 10.0 * 1e-11 * FARADAY**2 / (GAS_CONSTANT * 298.15)
    expected = np.sqrt(298.15 / temperature) * np.exp(1000.0 / 98.15 - 1000.0 / (temperature - 200.0))
    np.testing.assert_allclose(sigma / reference, expected, rtol=1e-12)
    leak = Ohmic(-1, conductivity=1e-4, vtf=LAW).conductivity_at(temperature)
    np.testing.assert_allclose(leak / 1e-4, expected, rtol=1e-12)


def test_it_is_not_the_arrhenius_law_of_its_slope() -> None:
    energy = GAS_CONSTANT * 1000.0 * (298.15 / 98.15) ** 2
    arrhenius = np.exp(-energy / GAS_CONSTANT * (1 / 353.15 - 1 / 298.15))
    assert abs(np.exp(LAW.of_conductivity(353.15)) / arrhenius - 1.0) > 0.5
    near = [np.exp(LAW.of_conductivity(T)) for T in (298.15, 298.25)]
    np.testing.assert_allclose(
        np.log(near[1] / near[0]) / 0.1, energy / GAS_CONSTANT / 298.15**2 - 0.5 / 298.15, rtol=3e-3
    )


TABLE = TabulatedOpenCircuit((0.001, 0.05, 0.2, 0.4), (2.8, 2.5, 2.3, 2.0), source="round numbers")


@pytest.mark.parametrize("curve", [AnalyticOpenCircuit(2.3, True, 0.428), TABLE], ids=["formula", "table"])
def test_the_open_circuit_voltage_moves_by_the_difference_of_both_coefficients(curve: AnalyticOpenCircuit) -> None:
    def voltage(first: float, second: float, temperature: float) -> float:
        hosts = tuple(wo3(curve=replace(curve, temperature_coefficient=c)) for c in (first, second))
        return Simulation(at_temperature(mg_stack(hosts=hosts, x=(0.1, 0.004)), temperature)).voltage

    for temperature in (280.0, 350.0):
        moved = voltage(3e-4, -2e-4, temperature) - voltage(0.0, 0.0, temperature)
        np.testing.assert_allclose(moved, 5e-4 * (temperature - 298.15), rtol=1e-9)
    np.testing.assert_allclose(voltage(3e-4, -2e-4, 298.15), voltage(0.0, 0.0, 298.15), rtol=1e-12)


def test_the_resistance_of_a_contact_falls_as_arrhenius_has_it() -> None:
    def resistance(temperature: float) -> float:
        contact = ResistiveContact(1e-3, 3e4)
        device = one_layer(wo3(), 80e-9, contact, contact, x=0.1)
        simulation = Simulation(at_temperature(device, temperature), TIGHT)
        simulation.run(VoltageStep(1e-9, Constant(1e-4)))
        return 1e-4 / simulation.current

    ratio = resistance(350.0) / resistance(298.15)
    np.testing.assert_allclose(ratio, np.exp(3e4 / GAS_CONSTANT * (1 / 350.0 - 1 / 298.15)), rtol=1e-4)
