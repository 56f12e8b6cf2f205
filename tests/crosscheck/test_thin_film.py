"""The steady state of a thin-film cell with Butler-Volmer at both metals, against collocation."""

from dataclasses import replace

import numpy as np
import pytest

from crosscheck.thin_film import Cell, Floats, Steady, steady_state
from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.device import Device
from eisfv.model.contacts import ReactiveContact
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode, Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.species import Dilute
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation

AGREEMENT = 1e-4
TEMPERATURE = 298.15
THICKNESS, BULK, D, PERMITTIVITY = 20e-9, 100.0, 1e-12, 80.0  # m, mol/m3, m2/s, -
LENGTH = np.sqrt(PERMITTIVITY * VACUUM_PERMITTIVITY * GAS_CONSTANT * TEMPERATURE / (2 * FARADAY**2 * BULK))
CELL = Cell(debye=float(LENGTH / THICKNESS), compact=1.0, kinetics=8.0, alpha=0.4)
MESH = MeshOptions(first=0.01, growth=1.02, largest=0.01)
SETTLED = 100 * THICKNESS**2 / D  # s


def simulated(cell: Cell, voltage: float) -> tuple[Floats, Steady]:
    """Return eisfv's points (over the thickness) and its steady state at a voltage (RT/F)."""
    species = {name: Dilute(z, concentration=BULK, diffusivity=D) for name, z in (("M", 1), ("X", -1))}
    region = Region("electrolyte", Electrolyte(PERMITTIVITY, species), THICKNESS)
    exchange = FARADAY * cell.kinetics * D * BULK / THICKNESS
    stern = PERMITTIVITY * VACUUM_PERMITTIVITY / (cell.compact * LENGTH)
    metal = ReactiveContact(Electrode("M", 1, 0.0, reference="metal"), ButlerVolmer(exchange, cell.alpha), float(stern))
    simulation = Simulation(Device(TEMPERATURE, 1.0, (region,), (), metal, metal, mesh=MESH))
    simulation.run(VoltageStep(SETTLED, Constant(voltage * thermal_voltage(TEMPERATURE))))
    profile = simulation.profile()
    cation, anion = profile.concentration.T / BULK
    flux = simulation.current / FARADAY * THICKNESS / (D * BULK)
    steady = Steady(cation, anion, profile.potential / simulation.thermal_voltage, flux)
    return simulation.built.mesh.position[:, 0] / THICKNESS, steady


def disagreement(one: Steady, other: Steady) -> dict[str, float]:
    """Return the largest differences: concentrations over the bulk, potential over its span, flux relative."""
    return {
        "cation": float(np.abs(one.cation - other.cation).max()),
        "anion": float(np.abs(one.anion - other.anion).max()),
        "potential": float(np.abs(one.potential - other.potential).max() / np.ptp(other.potential)),
        "flux": abs(one.flux / other.flux - 1.0),
    }


@pytest.mark.parametrize("voltage", [-1.0, 4.0])
def test_steady_state_agrees_with_collocation(voltage: float) -> None:
    x, answer = simulated(CELL, voltage)
    found = disagreement(answer, steady_state(CELL, voltage, x))
    assert max(found.values()) < AGREEMENT, found


@pytest.mark.parametrize("wrong", [{"alpha": 0.42}, {"kinetics": 8.2}, {"compact": 1.05}], ids=str)
def test_a_wrong_metal_is_noticed(wrong: dict[str, float]) -> None:
    x, answer = simulated(replace(CELL, **wrong), 4.0)
    found = disagreement(answer, steady_state(CELL, 4.0, x))
    assert max(found.values()) > 5 * AGREEMENT, found
