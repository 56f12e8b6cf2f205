"""The charge of a film that only its metal reaches follows from the current; a row that breaks that is not taken."""

from pathlib import Path

import numpy as np
import pytest

from case.test_well_posed_films import INJECTING, OHMIC, case_of
from eisfv.case import load
from eisfv.constants import FARADAY
from eisfv.simulation import Simulation, SolverError

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


def test_a_metal_that_ends_the_field_leaves_nothing_to_know(tmp_path: Path) -> None:
    case = load(case_of(tmp_path, INJECTING))
    assert Simulation(case.device, case.solver).films.films == []


def test_a_run_whose_film_is_rounded_off_stops_with_the_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = load(case_of(tmp_path, OHMIC, f"{CURRENT} A"))
    simulation = Simulation(case.device, case.solver)
    monkeypatch.setattr("eisfv.sealed_films.KEPT", 0.0)
    _, step = case.file.protocol or ()
    with pytest.raises(SolverError, match=r"film would hold \S+ C of carriers, and its metal has left it"):
        simulation.run(step)
