"""Ions bound at traps: nothing is lost, Langmuir's isotherm at rest, the rates of capture and release."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from eisfv.constants import VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.device import Device
from eisfv.equations.enclosed import enclosed
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import of_species, potential
from eisfv.model.contacts import BathContact, BlockingContact, InsulatingContact
from eisfv.model.interface_laws import Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Bound, Dilute, Lattice
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import AREA, TEMPERATURE, binary, one_layer, wo3
from support.runs import held, total

START, TRAPS, CAPTURE, RELEASE = 10.0, 4.0, 30.0, 5.0  # mol/m3, mol/m3, 1/s, 1/s
COARSE = MeshOptions(cells={"layer": 6})
TIGHT = SolverOptions(tolerance=1e-6, newton=1e-10)
LENGTH = 1e-7


def trapping(concentration: float | None = None) -> Electrolyte:
    """Return a solvent with an uncharged solute that finds traps."""
    traps = Bound(0, of="solute", density=TRAPS, capture=CAPTURE, release=RELEASE, concentration=concentration)
    return Electrolyte(80.0, {"solute": Dilute(0, concentration=START, diffusivity=1e-9), "bound": traps})


def closed(time: float, concentration: float | None = None) -> Simulation:
    """Return a closed film after a time (s)."""
    simulation = Simulation(one_layer(trapping(concentration), LENGTH, mesh=COARSE), TIGHT)
    simulation.run(OpenCircuitStep(time))
    return simulation


def free_and_bound(simulation: Simulation) -> tuple[float, float]:
    """Return the mean concentrations (mol/m3)."""
    return tuple(total(simulation, name) / (AREA * LENGTH) for name in ("solute", "bound"))


@pytest.mark.parametrize("time", [1e-3, 0.02, 0.1])
def test_a_closed_film_follows_the_two_rates(time: float) -> None:
    def change(_: float, bound: np.ndarray) -> np.ndarray:
        return CAPTURE * (START - bound) * (1.0 - bound / TRAPS) - RELEASE * bound

    exact = solve_ivp(change, (0.0, time), [0.0], rtol=1e-11, atol=1e-12).y[0, -1]
    free, bound = free_and_bound(closed(time))
    np.testing.assert_allclose(bound, exact, rtol=5e-5)
    np.testing.assert_allclose(free + bound, START, rtol=1e-13)


def test_at_rest_it_is_langmuirs_isotherm() -> None:
    free, bound = free_and_bound(closed(10.0))
    share = bound / TRAPS
    np.testing.assert_allclose(share / (1.0 - share), CAPTURE * free / (RELEASE * TRAPS), rtol=1e-9)
    assert abs(share - CAPTURE * free / (RELEASE * TRAPS)) > 0.1  # Henry's line is another isotherm


@pytest.mark.parametrize("time", [0.02, 10.0])
def test_what_leaves_traps_waits_for_a_free_site(time: float) -> None:
    """Of a lattice that is nearly full: the two rates, and at rest theta_t/(1 - theta_t) = k_t N e^y/(k_r N_t)."""
    sites, solute, bound = 12.0, 10.0, 3.9

    def change(_: float, held: np.ndarray) -> np.ndarray:
        free = solute + bound - held
        return CAPTURE * free * (1.0 - held / TRAPS) - RELEASE * (1.0 - free / sites) * held

    traps = Bound(0, of="solute", density=TRAPS, capture=CAPTURE, release=RELEASE, concentration=bound)
    lattice = Lattice(0, density=sites, concentration=solute, diffusivity=1e-9)
    film = Electrolyte(80.0, {"solute": lattice, "bound": traps})
    simulation = Simulation(one_layer(film, LENGTH, mesh=COARSE), TIGHT)
    simulation.run(OpenCircuitStep(time))
    exact = solve_ivp(change, (0.0, time), [bound], rtol=1e-11, atol=1e-12).y[0, -1]
    free, held = free_and_bound(simulation)
    np.testing.assert_allclose(held, exact, rtol=5e-5)
    np.testing.assert_allclose(free + held, solute + bound, rtol=1e-13)
    if time > 1.0:
        y = simulation.state.at.u[0, of_species(simulation.built.number("solute"))]
        share = held / TRAPS
        np.testing.assert_allclose(share / (1.0 - share), CAPTURE * sites * np.exp(y) / (RELEASE * TRAPS), rtol=1e-8)
        assert abs(share - 1.0 / (1.0 + RELEASE * TRAPS / (CAPTURE * free))) > 0.01  # where they do not wait


def test_traps_beside_a_bath_relax_with_their_own_rate() -> None:
    """k_t c/N_t + k_r at a concentration that is held."""
    device = one_layer(trapping(1.0), LENGTH, BathContact({"solute": START}), BlockingContact(), COARSE)
    rest = TRAPS * CAPTURE * START / (CAPTURE * START + RELEASE * TRAPS)
    rate = CAPTURE * START / TRAPS + RELEASE
    simulation = Simulation(device, TIGHT)
    for _ in range(3):
        before = rest - free_and_bound(simulation)[1]
        simulation.run(VoltageStep(0.5 / rate, Constant(0.0)))
        np.testing.assert_allclose(rest - free_and_bound(simulation)[1], before * np.exp(-0.5), rtol=1e-4)


def test_charged_ions_are_kept_through_pulses_and_bound_ones_keep_their_charge() -> None:
    plain = binary(10.0)
    traps = Bound(1, of="cation", density=40.0, concentration=5.0, capture=1e4, release=50.0)
    anion = replace(plain.species["anion"], concentration=15.0)
    material = replace(plain, species={**plain.species, "anion": anion, "bound": traps})
    simulation = Simulation(one_layer(material, LENGTH, BlockingContact(0.1), BlockingContact(0.1)), SolverOptions())
    before = held(simulation).sum(axis=0)
    for volts in (0.3, -0.3, 0.1):
        simulation.run(VoltageStep(1e-3, Constant(volts)))
    after = held(simulation).sum(axis=0)
    free, other, bound = (simulation.built.number(name) for name in ("cation", "anion", "bound"))
    np.testing.assert_allclose(after[free] + after[bound], before[free] + before[bound], rtol=1e-13)
    np.testing.assert_allclose(after[other], before[other], rtol=1e-13)
    assert after[bound] > 1.5 * before[bound]
    assert enclosed(simulation.built.tables) == [free, other]


def test_a_host_whose_ions_are_trapped_keeps_their_electrons() -> None:
    plain = wo3()
    traps = Bound(2, of="Mg", density=500.0, capture=10.0, release=1.0)
    host = replace(plain, species={**plain.species, "bound": traps})
    simulation = Simulation(one_layer(host, 50e-9, x=0.1, mesh=COARSE), TIGHT)
    before = held(simulation).sum(axis=0)
    simulation.run(OpenCircuitStep(1.0))
    after = held(simulation).sum(axis=0)
    ion, bound, electron = (simulation.built.number(name) for name in ("Mg", "bound", "electron"))
    np.testing.assert_allclose(after[electron], before[electron], rtol=1e-12)
    np.testing.assert_allclose(after[ion] + after[bound], before[ion], rtol=1e-12)
    assert after[bound] > 0.1 * before[ion]


@pytest.mark.parametrize("release, left", [(1e-3, np.exp(-1e-3)), (1.0, np.exp(-1.0)), (30.0, np.exp(-30.0))])
def test_a_surface_keeps_what_it_releases_slowly(release: float, left: float) -> None:
    """Adsorption sites: traps of a layer as thin as an atom, beside a film that a bath has washed for a second."""
    film = Electrolyte(80.0, {"solute": Dilute(0, concentration=1e-6, diffusivity=1e-9)})
    sites = Bound(0, of="solute", density=2e4, concentration=1e4, capture=1e-9, release=release)
    surface = replace(film, species={**film.species, "adsorbed": sites})
    regions = (Region("film", film, LENGTH), Region("surface", surface, 0.4e-9))
    joint = Interface(("film", "surface"), species={"solute": Continuous()})
    mesh = MeshOptions(cells={"film": 10, "surface": 2})
    bath = BathContact({"solute": 1e-6})
    simulation = Simulation(Device(TEMPERATURE, AREA, regions, (joint,), bath, InsulatingContact(), mesh=mesh), TIGHT)
    before = total(simulation, "adsorbed")
    np.testing.assert_allclose(before, 1e4 * 0.4e-9 * AREA, rtol=1e-12)
    simulation.run(VoltageStep(1.0, Constant(0.0)))
    np.testing.assert_allclose(total(simulation, "adsorbed") / before, left, rtol=1e-3, atol=1e-5)


HOP = 1e-9  # m


def in_a_field(volts: float, capture: float, time: float, length: float | None = HOP) -> tuple[float, float, float]:
    """Return w, and what is bound and free (mol/m3) beside one bound ion, in a film so dilute that its field is
    level."""
    traps = Bound(
        1, of="ion", density=1.0, concentration=BOUND, capture=capture, release=RELEASE, release_length=length
    )
    ion = Dilute(1, concentration=FREE, diffusivity=1e-9)
    film = Electrolyte(80.0, {"ion": ion, "bound": traps}, fixed_charge=-FREE - BOUND)
    wall = 10.0  # F/m2
    simulation = Simulation(one_layer(film, LENGTH, BlockingContact(wall), BlockingContact(wall), COARSE), TIGHT)
    simulation.run(VoltageStep(time, Constant(volts)))
    field = volts / (LENGTH + 2.0 * 80.0 * VACUUM_PERMITTIVITY / wall)
    w = 0.5 * HOP * abs(field) / thermal_voltage(TEMPERATURE)
    return w, *(total(simulation, name) / (AREA * LENGTH) for name in ("bound", "ion"))


FREE, BOUND = 1e-9, 1e-7  # mol/m3, 1e-8 of the charge on the plates


@pytest.mark.parametrize("volts", [-10.0, 2.0, 20.0])
def test_a_field_empties_traps_at_the_rate_of_the_tilted_barrier(volts: float) -> None:
    """c_t = c_t0 exp(-k_r cosh(w) t), of either sign of the field, where next to nothing is caught."""
    w = 0.5 * HOP * abs(volts) / LENGTH / thermal_voltage(TEMPERATURE)
    time = 1.0 / (RELEASE * np.cosh(w))
    w, bound, free = in_a_field(volts, 1e-12, time)
    np.testing.assert_allclose(bound, BOUND * np.exp(-RELEASE * np.cosh(w) * time), rtol=1e-4)
    np.testing.assert_allclose(bound + free, BOUND + FREE, rtol=1e-13)


def test_without_a_length_the_release_knows_no_field() -> None:
    _, bound, _ = in_a_field(20.0, 1e-12, 0.2, None)
    np.testing.assert_allclose(bound, BOUND * np.exp(-RELEASE * 0.2), rtol=1e-4)


def test_at_rest_in_a_double_layer_the_isotherm_is_that_of_the_tilted_traps() -> None:
    """theta/(1 - theta) = k_t c/(k_r f N_t) in every cell, f of its own field."""
    plain = binary(10.0)
    traps = Bound(1, of="cation", density=4.0, concentration=1.0, capture=30.0, release=5.0, release_length=10e-9)
    anion = replace(plain.species["anion"], concentration=11.0)
    material = replace(plain, species={**plain.species, "anion": anion, "bound": traps})
    simulation = Simulation(one_layer(material, LENGTH, BlockingContact(0.1), BlockingContact(0.1)), TIGHT)
    simulation.run(VoltageStep(100.0, Constant(0.2)))
    t = simulation.built.tables
    law = laws_at(t, t.region, simulation.state.at.u)
    free, bound = (simulation.built.number(name) for name in ("cation", "bound"))
    share = law.concentration[:, bound] / 4.0
    y, phi = simulation.built.mesh.position[:, 0], potential(simulation.state.at.u)
    middle, field = 0.5 * (y[1:] + y[:-1]), np.diff(phi) / np.diff(y)
    w = 0.5 * 10e-9 * np.interp(y, middle, field)[1:-1]
    isotherm = 30.0 * law.concentration[:, free] / (5.0 * 4.0)
    found = (share / (1.0 - share) / isotherm)[1:-1]
    assert np.abs(w).max() > 0.5
    np.testing.assert_allclose(found, 1.0 / np.cosh(w), rtol=1e-6)
