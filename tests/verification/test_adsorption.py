"""Sites of a plane: nothing is lost, Langmuir's isotherm at rest, the rates, the charge of the plane in Gauss' law."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.device import Device
from eisfv.equations.enclosed import enclosed
from eisfv.equations.unknowns import potential
from eisfv.model.adsorption import Adsorption
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.interface_laws import Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Dilute, Lattice
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, binary, one_layer
from support.runs import held, total
from support.sections import layered, stack_of_section

LENGTH, START = 1e-7, 10.0  # m, mol/m3
SITES, CAPTURE, RELEASE = 5e-7, 1e-6, 10.0  # mol/m2, m/s, 1/s
TIGHT = SolverOptions(tolerance=1e-6, newton=1e-10)
COARSE = MeshOptions(cells={"layer": 8})
SOLUTE = Electrolyte(80.0, {"solute": Dilute(0, concentration=START, diffusivity=1e-9)})


def sites(of: str = "solute", **more: float) -> dict[str, Adsorption]:
    return {"adsorbed": Adsorption(of=of, **{"sites": SITES, "capture": CAPTURE, "release": RELEASE, **more})}


def adsorbing(gate=None, **more: float) -> Device:
    """Return a film of an uncharged solute whose channel wall adsorbs it."""
    return one_layer(SOLUTE, LENGTH, gate or BlockingContact(0.1), BlockingContact(0.1, adsorbed=sites(**more)), COARSE)


def content(simulation: Simulation) -> float:
    """Return what the plane holds, mol/m2."""
    return total(simulation, "adsorbed") / AREA


def test_a_closed_film_comes_to_langmuirs_isotherm_and_loses_nothing() -> None:
    simulation = Simulation(adsorbing(), TIGHT)
    before = total(simulation, "solute") + total(simulation, "adsorbed")
    simulation.run(OpenCircuitStep(100.0))
    np.testing.assert_allclose(total(simulation, "solute") + total(simulation, "adsorbed"), before, rtol=1e-12)
    theta, free = content(simulation) / SITES, total(simulation, "solute") / (AREA * LENGTH)
    np.testing.assert_allclose(theta / (1.0 - theta), CAPTURE * free / (RELEASE * SITES), rtol=1e-9)
    assert theta > 0.3
    assert free < 0.9 * START  # what is adsorbed is missing in the film


def test_beside_a_bath_the_plane_relaxes_with_its_own_rate() -> None:
    """k_a c/Gamma_max + k_d at a concentration that is held, from empty sites and from full ones."""
    rate = CAPTURE * START / SITES + RELEASE
    rest = SITES * CAPTURE * START / (CAPTURE * START + RELEASE * SITES)
    for coverage in (None, 0.999):
        simulation = Simulation(adsorbing(BathContact({"solute": START}), coverage=coverage), TIGHT)
        for _ in range(3):
            before = rest - content(simulation)
            simulation.run(VoltageStep(0.5 / rate, Constant(0.0)))
            # What the sites take crosses the film first: k_a L/D of c at the plane.
            np.testing.assert_allclose(rest - content(simulation), before * np.exp(-0.5), rtol=2e-4)


@pytest.mark.parametrize("release, left", [(1e-3, np.exp(-1e-3)), (1.0, np.exp(-1.0)), (30.0, np.exp(-30.0))])
def test_a_plane_keeps_what_it_releases_slowly(release: float, left: float) -> None:
    film = Electrolyte(80.0, {"solute": Dilute(0, concentration=1e-6, diffusivity=1e-9)})
    wall = BlockingContact(0.1, adsorbed=sites(capture=1e-12, release=release, coverage=0.5))
    simulation = Simulation(one_layer(film, LENGTH, BathContact({"solute": 1e-6}), wall, COARSE), TIGHT)
    np.testing.assert_allclose(content(simulation), 0.5 * SITES, rtol=1e-12)
    simulation.run(VoltageStep(1.0, Constant(0.0)))
    np.testing.assert_allclose(content(simulation) / (0.5 * SITES), left, rtol=1e-4, atol=1e-7)


def test_a_plane_lets_go_of_no_more_than_there_is_room_for() -> None:
    """At rest Gamma/(Gamma_max - Gamma) = k_a N e^y/(k_d Gamma_max): most of what it held waits for free sites."""
    room, many = 10.0, 1e-5  # mol/m3, mol/m2: five times what the film takes are let go of
    lattice = Electrolyte(80.0, {"solute": Lattice(0, density=room, concentration=1.0, diffusivity=1e-9)})
    wall = BlockingContact(0.1, adsorbed=sites(sites=many, capture=1e-5, release=1e3, coverage=0.5))
    simulation = Simulation(one_layer(lattice, LENGTH, BlockingContact(0.1), wall, COARSE), TIGHT)
    before = total(simulation, "solute") + total(simulation, "adsorbed")
    simulation.run(OpenCircuitStep(1.0))
    free = total(simulation, "solute")
    np.testing.assert_allclose(free + total(simulation, "adsorbed"), before, rtol=1e-12)
    vacant = 1.0 - free / (AREA * LENGTH * room)
    theta = content(simulation) / many
    np.testing.assert_allclose(vacant, 1e-5 * room * (1.0 - vacant) * (1.0 - theta) / (1e3 * many * theta), rtol=1e-7)
    assert 0.4 < theta < 0.42
    assert 0.01 < vacant < 0.02


def charged(coverage: float | None, **more: float) -> Simulation:
    """Return a salt solution whose channel wall adsorbs its cation."""
    wall = BlockingContact(0.1, adsorbed=sites("cation", coverage=coverage, **more))
    return Simulation(one_layer(binary(10.0), LENGTH, BlockingContact(0.1), wall), TIGHT)


def test_the_charge_of_the_plane_is_the_jump_of_the_displacement() -> None:
    """Eps E of the solution at the plane less C_S of the compact layer times its voltage is z F Gamma."""
    simulation = charged(0.02)
    mesh, phi = simulation.built.mesh, potential(simulation.state.at.u) * thermal_voltage(TEMPERATURE)
    plane = simulation.built.planes[0].nodes(mesh)[0][0]
    beside = plane - 1
    field = -(phi[plane] - phi[beside]) / (mesh.position[plane, 0] - mesh.position[beside, 0])
    arriving, leaving = 80.0 * VACUUM_PERMITTIVITY * field, 0.1 * phi[plane]
    np.testing.assert_allclose(leaving - arriving, FARADAY * content(simulation), rtol=1e-8)
    np.testing.assert_allclose(content(simulation), 0.02 * SITES, rtol=1e-12)
    assert abs(arriving) > 0.1 * leaving  # the double layer answers as well


def test_charged_ions_are_kept_through_pulses_and_their_charge_with_them() -> None:
    simulation = charged(None, capture=1e-4, release=50.0)
    before = held(simulation).sum(axis=0)
    for volts in (0.3, -0.3, 0.1):
        simulation.run(VoltageStep(1e-3, Constant(volts)))
    after = held(simulation).sum(axis=0)
    free, other, bound = (simulation.built.number(name) for name in ("cation", "anion", "adsorbed"))
    np.testing.assert_allclose(after[free] + after[bound], before[free] + before[bound], rtol=1e-12)
    np.testing.assert_allclose(after[other], before[other], rtol=1e-12)
    assert after[bound] > 0.01 * SITES * AREA
    assert enclosed(simulation.built.tables) == [free, other]


def test_an_interface_has_its_sites_on_one_side() -> None:
    near, far = (Region(name, SOLUTE, LENGTH) for name in ("near", "far"))
    found = []
    for side in ("near", "far"):
        joint = Interface(
            ("near", "far"),
            species={"solute": Continuous()},
            adsorbed={"adsorbed": replace(sites()["adsorbed"], region=side)},
        )
        mesh = MeshOptions(cells={"near": 6, "far": 6})
        walls = BlockingContact(0.1), BlockingContact(0.1)
        simulation = Simulation(Device(TEMPERATURE, AREA, (near, far), (joint,), *walls, mesh=mesh), TIGHT)
        (plane,) = simulation.built.planes
        assert simulation.built.mesh.region[plane.nodes(simulation.built.mesh)[0]] == ("near", "far").index(side)
        simulation.run(OpenCircuitStep(100.0))
        found.append(content(simulation))
    theta, free = found[0] / SITES, START - found[0] / (2.0 * LENGTH)
    np.testing.assert_allclose(theta / (1.0 - theta), CAPTURE * free / (RELEASE * SITES), rtol=1e-7)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-9)


def test_the_plane_has_no_thickness(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred times thicker or thinner changes nothing, where a layer of 0.4 nm does."""
    found = []
    for thickness in (1e-18, 1e-17, 1e-16, 4e-10):
        monkeypatch.setattr("eisfv.device.planes.THICKNESS", thickness)
        simulation = charged(None, capture=1e-4, release=50.0)
        simulation.run(VoltageStep(1e-2, Constant(0.3)))
        found.append(content(simulation))
    np.testing.assert_allclose(found[:3], found[1], rtol=1e-6)
    assert abs(found[3] / found[1] - 1.0) > 1e-3


def test_a_section_is_its_stack() -> None:
    """The plane of a section adsorbs on the whole of its width."""
    film = Region("layer", binary(10.0), LENGTH)
    wall = BlockingContact(0.1, adsorbed=sites("cation", capture=1e-4, release=50.0))
    other = Region("reservoir", binary(10.0), LENGTH)
    free = {"cation": Continuous(), "anion": Continuous()}
    stack = Device(
        TEMPERATURE, AREA, (other, film), (Interface(("reservoir", "layer"), species=free),), BlockingContact(0.1), wall
    )
    section = layered(replace(stack, mesh=MeshOptions(cells={"reservoir": 8, "layer": 8})), "bottom", lateral_cells=3)
    found = []
    for device, linear in ((section, "superlu"), (stack_of_section(section), "banded")):
        simulation = Simulation(device, SolverOptions(method="tr_bdf2", newton=1e-9, linear=linear))
        simulation.run(VoltageStep(1e-2, Constant(0.3)))
        found.append(total(simulation, "adsorbed") / device.area)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-8)
    assert found[0] > 0.01 * SITES
