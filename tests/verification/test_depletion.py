"""Regions emptied of a carrier fill again: contacts inject, leaks flow."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.model.contacts import BlockingContact, OhmicContact
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Band, Dilute, Ohmic
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.no_amount import LEAST_Y
from support.devices import AREA, VOLT, binary, debye, h_stack, metal, one_layer
from support.phases import film
from support.runs import LOOSE, held, settled
from support.sheets import AREA as FILM_AREA
from support.sheets import gated_film

N = 10.0  # mol/m3 of donors


def semiconductor() -> Electrolyte:
    """Return an electron conductor with its donors."""
    electron = Dilute(-1, concentration=N, diffusivity=1e-8)
    return Electrolyte(20.0, {"electron": electron}, fixed_charge=N)


def test_depleted_film_on_a_metal_fills_again() -> None:
    """A negative gate drives the electrons out through the ohmic contact; at zero they come back in."""
    device = one_layer(semiconductor(), 2 * debye(N, 20.0), BlockingContact(), OhmicContact(), MeshOptions(first=0.1))
    simulation = Simulation(device, LOOSE)
    before = held(simulation).sum()
    simulation.run(VoltageStep(1e-3, Constant(-2.0)))
    assert held(simulation).sum() < 1e-6 * before
    simulation.run(VoltageStep(1e-3, Constant(0.0)))
    np.testing.assert_allclose(held(simulation).sum(), before, rtol=1e-6)


def test_depletion_width_is_schottkys() -> None:
    """W = sqrt(2 eps V/(F N)) for V far above RT/F."""
    lam = debye(N, 20.0)
    volts = -100 * VOLT
    device = one_layer(
        semiconductor(), 60 * lam, BlockingContact(), OhmicContact(), MeshOptions(first=0.05, largest=5e-3)
    )
    simulation = settled(device, volts, 1e-2)
    missing = N * AREA * 60 * lam - held(simulation).sum()
    # lam holds F N twice (1:1 electrolyte): eps/(F N) = 2 lam^2/VOLT; the edge of the zone is RT/F short of V.
    width = np.sqrt(2 * 2 * lam**2 / VOLT * (-volts - VOLT))
    np.testing.assert_allclose(missing / (N * AREA), width, rtol=5e-3)


@pytest.mark.parametrize("volts", [-0.5, 0.5])
def test_metal_gate_holds_the_electrons_that_leak(volts: float) -> None:
    """A metal that reacts is a metal: the ohmic leak of the electrolyte beside it flows from its Fermi level."""
    sigma_e, length = 1e-3, 200e-9
    leaky = Electrolyte(80.0, {**binary().species, "electron": Ohmic(-1, sigma_e)})
    # The second metal blocks ions in the long run: none dissolves faster than it deposits at 1e-12 A/m2.
    device = one_layer(leaky, length, metal(1e-12, 0.1), OhmicContact())
    simulation = settled(device, volts, 1.0)
    np.testing.assert_allclose(simulation.current, sigma_e * volts / length * AREA, rtol=1e-3)


def test_stack_with_an_emptied_host_comes_back() -> None:
    """-4 V strips the host of protons and its electrons with them; +1 V brings both back."""
    simulation = Simulation(h_stack(0.1), LOOSE)
    channel = simulation.built.mesh.region == 1
    before = held(simulation)[channel, 0].sum()
    simulation.run(VoltageStep(1e-2, Constant(-4.0)))
    emptied = held(simulation)[channel, 0].sum()
    assert emptied < 0.2 * before
    simulation.run(VoltageStep(1.0, Constant(1.0)))
    assert held(simulation)[channel, 0].sum() > before


def test_a_drained_film_is_a_capacitor_at_any_voltage() -> None:
    """I t/C of the two layers in series, from 26 V on: of one hole in e^2155 nothing depends.

    Step by step a few matrices, not as many as the holes take to vanish; their levels stay with the band.
    """
    bands = {"hole": Band(1, density=1660.0, mobility=1e-8)}
    metal = InjectingContact("hole", 0.1 * FARADAY, selective=True)
    device = replace(gated_film(bands, (400e-9, 3.0), (5e-9, 4.0), 300.0, (4, 16)), channel=metal)
    simulation = Simulation(device, SolverOptions(method="bdf"))
    rise = 30.0  # V
    current = rise / 0.5 * FILM_AREA * VACUUM_PERMITTIVITY / (400e-9 / 3.0 + 5e-9 / 4.0)
    simulation.run(CurrentStep(0.5, Constant(current)))
    half = simulation.voltage
    simulation.run(CurrentStep(0.5, Constant(current)))
    np.testing.assert_allclose(simulation.voltage - half, rise, rtol=1e-5)
    assert simulation.integrator.counts.cut == 0
    assert simulation.newton.counts.factorisations < 4 * simulation.integrator.counts.accepted
    t, hole = simulation.built.tables, simulation.built.number("hole")
    u = simulation.state.at.u[t.region == 1]
    assert (u[:, of_species(hole)] - t.mu0[1, hole] - u[:, POTENTIAL]).min() > LEAST_Y - 1e-6


def test_electrons_that_have_left_a_host_take_no_iterations() -> None:
    """-30 V strips 5 nm of a host of its ions and their electrons; what has passed is the same by either method."""
    passed = []
    for method in ("bdf", "tr_bdf2"):
        simulation = Simulation(film(0.02, thickness=5e-9, cells=10), SolverOptions(method=method))
        simulation.run(VoltageStep(5e-5, Constant(-30.0)))
        passed.append(simulation.state.passed)
        t, electron = simulation.built.tables, simulation.built.number("electron")
        u = simulation.state.at.u[t.region == 1]
        assert (u[:, of_species(electron)] - t.mu0[1, electron] + u[:, POTENTIAL]).min() > LEAST_Y - 1e-6
        if method == "bdf":
            assert simulation.integrator.counts.cut == 0
            assert simulation.newton.counts.factorisations < 3 * simulation.integrator.counts.accepted
    np.testing.assert_allclose(passed[1], passed[0], rtol=1e-4)
