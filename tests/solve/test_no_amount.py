"""Of what is not there an update does not count, nor of free sites; the level of ohmic electrons is no amount."""

import numpy as np
import pytest

from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.model.contacts import BlockingContact, OhmicContact
from eisfv.model.materials import Electrolyte
from eisfv.model.species import Dilute, Lattice, Ohmic
from eisfv.simulation import Simulation
from eisfv.solve.newton import Newton
from eisfv.solve.no_amount import LEAST_Y, NO_AMOUNT
from eisfv.solve.update import apply_update
from support.devices import mg_stack, one_layer
from support.phases import film

STORED, FLOWING = Dilute(-1, concentration=1.0, diffusivity=1e-9), Ohmic(-1, conductivity=1e-6)


@pytest.mark.parametrize("phi", [0.0, 900.0])
@pytest.mark.parametrize(("electrons", "fixed", "counts"), [(STORED, 1.0, False), (FLOWING, 0.0, True)])
def test_less_than_nothing_is_not_followed_but_a_level_is(
    electrons: Dilute | Ohmic, fixed: float, counts: bool, phi: float
) -> None:
    """Asked for: 20 RT less than nothing, at any potential."""
    film = Electrolyte(3.0, {"electron": electrons}, fixed_charge=fixed, reference="film")
    newton = Simulation(one_layer(film, 100e-9, OhmicContact(), OhmicContact())).newton
    t, row = newton.tables, of_species(0)
    nothing = t.mu0[0, 0] - phi + NO_AMOUNT - 5.0
    u, update = np.zeros((2, *newton.system.residual.shape))
    u[:, POTENTIAL], u[:, row], update[:, row] = phi, nothing, -20.0
    size, _, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    assert abs(size) == (20.0 if counts else 0.0)
    moved = -20.0 if counts else LEAST_Y - NO_AMOUNT + 5.0
    np.testing.assert_allclose(u[:, row] - nothing, moved, rtol=1e-12)


def test_what_fills_again_counts() -> None:
    film = Electrolyte(3.0, {"electron": STORED}, fixed_charge=1.0, reference="film")
    newton = Simulation(one_layer(film, 100e-9, OhmicContact(), OhmicContact())).newton
    u, update = np.zeros((2, *newton.system.residual.shape))
    u[:, of_species(0)], update[3, of_species(0)] = newton.tables.mu0[0, 0] + LEAST_Y, 100.0
    size, at, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    assert size == -100.0  # held back
    assert at == 3 * u.shape[1] + of_species(0)


@pytest.mark.parametrize(("lacking", "counts"), [(0.0, False), (1e-200, True)])
@pytest.mark.parametrize("row", ["Li", "w"])
def test_a_bare_wall_of_a_host_counts_where_it_lacks_ions(row: str, lacking: float, counts: bool) -> None:
    simulation = Simulation(film(0.02, cells=6))
    newton, t, li = simulation.newton, simulation.built.tables, of_species(simulation.built.number("Li"))
    node = int(np.flatnonzero((t.region == 1) & (t.volume == 0.0))[0])
    u, update, residual = np.zeros((3, *newton.system.residual.shape))
    u[node, [li, -1]], update[node, [li, -1]] = (NO_AMOUNT - 5.0, 3.0), (-20.0, 1e5)
    residual[node, li if row == "Li" else -1] = lacking
    size, _, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, residual, 0.0)
    assert size == (-1e5 if counts else 0.0)
    if not counts:
        np.testing.assert_array_equal(u[node, [li, -1]], [NO_AMOUNT - 5.0, 0.0])


def lattice_layer(**more: Lattice) -> Newton:
    """Return the solver of a layer whose cation has a lattice for itself, or shares it with `more`."""
    cation = Lattice(1, concentration=0.5, density=1.0, diffusivity=1e-9, sublattice="sites" if more else None)
    layer = Electrolyte(3.0, {"cation": cation, **more}, fixed_charge=-0.9 if more else -0.5)
    return Simulation(one_layer(layer, 100e-9, BlockingContact(), BlockingContact())).newton


