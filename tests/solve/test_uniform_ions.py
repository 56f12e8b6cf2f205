"""A start whose hosts have no double layer at rest: their ions begin uniform, all else level with them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from eisfv import start_state
from eisfv.case import load
from eisfv.device.build import Built
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import electrochemical, of_species
from eisfv.model.steps import OpenCircuitStep
from eisfv.simulation import Simulation
from eisfv.solve.equilibrium import PACES, Pace, equilibrium
from eisfv.solve.errors import EquilibriumError
from eisfv.solve.linear import LinearSolver
from eisfv.solve.stage_records import Iterate
from eisfv.stepping.state import amounts
from support.devices import VOLT, mg_stack
from support.phases import filling, film

# A host whose ion climbs its own gradient, between an electrolyte and a film doped with holes.
EMPTIED = Path(__file__).parent / "emptied_host.toml"
FILLING, THICKNESS = 0.3, 5e-9  # -, m: so thin that it stays one phase


@pytest.fixture
def unrelaxed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no device relax whose ions all may move."""

    def told(built: Built, linear: LinearSolver, paces: tuple[Pace, ...], still: Iterable[int] = ()) -> Iterate:
        if not still:
            raise EquilibriumError("it was told not to")
        return equilibrium(built, linear, paces, still)

    monkeypatch.setattr(start_state, "equilibrium", told)


def test_its_ions_are_uniform_and_its_electrons_level(unrelaxed: None) -> None:
    simulation = Simulation(film(FILLING, thickness=THICKNESS))
    assert simulation.unrelaxed
    np.testing.assert_allclose(filling(simulation), FILLING, rtol=1e-12)
    channel = simulation.built.tables.region == 1
    electrons = simulation.state.at.u[channel, of_species(simulation.built.number("electron"))]
    np.testing.assert_allclose(electrons, electrons[-1], atol=1e-9)


def test_what_stands_beside_it_is_level() -> None:
    # Joined in that moment, its ions and holes would climb volts of the field.
    simulation = Simulation(load(EMPTIED).device)
    t, u = simulation.built.tables, simulation.state.at.u
    levels = electrochemical(t, u, laws_at(t, t.region, u).mu)
    for region, name in ((0, "H"), (2, "hole")):
        own = levels[t.region == region, simulation.built.number(name)]
        np.testing.assert_allclose(own, own[0], atol=1e-8)
    np.testing.assert_array_less(0.1, np.ptp(u[t.region == 2, 0]))


def test_its_double_layer_becomes_the_relaxed_one(unrelaxed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Simulation(film(FILLING, thickness=THICKNESS))
    monkeypatch.undo()
    relaxed = Simulation(film(FILLING, thickness=THICKNESS))
    assert relaxed.unrelaxed == ""
    for simulation in (begun, relaxed):
        simulation.run(OpenCircuitStep(1000.0))
    np.testing.assert_allclose(begun.voltage, relaxed.voltage, atol=1e-3 * VOLT)
    # What charges it has come out of the host, which so ends a little fuller or emptier, but is bent alike.
    ends = [filling(simulation) for simulation in (begun, relaxed)]
    bent = [x - x.mean() for x in ends]
    np.testing.assert_allclose(bent[0], bent[1], atol=1e-2 * np.ptp(bent[1]))


def test_a_host_that_has_no_double_layer_at_rest_begins_so() -> None:
    simulation = Simulation(load(EMPTIED).device)
    assert "climbs" in simulation.unrelaxed
    built, ion = simulation.built, simulation.built.number("H")
    cells = (built.tables.region == 1) & (built.tables.volume > 0.0)
    held = amounts(built.tables, simulation.state)[cells, ion] / built.tables.volume[cells]
    np.testing.assert_allclose(held / built.tables.density[1, ion], 0.0192485, rtol=1e-12)


def test_it_is_the_same_at_every_pace() -> None:
    simulation = Simulation(load(EMPTIED).device)
    built, linear = simulation.built, simulation.newton.linear
    ways = [equilibrium(built, linear, (pace,), [1]) for pace in PACES]
    for way in ways:
        np.testing.assert_allclose(way.u, ways[0].u, atol=1e-7)


def test_only_where_an_ion_climbs_are_the_short_paces_left_out() -> None:
    climbing, other = Simulation(load(EMPTIED).device).built, Simulation(mg_stack()).built
    assert (start_state.paces_of(climbing), start_state.paces_of(other)) == (PACES[:1], PACES)
