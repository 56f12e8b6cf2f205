"""Backward differences where an ion vanishes from cells, or fills them: they go on with what the cells can hold."""

import re

import numpy as np
import pytest
from scipy.optimize import brentq

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.equations.system import Ledger
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import of_species
from eisfv.model.contacts import BathContact, BlockingContact
from eisfv.model.materials import Electrolyte
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import Method, SolverOptions
from eisfv.model.species import Dilute
from eisfv.model.steps import CurrentStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.stepping import differences
from eisfv.stepping.compiled import CompiledIntegrator
from eisfv.stepping.order_and_size import choose, from_past
from eisfv.stepping.possible import hold_traces, possible
from eisfv.stepping.state import settle
from eisfv.stepping.step_size import steps_alike
from support.devices import AREA, SITES, VOLT, binary, debye, h_stack, one_layer
from support.runs import space_charge

SALT = 10.0  # mol/m3
LATTICE = 100.0  # mol/m3


def crowded() -> Simulation:
    return Simulation(one_layer(binary(SALT, sites=LATTICE), 1e-8, mesh=MeshOptions(cells={"layer": 4})))


@pytest.mark.parametrize(
    "cation, anion, can",
    [
        (0.3, 0.6, True),
        (0.3, 0.0, True),
        (0.3, -1e-12, False),  # less than nothing
        (0.3, 0.7 + 1e-9, False),  # more than the sites
        (0.3, 0.7 - 1e-9, True),
    ],
)
def test_cells_hold_neither_less_than_nothing_nor_more_than_their_sites(cation: float, anion: float, can: bool) -> None:
    tables = crowded().built.tables
    t, cells = tables_handle(tables), len(tables.region)
    capacity = tables.volume[:, None] * LATTICE
    stored = np.full((cells, 2), 0.1) * capacity
    stored[2] = (cation, anion) * capacity[2]
    zero = np.zeros((cells, 2))
    # Counted from nothing, from some amount, and the cation from its full side.
    base = 0.25 * capacity * [[1.0, 0.0]]
    full = np.tile([1.0, 0.0], (cells, 1))
    for ledger in (Ledger(zero, zero, zero[:, 0]), Ledger(base, zero, zero[:, 0]), Ledger(zero, full, zero[:, 0])):
        counted = stored - ledger.base - ledger.full * capacity
        assert possible(t, counted, Ledger(*ledger)) == can


@pytest.mark.parametrize(
    "now, past, held",
    [
        (1e-17, -5e-17, True),
        (1e-17, 1e-3, False),  # it has just become a trace: what it gives up is no rounding
        (1e-15, -5e-17, False),
        (-1e-17, -5e-17, False),
    ],
)
@pytest.mark.parametrize("base", [0.0, 4e-17])
def test_traces_go_on_from_what_they_are_where_the_past_says_no_more(
    now: float, past: float, held: bool, base: float
) -> None:
    known, stored, zero = np.array([[past - base, 1.0]]), np.array([[now - base, 2.0]]), np.zeros((1, 2))
    t = tables_handle(crowded().built.tables)
    hold_traces(t, known, stored, Ledger(np.array([[base, 0.0]]), zero, zero[:, 0]), np.ones((1, 2)))
    np.testing.assert_allclose(known, [[(now if held else past) - base, 1.0]], rtol=1e-12)


@pytest.mark.parametrize("now, held", [(1e-17, True), (1e-15, False)])
def test_traces_of_what_has_no_error_are_told_by_what_the_cell_counts(now: float, held: bool) -> None:
    """Electrons of a host, in the second of two species, beside ions: one cell counts them, in the other none does."""
    known, stored, zero = np.full((2, 2), -0.1 * now), np.full((2, 2), now), np.zeros((2, 2))
    scale = np.array([[1.0, -0.0], [0.0, 0.0]])
    hold_traces(tables_handle(crowded().built.tables), known, stored, Ledger(zero, zero, zero[:, 0]), scale)
    np.testing.assert_array_equal(known, [[now if held else -0.1 * now] * 2, [-0.1 * now] * 2])