def test_a_lattice_without_a_free_site_is_not_followed() -> None:
    """Asked for: 20 RT fuller than full, and a lattice that is to have free sites again."""
    newton = lattice_layer()
    u, update = np.zeros((2, *newton.system.residual.shape))
    u[:, of_species(0)], update[:, of_species(0)] = -NO_AMOUNT + 5.0, 20.0
    size, _, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    assert size == 0.0
    np.testing.assert_allclose(u[:, of_species(0)], -LEAST_Y, rtol=1e-12)
    update[3, of_species(0)] = -100.0
    size, at, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    assert (size, at) == (-100.0, 3 * u.shape[1] + of_species(0))


def test_of_species_that_share_a_lattice_the_fuller_one_counts() -> None:
    newton = lattice_layer(guest=Lattice(1, concentration=0.4, density=1.0, diffusivity=1e-9, sublattice="sites"))
    u, update = np.zeros((2, *newton.system.residual.shape))
    u[:, of_species(0)], update[:, of_species(0)] = -NO_AMOUNT + 5.0, 20.0
    size, _, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    assert size == -20.0


@pytest.mark.parametrize("sites", ["taken", "free"])
def test_what_a_balance_empties_is_taken_in_one_move(sites: str) -> None:
    """A balance that is linear in a falling amount asks for -1, one in falling free sites for +1."""
    newton = lattice_layer()
    u, update = np.zeros((2, *newton.system.residual.shape))
    side = 1.0 if sites == "taken" else -1.0
    u[:, of_species(0)], update[:, of_species(0)] = -10.0 * side, -(1.0 - 1e-9) * side
    apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    np.testing.assert_allclose(u[:, of_species(0)], side * (-10.0 + np.log(1e-9)), rtol=1e-6)
    u[:, of_species(0)], update[:, of_species(0)] = -400.0 * side, 1e30 * side
    apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    np.testing.assert_allclose(u[:, of_species(0)], side * (-400.0 + np.log(1e30)), rtol=1e-12)


@pytest.mark.parametrize(("lacking", "counts"), [(1e-230, False), (1e-200, True)])
def test_a_node_without_ions_counts_where_it_lacks_some(lacking: float, counts: bool) -> None:
    simulation = Simulation(mg_stack())
    newton, t, mg = simulation.newton, simulation.built.tables, of_species(simulation.built.number("Mg"))
    node = int(np.flatnonzero((t.volume == 0.0) & (t.gradient[t.region] == 0.0))[0])
    u, update, residual = np.zeros((3, *newton.system.residual.shape))
    u[node, mg], update[node, mg], residual[node, mg] = NO_AMOUNT - 100.0, -20.0, -lacking
    size, at, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, residual, 0.0)
    assert (size, at) == ((-20.0, node * u.shape[1] + mg) if counts else (0.0, 0))
    assert u[node, mg] == (NO_AMOUNT - 105.0 if counts else LEAST_Y)


def test_a_gradient_energy_is_no_amount() -> None:
    """What it adds to the level of the ions of a cell may be less than -470 RT."""
    newton = Simulation(film(0.02, cells=6)).newton
    t = newton.tables
    cell = int(np.flatnonzero((t.gradient[t.region] > 0.0) & (t.volume > 0.0))[0])
    u, update = np.zeros((2, *newton.system.residual.shape))
    u[cell, -1], update[cell, -1] = NO_AMOUNT - 5.0, -4.0
    size, at, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, 0.0 * u, 0.0)
    assert (size, at, u[cell, -1]) == (4.0, (cell + 1) * u.shape[1] - 1, NO_AMOUNT - 9.0)


@pytest.mark.parametrize("sites", ["taken", "free"])
@pytest.mark.parametrize(("lacking", "counts"), [(1e-230, False), (1e-200, True)])
def test_where_some_are_to_come_it_counts(sites: str, lacking: float, counts: bool) -> None:
    """A row that lacks ions, or free sites, while its update takes more away: Newton is on the wrong side."""
    newton, side = lattice_layer(), 1.0 if sites == "taken" else -1.0
    u, update, residual = np.zeros((3, *newton.system.residual.shape))
    u[3, of_species(0)], update[3, of_species(0)] = side * (NO_AMOUNT - 5.0), -20.0 * side
    residual[3, of_species(0)] = -lacking * side
    size, at, _ = apply_update(newton.t, u, update, 0.0 * u, 0.0, newton.present, residual, 0.0)
    assert (size, at) == ((-20.0, 3 * u.shape[1] + of_species(0)) if counts else (0.0, 0))
