"""The checks of a random device find a result that was damaged, and nothing in one that was not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import Case, load
from eisfv.model.protocol import Protocol
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.running.numerical_error import UNRESOLVED
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import amounts
from stress.checks import Watched, apart, tighter

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses"


def pulsed(volt: float) -> Case:
    return replace(load(MAIN), protocol=Protocol((VoltageStep(1e-4, Constant(volt)),)))


@pytest.fixture(scope="module")
def run() -> Watched:
    watched = Watched(pulsed(0.1), load(MAIN).solver)
    watched.run()
    return watched


def ended(watched: Watched, **damaged: object) -> Accepted:
    """Return the step that ends a run, with damage to its end."""
    state = watched.simulation.state
    return Accepted(state, None, state._replace(**damaged), 1e-5)


def test_a_sound_run_is_not_doubted(run: Watched) -> None:
    second = Watched(pulsed(0.1), tighter(load(MAIN).solver))
    second.run()
    assert list(run.broken()) == list(second.broken()) == []
    assert 0.0 < apart(run.told(), second.told())[0] < UNRESOLVED


def test_a_drive_that_is_off_by_three_hundredths_is_found(run: Watched) -> None:
    other = Watched(pulsed(0.103), load(MAIN).solver)
    other.run()
    assert apart(run.told(), other.told())[0] > UNRESOLVED


def test_ions_in_the_wrong_place_are_found(run: Watched) -> None:
    told = run.told()
    moved = told.ended - told.begun
    assert apart(replace(told, ended=told.ended + 0.02 * moved[::-1]), told)[0] > UNRESOLVED


def test_a_lost_ion_is_found(run: Watched) -> None:
    tables, state = run.simulation.built.tables, run.simulation.state
    ion = run.laws[0].ions[0]
    held, lost = amounts(tables, state)[:, ion], state.stored.copy()
    cell = int(held.argmax())
    lost[cell, ion] -= 1e-3 * held[cell]
    run.laws[0].accept(ended(run, stored=lost))
    assert any("has drifted" in line for line in run.broken())


def test_a_current_that_ends_in_a_region_is_found(run: Watched) -> None:
    """A hundredth of the largest current of the run is missing in the others."""
    mesh, state, flatness = run.simulation.built.mesh, run.simulation.state, run.laws[1]
    off = 1.0 + 0.01 * flatness.peak / abs(run.simulation.current)
    at = np.where(mesh.region[mesh.left] == 0, off, 1.0)
    flatness.accept(ended(run, flow=at[:, None] * state.flow, displacement_rate=at * state.displacement_rate))
    assert any("current differs" in line for line in run.broken())
