"""What a cell gives up where it takes its amount from its potential again stays in its region: nothing is lost.

A film between two walls that nothing passes holds its carriers whatever is driven. Where a voltage empties the cell at
one of its walls, its amount decays to nothing that a balance can count.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.equations.local import laws_at
from eisfv.equations.system import Ledger
from eisfv.equations.tables_handle import tables_handle
from eisfv.equations.unknowns import of_species
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import Method, SolverOptions
from eisfv.simulation import Simulation
from eisfv.stepping.compiled import CompiledIntegrator
from eisfv.stepping.differences import recount
from eisfv.stepping.state import amounts, settle
from support.devices import binary, one_layer

CASE = """
protocol = [
    { drive = "open_circuit", duration = "54 us" },
    { drive = "open_circuit", duration = "270 ns" },
    { drive = "voltage", duration = "42 s", value = "7.25 V" },
]
[case]
title = "closed film"
[device]
temperature = "216.251 K"
area = "6.0227e-07 m^2"
region = [
    { name = "r0", thickness = "4.53507e-08 m", material = "nafion" },
    { name = "film", material = "film", thickness = "1.1106e-08 m" },
]
series_resistance = "184 ohm"
interface = [{ between = ["r0", "film"] }]
contact = { gate = { kind = "blocking" }, channel = { kind = "blocking" } }
[material.film]
kind = "semiconductor"
relative_permittivity = { value = 17.74, source = "r" }
fixed_charge = { value = "-0.1013 mol/m^3", source = "r" }
[material.film.species.hole]
charge = 1
statistics = "band"
filling = "graphene"
density = { value = "63.443 mol/m^3", source = "r" }
mobility = { value = "0.006633 m^2/V/s", source = "r" }
concentration = { value = "0.1013 mol/m^3", source = "r" }
"""


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_a_closed_film_keeps_its_carriers_where_a_voltage_empties_a_cell(tmp_path: Path, method: Method) -> None:
    (tmp_path / "case.toml").write_text(CASE)
    case = load(tmp_path / "case.toml")
    simulation = Simulation(case.device, replace(case.solver, method=method))
    built = simulation.built
    film, hole = built.tables.region == 1, built.number("hole")

    def held() -> float:
        return float(amounts(built.tables, simulation.state)[film, hole].sum())

    before = held()
    for step in case.protocol:
        simulation.run(step)
    emptied = laws_at(built.tables, built.tables.region, simulation.state.at.u).concentration[film, hole]
    assert emptied.min() < 1e-12 * emptied.max()  # else nothing is shown
    np.testing.assert_allclose(held(), before, rtol=1e-13)


@pytest.mark.parametrize("share, given", [(1e-9, True), (1e-3, False)])
def test_what_is_taken_from_a_cell_goes_to_the_fullest_of_its_region(share: float, given: bool) -> None:
    """Unless it were more than rounding there: then it is lost, and the balance of the ions tells."""
    simulation = Simulation(one_layer(binary(10.0), 1e-8, mesh=MeshOptions(cells={"layer": 4})))
    tables, u = simulation.built.tables, simulation.state.at.u.copy()
    cells = np.flatnonzero(tables.volume > 0.0)
    empty, full = cells[0], cells[-1]
    u[empty, of_species(0)] -= 50.0
    u[full, of_species(0)] += 1.0
    held = laws_at(tables, tables.region, u).concentration * tables.volume[:, None]
    stored, rate = held.copy(), np.zeros_like(held)
    taken = share * held[full, 0]
    stored[empty, 0] += taken
    rate[empty, 0] = 7.0
    ledger = Ledger(*(np.zeros_like(array) for array in simulation.state.ledger))
    settle(tables_handle(tables), u, stored, ledger, rate)
    change = stored[:, 0] + (ledger.base[:, 0] - held[:, 0])
    np.testing.assert_allclose(change[[empty, full]], [0.0, given * taken], rtol=1e-5, atol=1e-6 * taken)
    assert (rate[empty, 0], rate[full, 0]) == (0.0, 7.0 * given)


def test_differences_of_what_is_taken_from_a_cell_go_with_it() -> None:
    """Those of backward differences, which sum up to what the region has gained in the steps before."""
    device = one_layer(binary(10.0), 1e-8, mesh=MeshOptions(cells={"layer": 4}))
    simulation = Simulation(device, SolverOptions(method="bdf"))
    integrator, tables = simulation.integrator, simulation.built.tables
    assert isinstance(integrator, CompiledIntegrator)
    integrator.load(simulation.state)
    history, cells = integrator.history, np.flatnonzero(tables.volume > 0.0)
    empty, full = cells[0], cells[-1]
    history.u[0, empty, of_species(0)] -= 50.0
    history.u[0, full, of_species(0)] += 1.0
    held = laws_at(tables, tables.region, history.u[0]).concentration * tables.volume[:, None]
    for own in integrator.system.ledger:
        own[:] = 0.0
    history.stored[0] = held
    history.stored[0, empty, 0] += 1e-9 * held[full, 0]
    history.stored[1:] = np.random.default_rng(1).normal(size=history.stored[1:].shape)
    before = history.stored[1:].copy()
    recount(integrator.t, integrator.a, integrator.w, integrator.y)
    assert (before[:, empty, 0] != 0.0).all()
    assert (history.stored[1:, empty, 0] == 0.0).all()
    np.testing.assert_array_equal(history.stored[1:, full, 0], before[:, full, 0] + before[:, empty, 0])
    np.testing.assert_array_equal(history.stored[1:, cells[1:-1]], before[:, cells[1:-1]])
