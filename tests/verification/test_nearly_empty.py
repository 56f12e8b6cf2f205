"""A region that begins nearly empty takes ions through a continuous interface as through the phase itself."""

from dataclasses import replace
from math import erf

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.equations import interfaces
from eisfv.equations.linearised import NOTHING, stored_change
from eisfv.equations.unknowns import of_species
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.interface_laws import Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from eisfv.solve.no_amount import LEAST_Y, NO_AMOUNT
from eisfv.stepping.state import amounts
from support.devices import AREA, TEMPERATURE, binary, one_layer

FULL = 16.6  # mol/m3
TIME = 2e-6  # s


def filled(
    share: float, cells: int = 200, mobilities: tuple[float, float] = (1e-10, 1e-10), time: float = TIME
) -> Simulation:
    """Return 25 nm of a salt on 175 nm that begin with a share of its ions, after 2 us in contact with a bath."""
    salt = binary(FULL, 5.0, mobilities)
    little = Initial(concentration={"cation": share * FULL, "anion": share * FULL})
    regions = (Region("salt", salt, 25e-9), Region("film", replace(salt, reference="film"), 175e-9, little))
    joint = Interface(("salt", "film"), species={"cation": Continuous(), "anion": Continuous()})
    mesh = MeshOptions(cells={"salt": 50, "film": cells})
    device = Device(TEMPERATURE, AREA, regions, (joint,), BathContact(), BlockingContact(), mesh=mesh)
    simulation = Simulation(device)
    if time > 0.0:
        simulation.run(OpenCircuitStep(time))
    return simulation


@pytest.mark.parametrize("share", [1e-5, 1e-9])
def test_the_level_is_the_same_on_both_sides_however_empty_the_region_began(share: float) -> None:
    simulation = filled(share)
    t, profile = simulation.built.tables, simulation.profile()
    face = int(np.flatnonzero(t.interface >= 0)[0])
    left, right = t.left[face], t.right[face]
    for name in ("cation", "anion"):
        s = simulation.built.number(name)
        # A film 1e-4 of the half cell, across which the level falls by less than one RT; before, 1.7 RT.
        assert abs(profile.level[left, s] - profile.level[right, s]) < 1e-4
        assert profile.concentration[right, s] > 0.4 * FULL


def test_ions_of_one_mobility_spread_as_a_neutral_solute() -> None:
    """An image at the bath mirrors the front: c/c0 = 1 - [erf((x + a)/w) - erf((a - x)/w)]/2,
    a = 25 nm, w = sqrt(4 D t)."""
    simulation = filled(1e-5, 400)
    place, profile = simulation.built.mesh.position[:, 0], simulation.profile()
    width = np.sqrt(4.0 * 1e-10 * TIME)
    for name in ("cation", "anion"):
        found = profile.concentration[:, simulation.built.number(name)] / FULL
        for x in (40e-9, 50e-9, 60e-9):
            exact = 1.0 - 0.5 * (erf((x + 25e-9) / width) - erf((25e-9 - x) / width))
            np.testing.assert_allclose(np.interp(x, place, found), exact, rtol=3e-3)
    assert np.ptp(profile.potential) < 1e-9


def test_ions_of_two_mobilities_begin_with_their_diffusion_potential() -> None:
    """t_s of the two ions in the emptier region: (D+ - D-)/(D+ + D-) RT/F ln(c_salt/c_film), to no net current."""
    simulation = filled(1e-3, 50, (3e-10, 1e-10), 0.0)
    profile, volt = simulation.profile(), simulation.thermal_voltage
    bulk = profile.potential[-1] - profile.potential[0]
    np.testing.assert_allclose(bulk, 0.5 * volt * np.log(1e3), rtol=1e-3)


def test_a_finer_mesh_fills_as_far() -> None:
    fronts = []
    for cells in (100, 400):
        simulation = filled(1e-5, cells)
        place = simulation.built.mesh.position[:, 0]
        cation = simulation.profile().concentration[:, simulation.built.number("cation")]
        fronts.append(np.interp(60e-9, place, cation))
    np.testing.assert_allclose(fronts[0], fronts[1], rtol=0.05)


def test_the_law_of_a_continuous_ion_knows_what_is_there_now() -> None:
    assert interfaces.exchange_flux.py_func(1e-9, 1.0, 1e-9, 1.0, 0.0)[0] == 0.0
    assert interfaces.exchange_flux.py_func(1.0, 1.0, 0.0, 1.0, 0.0)[0] == 1.0


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_ions_that_a_field_drives_out_leave_nothing_and_never_less(method: str) -> None:
    """Against 60 V over a film one ion in e^2335 would stay, which is none: of one in e^460 nothing depends."""
    options = SolverOptions(method=method)
    simulation = Simulation(one_layer(binary(1.0, sites=1e4), 50e-9), options)
    start = amounts(simulation.built.tables, simulation.state).sum(axis=0)
    simulation.run(VoltageStep(1e4, Constant(60.0)))
    held = amounts(simulation.built.tables, simulation.state)
    most = simulation.built.tables.volume.max() * 1e4  # mol, of the sites of a cell
    assert held.min() < np.exp(NO_AMOUNT) * most
    assert (held >= 0.0).all()
    np.testing.assert_allclose(held.sum(axis=0), start, rtol=1e-13)


def test_ions_that_were_driven_out_take_no_iterations() -> None:
    """Step by step as many factorisations as the voltage takes to charge the film, not as the ions to vanish."""
    simulation = Simulation(one_layer(binary(1.0, sites=1e4), 50e-9), SolverOptions(method="bdf"))
    simulation.run(VoltageStep(1e4, Constant(60.0)))
    counts = simulation.newton.counts.factorisations, simulation.integrator.counts.accepted
    assert counts[0] < 2 * counts[1]
    # Where a neighbour still brings some, a last update may go a little further.
    assert simulation.state.at.u[:, of_species(0) :].min() >= LEAST_Y - 5.0


def test_a_slope_that_only_keeps_its_row_stores_nothing() -> None:
    for slope, kept in ((0.5 * NOTHING, False), (1e10 * NOTHING, True)):
        storage, out = np.zeros((1, 2, 2)), np.ones((1, 1))
        storage[0, of_species(0), of_species(0)] = slope
        stored_change(storage, np.array([[0.0, -0.5]]), out)
        np.testing.assert_allclose(out[0, 0], -0.5 * slope if kept else 0.0, rtol=1e-15)
