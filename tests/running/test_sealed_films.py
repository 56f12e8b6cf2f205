"""The charge of a film that only its metal reaches follows from the current; a row that breaks that is not taken."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from case.test_well_posed_films import HELD, INJECTING, OHMIC, OHMIC_ELECTRON, case_of
from eisfv.case import load
from eisfv.case.emptied_films import DEAD
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.model.solver_options import Method
from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation, SolverError
from eisfv.spent_places import unset
from eisfv.stepping.accepted import Failure

CURRENT, TIME = 1e-16, 1e-3  # A, s: a tenth of what the film holds


def test_the_film_of_a_run_holds_what_its_metal_has_brought(tmp_path: Path) -> None:
    case = load(case_of(tmp_path, OHMIC, f"{CURRENT} A"))
    simulation = Simulation(case.device, case.solver)
    (film,) = simulation.films.films
    before, _ = simulation.films.held(film, simulation.state)
    for step in case.file.protocol or ():
        simulation.run(step)
    after, _ = simulation.films.held(film, simulation.state)
    # It leaves through the channel: electrons enter.
    np.testing.assert_allclose(FARADAY * (after - before), -CURRENT * TIME, rtol=1e-6)


@pytest.mark.parametrize("share, told", [(0.998, 0), (0.98, 1), (1.02, 1)])
def test_a_film_that_has_lost_carriers_to_nothing_is_told(tmp_path: Path, share: float, told: int) -> None:
    case = load(case_of(tmp_path, OHMIC, f"{CURRENT} A"))
    simulation = Simulation(case.device, case.solver)
    (film,), (step, _) = simulation.films.films, case.file.protocol or ()
    accepted = list(simulation.drive(step))[-1]
    stored, base = accepted.end.stored.copy(), accepted.end.ledger.base.copy()
    stored[film.cells] *= share
    base[film.cells] *= share
    end = accepted.end._replace(stored=stored, ledger=accepted.end.ledger._replace(base=base))
    line = simulation.films.lost(accepted._replace(end=end))
    assert line.count("film would hold") == told
    assert line.count("nothing else reaches it") == told


def test_a_film_that_was_empty_before_is_told_as_that(tmp_path: Path) -> None:
    case = load(case_of(tmp_path, OHMIC, f"{CURRENT} A"))
    simulation = Simulation(case.device, case.solver)
    (film,), (step, _) = simulation.films.films, case.file.protocol or ()
    accepted = next(simulation.drive(step))
    simulation.films.begun = [(1e-9 * film.rest, 1e-9 * film.rest)]
    line = simulation.films.lost(accepted._replace(corner=False))
    assert line.startswith("film had lost its carriers before (1e-07 % of those at rest were left)")


@pytest.mark.parametrize("sign, share, spent", [(1.0, 1.01, True), (1.0, 0.99, False), (-1.0, 1e9, False)])
def test_a_current_that_takes_more_than_there_is_in_the_shortest_step_has_no_solution(
    tmp_path: Path, sign: float, share: float, spent: bool
) -> None:
    case = load(case_of(tmp_path, OHMIC))
    simulation = Simulation(case.device, case.solver)
    (film,), state, h = simulation.films.films, simulation.state, 1e-15
    _, whole = simulation.films.held(film, state)
    current = -sign * share * whole / h  # electrons leave a film through the channel where it is negative
    assert simulation.films.spent(Failure(state, h, (0, 0), ""), OpenCircuitStep(1.0), current) is spent


@pytest.mark.parametrize("share, spent", [(0.99, True), (1.01, False)])
def test_open_circuit_has_no_voltage_behind_a_film_that_answers_a_million_times_too_slowly(
    tmp_path: Path, share: float, spent: bool
) -> None:
    case = load(case_of(tmp_path, OHMIC))
    simulation = Simulation(case.device, case.solver)
    answers = 9.0 * VACUUM_PERMITTIVITY / (FARADAY * 1e-4 * HELD)  # eps/sigma, s
    failure = Failure(simulation.state, 1e-15, (0, 0), "")
    lasts = share * answers / DEAD
    assert simulation.films.spent(failure, OpenCircuitStep(lasts), 0.0) is spent
    driven = CurrentStep(lasts, Constant(CURRENT))
    assert not simulation.films.spent(failure, driven, CURRENT / FARADAY)


@pytest.mark.parametrize("share, told", [(0.99, 1), (1.01, 0)])
def test_so_it_has_behind_a_film_that_electrons_reach_from_elsewhere(tmp_path: Path, share: float, told: int) -> None:
    file = case_of(tmp_path, OHMIC)
    joined = file.read_text().replace('kind = "blocking"', 'kind = "ohmic"')
    file.write_text(joined + OHMIC_ELECTRON)
    case = load(file)
    simulation = Simulation(case.device, case.solver)
    assert simulation.films.films == []  # it is not sealed
    answers = 9.0 * VACUUM_PERMITTIVITY / (FARADAY * 1e-4 * HELD)  # eps/sigma, s
    failure, lasts = Failure(simulation.state, 1e-15, (0, 0), ""), share * answers / DEAD
    assert simulation.films.spent(failure, OpenCircuitStep(lasts), 0.0) is bool(told)
    lines = list(unset(simulation.built, simulation.state, lasts))
    assert ["the channel is at no voltage of its own" in line for line in lines] == [True] * told


@pytest.mark.parametrize("channel, lost", [(OHMIC, True), (INJECTING, False)])
def test_a_run_that_fails_behind_a_spent_film_has_been_ended_by_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str, lost: bool
) -> None:
    case = load(case_of(tmp_path, channel))
    simulation = Simulation(case.device, case.solver)
    failure = Failure(simulation.state, 1e-15, (0, 0), "Newton's iteration still moved")
    later = replace(failure, state=failure.state._replace(offset=1e-15))
    ended_by: list[Failure] = []
    monkeypatch.setattr(simulation, "stretches", lambda step, resume: iter(ended_by))
    rest, driven = OpenCircuitStep(1e-15), VoltageStep(1e-15, Constant(1.0))
    for step, last, of_device in ((rest, later, lost), (driven, later, False), (rest, failure, False)):
        ended_by[:] = [last]
        with pytest.raises(SolverError) as ended:
            simulation.run(step)
        assert ended.value.failure.of_device is of_device


def test_a_metal_that_ends_the_field_leaves_nothing_to_know(tmp_path: Path) -> None:
    case = load(case_of(tmp_path, INJECTING))
    assert Simulation(case.device, case.solver).films.films == []


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_a_run_whose_film_is_rounded_off_stops_with_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: Method
) -> None:
    case = load(case_of(tmp_path, OHMIC, f"{CURRENT} A"))
    simulation = Simulation(case.device, replace(case.solver, method=method))
    monkeypatch.setattr("eisfv.sealed_films.KEPT", 0.0)
    _, step = case.file.protocol or ()
    with pytest.raises(SolverError, match=r"film would hold \S+ C of carriers, and its metal has left it") as ended:
        simulation.run(step)
    assert ('solver.method = "bdf"' in str(ended.value)) == (method == "tr_bdf2")
