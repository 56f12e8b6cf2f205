"""The coupled solver against FiPy: a 2:1 electrolyte charged between blocking walls, on one mesh.

The two share the mesh and the equations, nothing else: exponential fitting against central differences, TR-BDF2 with
its own step sizes against uniform backward differences (extrapolated from two step sizes), Newton against sweeps.
"""

from dataclasses import dataclass, replace
from math import cos, pi

import numpy as np
import pytest

from crosscheck.fipy_wall import Answer, Electrolyte, Floats, charge_between_walls, wall_charge
from eisfv.constants import FARADAY, thermal_voltage
from eisfv.device.device import Device
from eisfv.device.stack import cell_sizes
from eisfv.model.contacts import BlockingContact
from eisfv.model.materials import Electrolyte as Salt
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Dilute
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation

AGREEMENT = 1e-4
TEMPERATURE = 298.15
THICKNESS = 20e-9  # 17 Debye lengths
DURATION = 2e-5  # s: twice the charging time of the double layers
# Central differences lose (z h dphi/dy)^2/12 a face: the mesh keeps that below 1e-4.
MESH = MeshOptions(first=0.02, growth=1.05, largest=0.03)
FLUID = Electrolyte(55.0, (2, -1), (1e-12, 2e-12), (50.0, 100.0), TEMPERATURE)


class Swell(Constant[float]):
    """A voltage that rises from rest and comes to rest, so that both time schemes reach their order."""

    def value(self, t: float) -> float:
        return 0.5 * self.level * (1.0 - cos(pi * t / DURATION))

    def corners(self) -> tuple[float, ...]:
        return ()


@dataclass(frozen=True)
class Wall:
    """A compact layer and the voltage for it: without one the ions take the whole drop."""

    compact: float | None
    voltage: float


BARE, COVERED = Wall(None, 0.016), Wall(0.5, 0.035)


def cell(fluid: Electrolyte, mesh: MeshOptions = MESH) -> Device:
    species = {
        name: Dilute(z, concentration=c, diffusivity=D)
        for name, z, c, D in zip(("M", "X"), fluid.charges, fluid.concentrations, fluid.diffusivities, strict=True)
    }
    contact = BlockingContact(fluid.compact)
    salt = Salt(fluid.relative_permittivity, species)
    return Device(TEMPERATURE, 1.0, (Region("electrolyte", salt, THICKNESS),), (), contact, contact, mesh=mesh)


def coupled(fluid: Electrolyte, voltage: float, mesh: MeshOptions = MESH) -> tuple[Answer, float]:
    """Return eisfv's answer and the charge (C/m2) that its terminal current has brought."""
    simulation = Simulation(cell(fluid, mesh), SolverOptions(tolerance=1e-6, newton=1e-9))
    brought = 0.0
    for accepted in simulation.drive(VoltageStep(DURATION, Swell(voltage))):
        brought += FARADAY * (accepted.end.passed - accepted.start.passed)
    profile = simulation.profile()
    drop = (voltage - profile.potential[0]) / simulation.thermal_voltage
    charge = wall_charge(fluid, float(sizes(fluid, mesh)[0]), drop)
    potential = profile.potential / simulation.thermal_voltage
    return Answer(potential, profile.concentration.T, charge, 0.0), brought


def sizes(fluid: Electrolyte, mesh: MeshOptions = MESH) -> Floats:
    return cell_sizes(cell(fluid, mesh), 0)


def swept(fluid: Electrolyte, voltage: float, steps: int, mesh: MeshOptions = MESH) -> Answer:
    drive = Swell(voltage / thermal_voltage(TEMPERATURE))
    return charge_between_walls(sizes(fluid, mesh), fluid, drive.value, DURATION, steps)


def extrapolated(coarse: Answer, fine: Answer) -> Answer:
    """Return the answer at vanishing steps from two second-order ones, one with half the steps of the other."""

    def limit(name: str) -> Floats:
        return np.asarray((4.0 * getattr(fine, name) - getattr(coarse, name)) / 3.0)

    moved = max(coarse.moved, fine.moved)
    return Answer(limit("potential"), limit("concentrations"), float(limit("charge")), moved)


def disagreement(one: Answer, other: Answer) -> dict[str, float]:
    """Return the largest relative differences: potential of its span, concentrations of the bulk, charge."""
    bulk = np.array(FLUID.concentrations)[:, None]
    return {
        "potential": float(np.abs(one.potential - other.potential).max() / np.ptp(other.potential)),
        "concentrations": float((np.abs(one.concentrations - other.concentrations) / bulk).max()),
        "charge": abs(one.charge / other.charge - 1.0),
    }


@pytest.fixture(
    scope="module",
    params=[pytest.param(wall, marks=pytest.mark.long) for wall in (BARE, COVERED)],
    ids=["bare walls", "compact layers"],
)
def case(request: pytest.FixtureRequest) -> tuple[Wall, Electrolyte, Answer]:
    wall: Wall = request.param
    fluid = replace(FLUID, compact=wall.compact)
    return wall, fluid, extrapolated(swept(fluid, wall.voltage, 20), swept(fluid, wall.voltage, 40))


def test_profiles_and_charge_agree_with_fipy(case: tuple[Wall, Electrolyte, Answer]) -> None:
    wall, fluid, reference = case
    assert reference.moved < 2e-6, "the sweeps did not converge"
    answer, brought = coupled(fluid, wall.voltage)
    found = disagreement(answer, reference) | {"terminal current": abs(brought / reference.charge - 1.0)}
    assert max(found.values()) < AGREEMENT, found


def test_a_diffusivity_one_percent_off_is_noticed(case: tuple[Wall, Electrolyte, Answer]) -> None:
    wall, fluid, reference = case
    slow, fast = fluid.diffusivities
    answer, _ = coupled(replace(fluid, diffusivities=(1.01 * slow, fast)), wall.voltage)
    found = disagreement(answer, reference)
    assert min(found.values()) > AGREEMENT, found


def test_a_wall_left_open_to_migration_is_noticed() -> None:
    closed, opened = (
        charge_between_walls(sizes(FLUID), replace(FLUID, open_wall=trap), lambda t: 0.5, 1e-6, 5)
        for trap in (False, True)
    )
    content = np.array(FLUID.concentrations) * THICKNESS
    np.testing.assert_allclose(closed.concentrations @ sizes(FLUID), content, rtol=1e-10)
    assert min(disagreement(opened, closed).values()) > 100 * AGREEMENT


@pytest.mark.long
def test_a_higher_voltage_agrees_on_a_finer_mesh() -> None:
    mesh = MeshOptions(first=0.01, growth=1.03, largest=0.015)
    answer, _ = coupled(FLUID, 0.025, mesh)
    reference = extrapolated(swept(FLUID, 0.025, 40, mesh), swept(FLUID, 0.025, 80, mesh))
    assert reference.moved < 2e-6, "the sweeps did not converge"
    found = disagreement(answer, reference)
    assert max(found.values()) < AGREEMENT, found