@pytest.mark.parametrize(
    "now, past, scale, fieldless, sealed, held",
    [
        (1e-27, 1e-25, -1e-15, 0, -1, True),
        (1e-27, 1e-25, 1e-15, 0, -1, False),  # an ion's amount is summed
        (1e-27, 1e-25, -1e-15, -1, -1, False),  # so is that of a film that nothing leaves
        (1e-27, 1e-25, -1e-15, 0, 0, False),  # and all that only a metal brings
        (1e-27, 1e-23, -1e-15, 0, -1, False),
        (1e-23, 1e-25, -1e-15, 0, -1, False),  # several carriers
        (1e-27, 1e-25, -1e-20, 0, -1, False),  # of so few that they count
    ],
)
def test_less_than_one_carrier_of_a_band_goes_on_from_what_it_is(
    now: float, past: float, scale: float, fieldless: int, sealed: int, held: bool
) -> None:
    known, stored, zero = np.array([[past]]), np.array([[now]]), np.zeros((1, 1))
    t = tables_handle(
        crowded().built.tables._replace(fieldless=np.array([-1, fieldless]), sealed=np.array([-1, sealed]))
    )
    hold_traces(t, known, stored, Ledger(zero, zero, zero[:, 0]), np.full((1, 1), scale))
    np.testing.assert_allclose(known, [[now if held else past]], rtol=1e-12)


def test_a_lattice_is_counted_from_the_full_side_of_the_ion_that_fills_it_alone() -> None:
    """With e^-37 of the sites free, an anion of e^-19 is far above them and far from filling anything."""
    simulation = crowded()
    u, tables = simulation.state.at.u.copy(), simulation.built.tables
    u[:, of_species(0)], u[:, of_species(1)] = 37.0, 18.0
    ledger = Ledger(*(np.zeros_like(array) for array in simulation.state.ledger))
    stored, rate = np.zeros((2, *ledger.full.shape))
    settle(tables_handle(tables), u, stored, ledger, rate)
    inside = tables.volume > 0.0
    np.testing.assert_array_equal(ledger.full[inside], np.tile([1.0, 0.0], (inside.sum(), 1)))
    np.testing.assert_allclose((ledger.base + stored)[inside, 1], np.exp(-19.0) * LATTICE * tables.volume[inside])


@pytest.mark.parametrize("sites", [100.0, 2000.0])
def test_a_crowded_layer_charges_by_backward_differences_as_bikerman_has_it(sites: float) -> None:
    """40 RT/F at a blocking electrode drive the anions out, to e^-40 of what was there.

    sigma = sqrt(2 eps RT c_site ln(1 + 2 nu sinh^2(u/2))), nu = 2 c0/c_site
    """
    u, length = -40.0, 20.0 * debye(SALT)
    mesh = MeshOptions(first=2e-4, growth=1.03, largest=0.01)
    device = one_layer(binary(SALT, sites=sites), length, BlockingContact(), BathContact(), mesh)
    simulation = Simulation(device, SolverOptions(method="bdf"))
    simulation.run(VoltageStep(100.0 * length**2 / 1e-9, Constant(u * VOLT)))
    nu = 2.0 * SALT / sites
    inside = 2.0 / nu * np.log1p(2.0 * nu * np.sinh(0.5 * u) ** 2)
    exact = 80.0 * 8.8541878128e-12 * VOLT / debye(SALT) * np.sqrt(inside)
    np.testing.assert_allclose(space_charge(simulation).sum() / AREA, exact, rtol=1e-3)
    assert simulation.integrator.counts.cut < 10
    assert simulation.newton.counts.residuals < 1500


@pytest.mark.parametrize("method", ["bdf", "tr_bdf2"])
def test_a_host_that_runs_full_ends_the_run_where_it_is_full(method: Method) -> None:
    """It fills after F c_site L/I; a capacitor then, it would take more than the electrolyte bears for the rest."""
    device = h_stack(x=0.5)
    simulation = Simulation(device, SolverOptions(method=method))
    full = 0.5 * FARADAY * SITES * 10e-9 * device.area / 1e-12
    with pytest.raises(SolverError, match=r"takes more than 28 V") as error:
        simulation.run(CurrentStep(10 * full, Constant(1e-12)))
    found = re.search(r"no solution past t = (\S+) s: channel is full since t = (\S+) s", str(error.value))
    assert found is not None
    ended, since = (float(text) for text in found.groups())
    np.testing.assert_allclose(since, full, rtol=1e-3)
    assert full < ended < 1.02 * full
    assert simulation.newton.counts.residuals < 2000  # where amounts below nothing were asked for, 325000


