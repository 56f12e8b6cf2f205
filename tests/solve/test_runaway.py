"""An iteration that cannot end is told early: what a balance asks for is less than nothing."""

from pathlib import Path

import numpy as np
import pytest

import eisfv.solve.newton
from eisfv.case import load
from eisfv.equations.unknowns import species
from eisfv.simulation import Simulation
from eisfv.solve.compiled_stage import AWAY, CONVERGED, stage
from eisfv.solve.convergence import RUN_AWAY, RUNS, progress
from eisfv.solve.newton import ITERATIONS_MAX
from eisfv.solve.stage_records import Known, Source, Stage
from eisfv.solve.stage_work import FACTORED, VOLTAGE, new_stage_work, stage_handle

DH = 1e-20  # s: nothing flows meanwhile
CELL = 5  # of the electrolyte


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return Simulation(load(Path("cases/mg_wo3_pulses")).device)


def known_of(simulation: Simulation, share: float) -> Known:
    """Return what a step knows, a share of the cation of one cell being left."""
    stored = simulation.state.stored.copy()
    stored[CELL, 0] = share * stored[CELL, 0]
    return Known(stored, simulation.state.charge)


def solved(simulation: Simulation, share: float) -> Stage:
    newton = simulation.newton
    newton.forget()
    return newton.stage(simulation.state.at, known_of(simulation, share), DH, Source("voltage", 0.0, 0.0))


def test_less_than_nothing_is_given_up_after_a_few_updates(simulation: Simulation) -> None:
    found = solved(simulation, -1e-3)
    assert (found.converged, found.reason) == (False, RUN_AWAY)
    assert found.iterations <= 2 + RUNS + 1
    assert found.worst == (CELL, 1)


def test_next_to_nothing_is_found(simulation: Simulation) -> None:
    found = solved(simulation, 1e-12)
    assert found.converged
    np.testing.assert_allclose(species(found.at.u, simulation.newton.tables)[CELL, 0], np.log(1e-12), atol=5.0)


def test_without_it_every_iteration_is_spent(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eisfv.solve.newton, "RUNS", -1)
    assert solved(simulation, -1e-3).iterations == ITERATIONS_MAX


def test_compiled_code_says_the_same(simulation: Simulation) -> None:
    newton, state = simulation.newton, simulation.state
    for share, said in ((-1e-3, AWAY), (1e-12, CONVERGED)):
        work = new_stage_work(newton.tables)
        work.u[:] = state.at.u
        work.number[VOLTAGE], work.number[FACTORED] = state.at.voltage, 0.0
        known = known_of(simulation, share)
        drive, handles = (True, 0.0, 0.0), (newton.t, newton.work, stage_handle(work))
        code = stage(*handles, known.stored, known.charge, DH, *drive, 1e-4, ITERATIONS_MAX)
        assert code == said


def test_an_update_that_falls_behind_begins_anew() -> None:
    asked, run, least, better = 0.0, 0, np.inf, 0
    for iteration, (size, expected) in enumerate(((6.0, 0), (900.0, 1), (1.4e5, 2), (1.5e5, 0), (2.2e7, 1)), 1):
        asked, run, least, better = progress(size, True, iteration, asked, run, least, better)
        assert run == expected
    assert (least, better) == (6.0, 1)
    assert progress(2.9, False, 6, asked, run, least, better) == (0.0, 0, 2.9, 6)