def last_size(orders: tuple[int, ...]) -> float:
    """Return the size of the last of some steps of these orders whose error is next to nothing, the first of size 1."""
    history = differences.new_history(crowded().built.tables, np.zeros((4, 2)))
    y, tally, h = differences.history_handle(history), history.tally, 1.0
    history.number[differences.NEXT], tally[differences.ORDER_USED] = h, orders[0]
    for order in orders:
        h = float(history.number[differences.NEXT])
        tally[differences.ORDER] = order  # whatever had been chosen: what the past allows
        differences.prepare(y, h)
        choose(y, h, 1e-5, 1e-5, 1e-5, 1e-5, order, 5, 2, steps_alike(5e-4))
    return h


def test_steps_grow_where_what_vanishes_changes_their_order_at_every_one() -> None:
    assert last_size((2,) * 30) >= 2.0**13
    assert last_size((2, 1) * 15) >= 2.0**3


@pytest.mark.parametrize("lower, size, order", [(1.0, 1.0, 2), (1.5, 1.5, 1), (2.0, 2.0, 1)])
def test_where_the_past_asks_for_less_than_nothing_the_step_is_as_short_as_the_order_below_allows(
    lower: float, size: float, order: int
) -> None:
    """Amounts of 9, 3, 1 a step of 1 s apart go on by 4/3 - 3/3, order 2; a step of 2 s, chosen for that order, would
    leave less than nothing. One of the first order is no longer than its own error allows."""
    simulation = crowded()
    built, options = simulation.built, simulation.options
    compiled = CompiledIntegrator(simulation.newton, built.bulk, options.completed())
    history = compiled.history
    for level, difference in enumerate((1.0, -2.0, 4.0)):
        history.stored[level] = 1e-3 * LATTICE * built.tables.volume[:, None] * difference
    number, tally = history.number, history.tally
    history.steps[:3] = 1.0, 2.0, 3.0
    number[differences.USED], number[differences.LOWER] = 1.0, lower
    tally[[differences.ORDER, differences.ORDER_USED, differences.ALIKE]] = 2, 2, 4
    h, _ = from_past(compiled.t, compiled.a, compiled.w, compiled.y, 2.0, 1e-9)
    assert (h, tally[differences.ORDER]) == (size, order)


def test_a_depletion_front_takes_the_steps_that_its_error_allows() -> None:
    """A current drives the one ion of a glass off a metal; far behind the front e^-100 of it is left, which counts for
    nothing and falls by orders of magnitude a step.

    Of a charge q each double layer has q^2/(2 eps F c) = V0 = phi - VT (1 - e^(-phi/VT)): at the metal that loses ions
    phi = V0 + VT, at the other one -phi = VT u with e^u - u - 1 = V0/VT; the rest between conducts.
    """
    permittivity, fall, length, diffusivity, time = 10.0 * VACUUM_PERMITTIVITY, 40.0, 3e-7, 1e-12, 1e-2
    ion = {"cation": Dilute(1, concentration=SALT, diffusivity=diffusivity)}
    glass = Electrolyte(10.0, ion, reference="one ion", fixed_charge=-SALT)
    charge = np.sqrt(2.0 * permittivity * FARADAY * SALT * fall)  # C/m2
    device = one_layer(glass, length, mesh=MeshOptions(first=1e-3, largest=0.01))
    simulation = Simulation(device, SolverOptions(method="bdf"))
    simulation.run(CurrentStep(time, Constant(charge * AREA / time)))
    gathered = brentq(lambda u: np.exp(u) - u - 1.0 - fall / VOLT, 1.0, 20.0)
    resistance = (length - charge / (FARADAY * SALT)) * VOLT / (FARADAY * SALT * diffusivity)  # ohm m2
    exact = fall + VOLT * (1.0 + gathered) + charge / time * resistance
    np.testing.assert_allclose(simulation.voltage, exact, rtol=1e-3)
    assert simulation.integrator.counts.accepted < 800  # 1400 of the first order, where its own error held it down
    held = simulation.state.ledger.base + simulation.state.stored
    np.testing.assert_allclose(held.sum(), SALT * length * AREA, rtol=1e-12)
